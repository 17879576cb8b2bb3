/** Somebody who may speak for the school on a channel: authorised, having agreed to its rules, until they leave. */
import { field, recordType, role, setting, system } from "../../definition";
import { leadership, office } from "./circles";

const circle = [role("staff"), role("ptfaMember")];

export default recordType({
  name: "channelManager",
  plural: "channelManagers",
  label: "Channel manager",
  pluralLabel: "Channel managers",
  icon: "people",
  group: "Social media",
  help: "Who is authorised to post, promise and answer for the school, and on which channel.",
  reference: "MAN-{n}",
  title: "{{ manager }} on {{ channel }}",
  entries: { new: "named" },
  because: ["O119", "O120", "O121", "O122", "O123", "SM-4off"],
  fields: {
    channel: { kind: "link", to: "socialChannel", label: "Channel", required: true, because: ["O119"] },
    manager: { kind: "person", label: "Manager", required: true, because: ["O119"] },
    mayDo: { kind: "longText", label: "What they may say and do for the school", required: true, because: ["O121"] },
    authorisedOn: { kind: "date", label: "Authorised on", editable: false, because: ["O121"] },
    removedOn: { kind: "date", label: "Access taken away on", editable: false, because: ["O112", "O121"] },
  },
  states: {
    named: { label: "Named", rag: "amber", help: "Has no access yet." },
    authorised: { label: "Authorised", rag: "green", resting: true, help: "May post for the school." },
    toRemove: { label: "Access to be taken away", rag: "red", help: "They have left, or the channel has closed." },
    removed: { label: "No longer a manager", rag: "grey", end: true, help: "Their access is gone." },
  },
  actions: {
    authorise: {
      label: "Authorise",
      from: ["named"],
      to: "authorised",
      who: leadership,
      separate: ["manager"],
      needs: {
        circle: {
          must: { holds: [field("manager"), circle] },
          refusal: "Channels are run by staff or PTFA members (Social media policy, official use).",
          because: ["O119"],
        },
        open: {
          must: { eq: [field("channel.state"), "open"] },
          refusal: "The channel has not been approved: nobody posts before that (Social media policy, official use).",
          because: ["O108", "O119"],
        },
        rules: {
          must: {
            exists: {
              type: "acknowledgement",
              match: { person: field("manager"), kind: "socialMediaAup", state: "agreed" },
            },
          },
          refusal:
            "They have not agreed to the rules for running the school's social media: ask for that first (Social media policy, official use).",
          because: ["O119", "O120", "O122", "SM-4off"],
        },
      },
      effects: [{ set: { authorisedOn: { today: true } } }],
      because: ["O119", "O121", "SM-4off"],
    },
    left: {
      label: "They have left",
      from: ["named", "authorised"],
      to: "toRemove",
      who: [system],
      because: ["O112", "O121"],
    },
    channelClosed: {
      label: "The channel has closed",
      from: ["named", "authorised"],
      to: "toRemove",
      who: [system],
      because: ["O121"],
    },
    withdraw: {
      label: "Withdraw the authority",
      from: ["named", "authorised"],
      to: "toRemove",
      who: leadership,
      because: ["O121"],
    },
    confirmRemoved: {
      label: "Confirm that access is gone",
      from: ["toRemove"],
      to: "removed",
      who: [...office, ...leadership],
      form: ["how"],
      asks: {
        how: {
          kind: "text",
          label: "What was done",
          required: true,
          maxLength: 190,
          help: "Such as: removed as administrator, password changed.",
        },
      },
      effects: [{ set: { removedOn: { today: true } } }],
      because: ["O112", "O121"],
    },
  },
  tasks: {
    authorise: {
      label: "Authorise {{ manager }} for {{ channel }}",
      opens: "named",
      to: [role("headteacher")],
      due: { after: "10 school days" },
      actions: ["authorise", "withdraw"],
      because: ["O119", "O121"],
    },
    remove: {
      label: "Take away {{ manager }}'s access to {{ channel }}",
      opens: "toRemove",
      to: [role("businessManager")],
      due: { after: setting("removeWithin") },
      tell: { template: "remove", urgent: true },
      actions: ["confirmRemoved"],
      because: ["O112", "O121"],
    },
  },
  triggers: {
    left: {
      when: { not: { holds: [field("manager"), circle] } },
      event: "left",
      while: ["authorised"],
      because: ["O112", "O121", "SM-4off"],
    },
  },
  settings: {
    removeWithin: {
      label: "Access is taken away within",
      kind: "offset",
      value: "1 working day",
      unit: "working day",
      source: "Our own figure",
      date: "2026-11-24",
      because: ["O121"],
    },
  },
  notices: {
    remove: {
      subject: "Take away access: {{ manager }}, {{ channel }}",
      body: "**{{ manager }}** no longer manages **{{ channel }}**. Please take their access away today.\n\n[Record what was done]({{ url }})",
      because: ["O112", "O121"],
    },
  },
  grants: [
    { to: [...leadership, ...office], may: ["see", "create", "edit"], because: ["O121"] },
    { to: [{ field: "manager" }, role("staff"), role("ptfaMember")], may: ["see"], because: ["O121"] },
  ],
  views: {
    authorised: {
      label: "Authorised",
      columns: ["manager", "channel", "authorisedOn"],
      where: { eq: [field("state"), "authorised"] },
      sort: "-authorisedOn",
      because: ["O121"],
    },
    all: { label: "All", columns: ["manager", "channel", "state"], sort: "-createdAt" },
  },
  form: [{ label: "Manager", fields: ["channel", "manager", "mayDo", "authorisedOn", "removedOn"] }],
});
