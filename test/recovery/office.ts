/** What the school of the harness runs: alarms, whose clocks are counted from everything a clock can be counted from. */
import { field, type Pack, type RecordType } from "../../schema/definition";

/**
 * `checkAt` is the hour that the definition itself names ("10:00"); `review` has its hour from a setting. Each notice
 * carries a token that is no other's: the place and the rule.
 */
export const alarm = (checkAt: string): RecordType => ({
  name: "alarm",
  plural: "alarms",
  label: "Alarm",
  pluralLabel: "Alarms",
  reference: "ALA-{n}",
  title: "{{ place }}",
  entries: { new: "set" },
  settings: { hour: { label: "Hour of the review", kind: "time", value: "10:00" } },
  fields: {
    place: { kind: "text", label: "Place", required: true },
    ringsAt: { kind: "dateTime", label: "Rings at" },
    seenOn: { kind: "date", label: "Seen on" },
    remark: { kind: "text", label: "Remark" },
    keeper: { kind: "person", label: "Keeper" },
  },
  states: { set: { label: "Set" }, rung: { label: "Rung" } },
  actions: {
    ring: { label: "Ring", from: ["set"], to: "rung", who: [{ system: true }] },
    silence: { label: "Reset", from: ["rung"], to: "set", who: [{ role: "staff" }] },
    inspect: { label: "Inspect", from: ["set", "rung"], who: [{ role: "staff" }] },
  },
  tasks: { reset: { label: "Reset {{ place }}", to: [field("keeper")], while: ["rung"] } },
  timers: {
    ring: {
      label: "It rings",
      anchor: field("ringsAt"),
      steps: ["PT0M"],
      while: ["set"],
      event: "ring",
      task: "reset",
      notice: { to: [field("keeper")], template: "ring", urgent: true },
    },
    echo: {
      label: "It has not been reset",
      anchor: { state: "rung" },
      steps: ["PT1M"],
      while: ["rung"],
      notice: { to: [field("keeper")], template: "echo" },
    },
    review: {
      label: "Review",
      anchor: field("seenOn"),
      steps: ["1 school day"],
      at: { setting: "hour" },
      while: ["set", "rung"],
      notice: { to: [field("keeper")], template: "review", urgent: true },
    },
    check: {
      label: "Check",
      anchor: field("seenOn"),
      steps: ["1 school day"],
      at: checkAt,
      while: ["set", "rung"],
      notice: { to: [field("keeper")], template: "check" },
    },
  },
  notices: Object.fromEntries(
    ["ring", "echo", "review", "check"].map((rule) => [
      rule,
      { subject: `{{ place }}: ${rule}`, body: `Token {{ place }}x${rule}.` },
    ]),
  ),
  grants: [{ to: [{ role: "staff" }, { role: "head" }], may: ["see", "create", "edit"] }],
});

export const office = (): Pack => ({
  name: "office",
  label: "Office",
  roles: [
    { name: "head", label: "Head", administers: true },
    { name: "staff", label: "Staff" },
  ],
  types: [alarm("10:00")],
});
