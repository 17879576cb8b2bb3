/** A text put before an audience: everybody in it agrees, declines or asks, on the exact version in force. */
import { field, recordType, role, setting, system } from "../../definition";
import { agreementKinds, round } from "./agreementKinds";
import { governors, leadership, office } from "./circles";

const keepers = [...office, role("headteacher"), role("dsl"), role("clerk")];

export default recordType({
  name: "agreementCampaign",
  plural: "agreementCampaigns",
  label: "Agreement",
  pluralLabel: "Agreements asked for",
  icon: "agreement",
  group: "Agreements",
  help: "Which text is put before whom. New starters, returners and regular visitors are asked by themselves; a new version asks everybody again.",
  reference: "AGR-{year}-{n}",
  title: "{{ title }}",
  entries: { new: "draft" },
  because: ["O29", "O30", "O69", "O76", "O119", "M4", "M7", "M8", "SM-4off", "SM6"],
  fields: {
    title: { kind: "text", nameless: true, label: "Title", required: true, maxLength: 160, because: ["O29"] },
    kind: {
      kind: "choice",
      label: "What it is",
      required: true,
      index: true,
      options: agreementKinds,
      because: ["O29", "O30", "O119", "M4", "SM-4off"],
    },
    policy: {
      kind: "link",
      to: "policy",
      label: "Text",
      required: true,
      help: "People agree to the version of it that is in force.",
      because: ["O29", "M4"],
    },
    statement: {
      kind: "longText",
      label: "What agreeing means",
      required: true,
      help: "A sentence or two that stands above the button.",
      because: ["O19", "O29", "M3"],
    },
    audience: {
      kind: "roles",
      label: "Everybody who is",
      help: "Whoever takes up one of these roles later is asked then.",
      because: ["O15", "O69", "O93", "M7", "SM3"],
    },
    people: {
      kind: "people",
      label: "And these people",
      help: "People without an account get a link, or sign on paper.",
      because: ["O51", "O69", "M7"],
    },
    round,
    startedOn: { kind: "date", label: "First asked on", editable: false, because: ["O29"] },
  },
  states: {
    draft: { label: "Being prepared", rag: "grey", resting: true, help: "Nobody has been asked yet." },
    running: {
      label: "Running",
      rag: "green",
      help: "Everybody in the audience is asked, and reminded until they answer.",
    },
    closed: {
      label: "Closed",
      rag: "grey",
      end: true,
      help: "Nobody is asked any more; what was agreed stays on record.",
    },
  },
  actions: {
    start: {
      label: "Ask everybody",
      from: ["draft"],
      to: "running",
      who: keepers,
      needs: {
        inForce: {
          must: { not: { empty: field("policy.text.inForce") } },
          refusal:
            "No version of this text is in force yet: have it ratified first, so that people agree to exact words.",
          because: ["O6", "O29"],
        },
        somebody: {
          must: { any: [{ not: { empty: field("audience") } }, { not: { empty: field("people") } }] },
          refusal: "Nobody would be asked: choose roles, or name people.",
          because: ["O29"],
        },
      },
      effects: [{ set: { round: field("policy.text.inForce"), startedOn: { today: true } } }],
      because: ["O29", "O30", "M4"],
    },
    newVersion: {
      label: "The text has a new version",
      from: ["running"],
      who: [system],
      effects: [{ set: { round: field("policy.text.inForce") } }],
      because: ["O29", "O69", "M4"],
    },
    renew: {
      label: "Ask everybody again",
      from: ["running"],
      who: [system],
      effects: [{ set: { round: { today: true } } }],
      because: ["O69", "M7"],
    },
    close: { label: "Close", from: ["draft", "running"], to: "closed", who: keepers, because: ["O29"] },
  },
  timers: {
    renew: {
      label: "Agreements are refreshed",
      anchor: { state: "running" },
      steps: [setting("renewEvery")],
      repeat: setting("renewEvery"),
      at: "08:00",
      roll: "nextOpenDay",
      open: "school",
      while: ["running"],
      late: "collapse",
      event: "renew",
      because: ["O69", "M7"],
    },
  },
  rosters: {
    people: {
      label: "Everybody in the audience is asked",
      of: [{ rolesIn: "audience" }, field("people")],
      except: [{ group: "away" }],
      type: "acknowledgement",
      link: "campaign",
      person: "person",
      per: { value: field("round"), field: "round" },
      fields: {
        kind: field("kind"),
        wording: field("policy.text.inForce"),
        policy: field("policy"),
        statement: field("statement"),
      },
      while: ["running"],
      left: "supersede",
      because: ["O29", "O30", "O69", "O93", "O119", "M4", "M7", "SM3", "SM-4off"],
    },
  },
  settings: {
    renewEvery: {
      label: "Agreements are refreshed every",
      kind: "offset",
      value: "1 academic year",
      unit: "academic year",
      source:
        "Our own figure: the policies ask that regular visitors know the rules, and leave how often to the school",
      date: "2026-11-24",
      because: ["O69"],
    },
  },
  grants: [
    { to: keepers, may: ["see", "create", "edit"], because: ["O29"] },
    { to: [...leadership, ...governors, role("staff")], may: ["see"], because: ["O76"] },
  ],
  views: {
    running: {
      label: "Running",
      columns: ["title", "kind", "startedOn"],
      where: { eq: [field("state"), "running"] },
      sort: "title",
      because: ["O76"],
    },
    all: { label: "All", columns: ["title", "kind", "state", "startedOn"], sort: "-createdAt" },
  },
  form: [
    { label: "Text", fields: ["title", "kind", "policy", "statement"] },
    { label: "Audience", fields: ["audience", "people"] },
    { label: "Rounds", fields: ["round", "startedOn"] },
  ],
});
