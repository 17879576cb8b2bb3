/** A choir in memory, whose concerts show what a step decides. */
import type { RecordType } from "../../schema/definition";
import { calendarData } from "../../schema/packs/school-policy/demo/calendar";
import type { Actor, Change, Fields, NewText, RecordData, StepEvent } from "../../schema/record";
import { type Member, MemorySchool, textOf } from "./memorySchool";

const member = (id: string, name: string, ...roles: string[]): Member => ({ id: id.padEnd(26, "0"), name, roles });
export const ada = member("ADA", "Ada Reed", "conductor");
export const ben = member("BEN", "Ben Bow", "singer");
export const cy = member("CY", "Cy Horn", "singer");

const singers = [{ role: "singer" }];
const conductor = [{ role: "conductor" }];

export const concert: RecordType = {
  name: "concert",
  plural: "concerts",
  label: "Concert",
  pluralLabel: "Concerts",
  reference: "CON-{n}",
  title: "{{ what }}",
  entries: { new: "planned", imported: "agreed" },
  fields: {
    what: { kind: "text", label: "What" },
    programme: { kind: "document", label: "Programme" },
    soloist: { kind: "person", label: "Soloist" },
    fee: { kind: "text", label: "Fee", sensitive: true },
    poster: { kind: "file", label: "Poster" },
    on: { kind: "date", label: "On" },
    loud: { kind: "yesNo", label: "Loud" },
    rained: { kind: "yesNo", label: "Rained" },
  },
  states: {
    planned: { label: "Planned" },
    agreed: { label: "Agreed" },
    sung: { label: "Sung", end: true },
  },
  rules: {
    soft: {
      refusal: "It may not be loud in the rain.",
      must: { not: { all: [{ eq: [{ field: "loud" }, true] }, { eq: [{ field: "rained" }, true] }] } },
    },
  },
  actions: {
    agree: { label: "Agree", from: ["planned"], to: "agreed", who: conductor, ratifies: "programme" },
    back: { label: "Plan again", from: ["agreed"], to: "planned", who: conductor },
    sing: { label: "Sing", from: ["agreed"], to: "sung", who: [...singers, ...conductor] },
    boost: {
      label: "Boost",
      from: ["planned", "agreed"],
      who: [{ system: true }],
      effects: [{ set: { loud: true } }],
    },
  },
  tasks: {
    agree: { label: "Agree {{ what }}", opens: "planned", to: conductor, actions: ["agree"] },
    read: { label: "Read it", opens: "planned", to: singers, quorum: "all", tell: { template: "read" } },
    solo: { label: "Sing the solo", opens: "agreed", to: [{ field: "soloist" }], due: { field: "on" } },
  },
  timers: {
    soon: {
      label: "Soon",
      anchor: { field: "on" },
      steps: ["-P7D"],
      while: ["planned", "agreed"],
      notice: { to: singers, template: "soon" },
    },
  },
  notices: {
    read: { subject: "Read {{ what }}", body: "Please." },
    soon: { subject: "{{ what }} is near", body: "See you." },
  },
  grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
};

export const as = ({ id, name }: Member): Actor => ({ kind: "person", id, name });

export class Choir extends MemorySchool {
  /** What was decided, in order. */
  readonly changes: Change[] = [];

  constructor(readonly type: RecordType = concert) {
    const roles = ["conductor", "singer"].map((name) => ({ name, label: name }));
    const pack = { name: "choir", label: "Choir", roles, types: [type] };
    super(pack, [ada, ben, cy], calendarData, Date.parse("2026-11-23T09:00:00Z"));
  }

  protected override keep(change: Change): void {
    this.changes.push(change);
    super.keep(change);
  }

  get last(): Change {
    const change = this.changes.at(-1);
    if (!change) throw new Error("Nothing was decided.");
    return change;
  }

  plans(values: Fields = {}, texts: Record<string, NewText> = {}): RecordData {
    return this.create(this.type.name, { what: "Carols", ...values }, as(ada), texts);
  }

  edits(record: RecordData, values: Fields, text?: string): RecordData {
    const texts: Record<string, NewText> = text === undefined ? {} : { programme: textOf(text) };
    return this.happens(record, { kind: "update", values, texts }, ada);
  }

  does(record: RecordData, name: string, by: Member = ada, more: { textHash?: string } = {}): RecordData {
    return this.happens(record, { kind: "action", name, answers: {}, texts: {}, ...more }, by);
  }

  happens({ id }: RecordData, event: StepEvent, by: Member): RecordData {
    return this.apply(this.type, this.records.get(id), event, as(by));
  }

  open({ id }: RecordData): string[] {
    return (this.tasks.get(id) ?? []).filter(({ state }) => state === "open").map(({ rule }) => rule);
  }
}
