/** A post for an official channel: read and agreed by somebody else, with consent for each child in it, before it goes out. */
import { field, recordType, role, setting } from "../../definition";
import { leadership } from "./circles";
import { itsIncident } from "./incidentLink";

export default recordType({
  name: "socialPost",
  plural: "socialPosts",
  label: "Post",
  pluralLabel: "Posts",
  icon: "document",
  group: "Social media",
  help: "Write it here, let a colleague read it, then post it.",
  reference: "POST-{year}-{n}",
  title: "{{ subject }}",
  entries: { new: "draft" },
  because: ["O114", "O116", "O121", "SM-4off"],
  fields: {
    channel: { kind: "link", to: "socialChannel", label: "Channel", required: true, because: ["O114"] },
    subject: { kind: "text", label: "Subject", required: true, maxLength: 160, because: ["O114"] },
    wording: {
      kind: "longText",
      label: "Wording",
      required: true,
      editable: { eq: [field("state"), "draft"] },
      because: ["O114"],
    },
    author: {
      kind: "person",
      label: "Author",
      default: { actor: true },
      editable: false,
      because: ["O114"],
    },
    pupils: {
      kind: "links",
      to: "pupil",
      label: "Pupils shown or named",
      editable: { eq: [field("state"), "draft"] },
      because: ["O116"],
    },
    reader: { kind: "person", label: "Read and agreed by", editable: false, because: ["O114"] },
    skippedReason: { kind: "longText", label: "Why nobody read it first", editable: false, because: ["O114"] },
    postedOn: { kind: "date", label: "Posted on", editable: false, because: ["O114"] },
    incident: { ...itsIncident(["O90", "O123", "SM-4off"]), editable: false },
  },
  states: {
    draft: { label: "Being written", rag: "grey", help: "Not to be posted yet." },
    toRead: { label: "To be read", rag: "amber", help: "A colleague reads it." },
    agreed: { label: "Agreed", rag: "blue", help: "It may be posted." },
    posted: { label: "Posted", rag: "green", end: true, help: "It is out." },
    dropped: { label: "Dropped", rag: "grey", end: true, help: "It will not be posted." },
  },
  actions: {
    submit: {
      label: "Ask a colleague to read it",
      from: ["draft"],
      to: "toRead",
      who: [field("author")],
      because: ["O114"],
    },
    agree: {
      label: "I have read it and agree",
      from: ["toRead"],
      to: "agreed",
      who: [role("staff"), role("ptfaMember"), ...leadership],
      separate: ["author"],
      needs: {
        consent: {
          must: { every: { via: "pupils", satisfies: { eq: [field("imageConsent"), "given"] } } },
          refusal:
            "Written consent is missing for a pupil in it: take them out, or hold it until a parent has signed (Social media policy, official use).",
          because: ["O116", "SM-4off"],
        },
      },
      effects: [{ set: { reader: { actor: true } } }],
      because: ["O114", "O116", "SM-4off"],
    },
    sendBack: {
      label: "Send back",
      from: ["toRead", "agreed"],
      to: "draft",
      who: [role("staff"), role("ptfaMember"), ...leadership],
      form: ["what"],
      asks: { what: { kind: "longText", label: "What should change", required: true } },
      because: ["O114"],
    },
    post: {
      label: "Record that it is posted",
      from: ["agreed"],
      to: "posted",
      who: [field("author"), field("reader")],
      when: {
        exists: {
          type: "channelManager",
          match: { manager: { actor: true }, channel: field("channel"), state: "authorised" },
        },
      },
      refusal: "Only somebody authorised for this channel posts on it (Social media policy, official use).",
      effects: [{ set: { postedOn: { today: true } } }],
      because: ["O114", "O121", "SM-4off"],
    },
    connect: {
      label: "Connect with an incident",
      help: "Somebody complained about it, or answered it badly, and that is looked into.",
      from: ["agreed", "posted"],
      who: leadership,
      form: ["incident"],
      required: ["incident"],
      because: ["O90", "O123", "SM-4off"],
    },
    postUnread: {
      label: "Post without a second reader",
      help: "Only where nobody could read it in time, such as a closure in the early morning.",
      from: ["draft", "toRead"],
      to: "posted",
      who: [field("author")],
      form: ["skippedReason"],
      required: ["skippedReason"],
      needs: {
        authorised: {
          must: {
            exists: {
              type: "channelManager",
              match: { manager: { actor: true }, channel: field("channel"), state: "authorised" },
            },
          },
          refusal: "Only somebody authorised for this channel posts on it (Social media policy, official use).",
          because: ["O121"],
        },
        noPupils: {
          must: { empty: field("pupils") },
          refusal:
            "A post with pupils in it is always read by somebody else first (Social media policy, official use).",
          because: ["O114", "O116"],
        },
      },
      effects: [{ set: { postedOn: { today: true } } }, { notice: { to: [role("headteacher")], template: "unread" } }],
      because: ["O114"],
    },
    drop: {
      label: "Drop",
      from: ["draft", "toRead", "agreed"],
      to: "dropped",
      who: [field("author"), ...leadership],
      because: ["O114"],
    },
  },
  tasks: {
    write: {
      label: "Finish the post “{{ subject }}”",
      opens: "draft",
      to: [field("author")],
      due: { after: "P14D" },
      actions: ["submit", "postUnread", "drop"],
      because: ["O114"],
    },
    read: {
      label: "Read the post “{{ subject }}”",
      opens: "toRead",
      to: [role("seniorLeader"), role("officeStaff")],
      due: { after: setting("readWithin") },
      actions: ["agree", "sendBack", "postUnread", "drop"],
      because: ["O114", "SM-4off"],
    },
    post: {
      label: "Post “{{ subject }}”",
      opens: "agreed",
      to: [field("author")],
      due: { after: "P3D" },
      actions: ["post", "sendBack", "drop"],
      because: ["O114"],
    },
  },
  settings: {
    readWithin: {
      label: "A post is read within",
      kind: "offset",
      value: "1 school day",
      unit: "school day",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O114"],
    },
  },
  notices: {
    unread: {
      subject: "Posted without a second reader: {{ subject }}",
      body: "“{{ subject }}” was posted without anybody reading it first. Why: {{ skippedReason }}\n\n[Read it]({{ url }})",
      because: ["O114"],
    },
  },
  conflicts: [],
  grants: [
    { to: [role("staff"), role("ptfaMember")], may: ["see", "create"], because: ["O114"] },
    { to: [{ field: "author" }], may: ["edit"], because: ["O114"] },
    { to: leadership, may: ["see"], because: ["O114"] },
  ],
  views: {
    toRead: {
      label: "To be read",
      columns: ["subject", "channel", "author", "createdAt"],
      where: { eq: [field("state"), "toRead"] },
      sort: "createdAt",
    },
    posted: {
      label: "Posted",
      columns: ["subject", "channel", "author", "reader", "postedOn"],
      where: { eq: [field("state"), "posted"] },
      sort: "-postedOn",
    },
    unread: {
      label: "Posted unread",
      columns: ["subject", "author", "skippedReason", "postedOn"],
      where: { not: { empty: field("skippedReason") } },
      sort: "-postedOn",
      because: ["O114"],
    },
  },
  form: [
    { label: "Post", fields: ["channel", "subject", "wording", "pupils", "author"] },
    { label: "Reading", fields: ["reader", "skippedReason", "postedOn", "incident"] },
  ],
});
