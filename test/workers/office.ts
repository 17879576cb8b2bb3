/** A small office with one record type of its own, for what workers do: licences that run out. */
import { loadConfig } from "../../api/config";
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { fireDue } from "../../api/engine/fireDue";
import { publishPack } from "../../api/engine/upgradePack";
import { run, systemIdentity } from "../../api/engine/run";
import { newId, openWorld, type World } from "../../api/engine/world";
import { ensureInstallation } from "../../api/setUp";
import type { Row, SqlValue } from "../../api/store/database";
import { field, type Pack, recordType, role } from "../../schema/definition";
import { newDatabase } from "../database";

const licence = recordType({
  name: "licence",
  plural: "licences",
  label: "Licence",
  pluralLabel: "Licences",
  reference: "LIC-{year}-{n}",
  title: "{{ title }}",
  entries: { new: "held" },
  fields: {
    title: { kind: "text", label: "Title", required: true },
    keeper: { kind: "person", label: "Keeper", required: true },
    deputy: { kind: "person", label: "Deputy" },
    contested: { kind: "person", label: "Contested by" },
    endsOn: { kind: "date", label: "Ends on" },
  },
  states: { held: { label: "Held" }, renewed: { label: "Renewed" }, ended: { label: "Ended", end: true } },
  actions: {
    renew: { label: "Renew", from: ["held"], to: "renewed", who: [{ anyone: true }] },
    lend: {
      label: "Lend",
      from: ["held"],
      who: [{ anyone: true }],
      effects: [{ notice: { to: [field("keeper")], template: "lent" } }],
    },
    lose: {
      label: "Report as lost",
      from: ["held"],
      who: [{ anyone: true }],
      effects: [{ notice: { to: [field("keeper")], template: "lost", urgent: true } }],
    },
    mention: {
      label: "Mention",
      from: ["held"],
      who: [{ anyone: true }],
      effects: [{ notice: { to: [field("keeper")], template: "mentioned" } }],
    },
    end: { label: "End", from: ["held", "renewed"], to: "ended", who: [{ anyone: true }] },
  },
  tasks: { renewIt: { label: "Renew {{ title }}", to: [field("keeper")], while: ["held", "renewed"] } },
  timers: {
    remind: {
      label: "Reminder",
      anchor: field("endsOn"),
      steps: ["-P30D"],
      while: ["held"],
      task: "renewIt",
      notice: { to: [field("keeper"), field("deputy")], template: "endsSoon" },
    },
  },
  notices: {
    lent: { subject: "Lent: {{ title }}", body: "**{{ title }}** was lent.\n\n[See to whom]({{ url }})" },
    lost: { subject: "Lost: {{ title }}", body: "**{{ title }}** is lost. Please look for it now." },
    mentioned: { subject: "Mentioned: {{ title }}", body: "Somebody mentioned **{{ title }}**.", optional: true },
    endsSoon: {
      subject: "Ends by {{ endsOn | date }}: {{ title }}",
      body: "The licence **{{ title }}** ends.\n\n[Open the licence]({{ url }})",
      calendar: { field: "endsOn", summary: "{{ title }} ends" },
    },
  },
  bars: ["contested"],
  grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
});

/** Somebody's address that refuses mail: the secretary asks for another. */
const wrongAddress = recordType({
  name: "wrongAddress",
  plural: "wrongAddresses",
  label: "Wrong address",
  pluralLabel: "Wrong addresses",
  reference: "WRO-{year}-{n}",
  title: "{{ whose }}",
  entries: { new: "wrong" },
  fields: {
    whose: { kind: "person", label: "Whose" },
    address: { kind: "text", label: "Address" },
    said: { kind: "text", label: "What the other side said", maxLength: 500 },
  },
  states: { wrong: { label: "Wrong" }, right: { label: "Right", end: true } },
  actions: {
    confirm: { label: "It is right", from: ["wrong"], to: "right", who: [role("secretary")] },
    moved: { label: "They have another", from: ["wrong"], to: "right", who: [{ system: true }] },
  },
  tasks: {
    ask: { label: "Ask {{ whose }}", opens: "wrong", to: [role("secretary")], actions: ["confirm", "moved"] },
  },
  bounces: { person: "whose", address: "address", reason: "said", changed: "moved" },
  grants: [{ to: [role("secretary")], may: ["see"] }],
});

