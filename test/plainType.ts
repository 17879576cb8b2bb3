import type { RecordType } from "../schema/definition";

const anyone = [{ anyone: true as const }];

/** A type that everybody may see, make and edit, open until somebody shuts it; `over` says what it is made for. */
export const plainType = (name: string, code: string, over: Partial<RecordType> = {}): RecordType => ({
  name,
  plural: `${name}s`,
  label: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  pluralLabel: `${name.charAt(0).toUpperCase()}${name.slice(1)}s`,
  reference: `${code}-{n}`,
  title: "{{ reference }}",
  entries: { new: "open" },
  fields: { what: { kind: "text", label: "What" } },
  states: { open: { label: "Open" }, shut: { label: "Shut", end: true } },
  actions: { shut: { label: "Shut", from: ["open"], to: "shut", who: anyone } },
  grants: [{ to: anyone, may: ["see", "create", "edit"] }],
  ...over,
});