/** What failed in the background. */
const trouble = recordType({
  name: "trouble",
  plural: "troubles",
  label: "Trouble",
  pluralLabel: "Troubles",
  reference: "TRO-{year}-{n}",
  title: "{{ what }}",
  entries: { new: "open" },
  fields: { what: { kind: "text", label: "What", maxLength: 191 } },
  states: { open: { label: "Open" }, over: { label: "Over", end: true } },
  actions: {
    leave: { label: "Leave it", from: ["open"], to: "over", who: [role("secretary")] },
    settled: { label: "All settled", from: ["open"], to: "over", who: [{ system: true }] },
  },
  tasks: { look: { label: "Look: {{ what }}", opens: "open", to: [role("secretary")], actions: ["leave", "settled"] } },
  faults: { what: "what", settled: "settled" },
  grants: [{ to: [role("secretary")], may: ["see"] }],
});

const pack: Pack = {
  name: "office",
  label: "Office",
  roles: [{ name: "secretary", label: "Secretary", administers: true }],
  types: [licence, wrongAddress, trouble],
};

export interface Office {
  world: World;
  organisation: string;
  person(name: string, email: string | null): Promise<string>;
  /** A licence that ends on this day, and whom it names. Returns its id. */
  licence(title: string, endsOn: string, people: { keeper: string; deputy?: string }): Promise<string>;
  /** Does an action of a licence as the office itself, at this school time. */
  act(id: string, action: string, at: string): Promise<void>;
  /** Fires what is due at this school time. */
  fire(at: string): Promise<number>;
  query(sql: string, params?: SqlValue[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** The office opens its books on 1 March 2027. */
export const opening = "2027-03-01T09:00:00.000Z";

export async function newOffice(environment: Record<string, string> = {}): Promise<Office> {
  const { url, db, keyFile, drop } = await newDatabase();
  await ensureInstallation(db, environment["DULY_DEMO"] === "1");
  const organisation = newId();
  await db.execute(
    "INSERT INTO organisation (id, name, kind, zone, go_live_on) VALUES (?, 'Elm Office', 'school', 'Europe/London', '2027-01-01')",
    [organisation],
  );
  const world = await openWorld(
    loadConfig({
      DATABASE_URL: url,
      REDIS_URL: process.env["TEST_REDIS_URL"],
      PORT: "0",
      PUBLIC_URL: "https://duly.elm.example",
      MAIL_FROM: "Elm Office <office@elm.example>",
      DULY_KEY_FILE: keyFile,
      LOG_LEVEL: "silent",
      ...environment,
    }),
    10,
  );
  const system = systemIdentity(organisation);
  await publishPack(world, system, pack);
  return {
    world,
    organisation,
    async person(name, email) {
      const id = newId();
      await db.execute("INSERT INTO person (id, organisation, name, name_folded, email) VALUES (?, ?, ?, ?, ?)", [
        id,
        organisation,
        name,
        name.toLowerCase(),
        email,
      ]);
      return id;
    },
    async licence(title, endsOn, people) {
      const input = { type: "licence", input: { title, endsOn, ...people } };
      return (await run(world, system, (current) => createRecord(current, input), Date.parse(opening))).id;
    },
    async act(id, action, at) {
      await run(world, system, (current) => act(current, { type: "licence", id, action }), Date.parse(at));
    },
    fire: (at) => fireDue(world, undefined, Date.parse(at)),
    query: (sql, params = []) => db.query(sql, params),
    async close() {
      await world.close();
      await drop();
    },
  };
}

/** How the office mails, as it stands at first. */
export const mailRules = {
  pace: "digest",
  from: "07:30",
  to: "18:00",
  digestAt: "08:00",
  days: "working",
};
