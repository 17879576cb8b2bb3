/** Organisations with their calendars: what school time and school days mean there. */
import type { CalendarData, ClosureKind } from "../../schema/calendarData";
import { mailDays, type MailRules } from "../../schema/mailing";
import { inForceEdition } from "./held";
import { instant, marks, type Row, type Sql, textOrNull } from "./database";

export interface Installation {
  /** The database's clock, epoch ms: processes may differ, and what is due is due for all of them. */
  databaseNow: number;
  clockOffsetMs: number;
  definitionEdition: number;
  accessEdition: number;
  /** Of definitions, figures, calendars and roles together. */
  inForce: number;
}

export interface OrganisationFacts {
  id: string;
  parent: string | null;
  name: string;
  goLiveOn: string | null;
  mail: MailRules;
  /** "#0b5c5c", or null for the product's own. */
  colour: string | null;
  calendarEdition: number;
  settingsEdition: number;
  /** The same object as long as the edition stands, so that what was counted on it is kept. */
  calendar: CalendarData;
}

const columns = `o.id, o.parent, o.name, o.zone, o.bank_holidays, o.send_from, o.send_to, o.mail_pace, o.mail_days,
  o.digest_at, o.colour, o.go_live_on, o.calendar_edition, o.settings_edition`;

/** The installation's clock and editions, and one organisation, in one statement. */
export async function organisationFacts(
  sql: Sql,
  organisation: string,
): Promise<{ installation: Installation; organisation: OrganisationFacts | undefined }> {
  const [row] = await sql.query(
    `SELECT CAST(UTC_TIMESTAMP(3) AS CHAR) AS database_now, i.clock_offset_ms, i.definition_edition, i.access_edition,
       ${inForceEdition} AS in_force, ${columns}
     FROM installation i LEFT JOIN organisation o ON o.id = ? WHERE i.id = 1`,
    [organisation],
  );
  if (!row) throw new Error("This database holds no installation yet: run the migrate command first.");
  return {
    installation: {
      databaseNow: Date.parse(instant(String(row["database_now"]))),
      clockOffsetMs: Number(row["clock_offset_ms"]),
      definitionEdition: Number(row["definition_edition"]),
      accessEdition: Number(row["access_edition"]),
      inForce: Number(row["in_force"]),
    },
    organisation: row["id"] === null ? undefined : await withCalendar(sql, row),
  };
}

/** Several organisations, by id. */
export async function organisationsById(sql: Sql, ids: string[]): Promise<Map<string, OrganisationFacts>> {
  if (!ids.length) return new Map();
  const rows = await sql.query(`SELECT ${columns} FROM organisation o WHERE o.id IN (${marks(ids.length)})`, ids);
  const found = new Map<string, OrganisationFacts>();
  for (const row of rows) found.set(String(row["id"]), await withCalendar(sql, row));
  return found;
}

/** Calendars by organisation and edition, of what is committed: an edition never changes, so a copy is never stale. */
const calendars = new Map<string, CalendarData>();

async function withCalendar(sql: Sql, row: Row): Promise<OrganisationFacts> {
  const id = String(row["id"]);
  const edition = Number(row["calendar_edition"]);
  const key = `${id}:${edition}:${String(row["zone"])}:${String(row["bank_holidays"])}`;
  const committed = !sql.wrote?.("term", "closure", "organisation");
  let data = committed ? calendars.get(key) : undefined;
  if (!data) {
    data = await readCalendar(sql, row);
    if (calendars.size > 500) calendars.clear();
    if (committed) calendars.set(key, data);
  }
  return {
    id,
    parent: textOrNull(row["parent"]),
    name: String(row["name"]),
    goLiveOn: textOrNull(row["go_live_on"]),
    mail: {
      pace: row["mail_pace"] === "atOnce" ? "atOnce" : "digest",
      from: String(row["send_from"]),
      to: String(row["send_to"]),
      digestAt: String(row["digest_at"]),
      days: mailDays.find((days) => days === row["mail_days"]) ?? "working",
    },
    colour: textOrNull(row["colour"]),
    calendarEdition: edition,
    settingsEdition: Number(row["settings_edition"]),
    calendar: data,
  };
}

/** A school without terms of its own keeps its trust's calendar, and is closed on its own days as well. */
async function readCalendar(sql: Sql, row: Row): Promise<CalendarData> {
  const ids = [String(row["id"]), ...(row["parent"] === null ? [] : [String(row["parent"])])];
  const [terms, closures] = [
    await sql.query(`SELECT * FROM term WHERE organisation IN (${marks(ids.length)}) ORDER BY from_on`, ids),
    await sql.query(`SELECT * FROM closure WHERE organisation IN (${marks(ids.length)}) ORDER BY from_on`, ids),
  ];
  const owner = ids.find((id) => terms.some((term) => term["organisation"] === id)) ?? ids[0];
  return {
    zone: String(row["zone"]),
    bankHolidays: row["bank_holidays"] === "none" ? "none" : "england-and-wales",
    terms: terms
      .filter((term) => term["organisation"] === owner)
      .map((term) => ({
        name: String(term["name"]),
        from: String(term["from_on"]),
        to: String(term["to_on"]),
      })),
    closures: closures
      .filter(({ organisation }) => organisation === owner || organisation === ids[0])
      .map((closure) => ({
        from: String(closure["from_on"]),
        to: String(closure["to_on"]),
        kind: String(closure["kind"]) as ClosureKind,
        name: String(closure["name"]),
      })),
  };
}

export async function hasSchool(sql: Sql): Promise<boolean> {
  return (await sql.query("SELECT id FROM organisation LIMIT 1")).length > 0;
}

/** Once there is one it stays: every round of a worker asks for it. */
const roots = new WeakMap<Sql, string>();

/** The one organisation with no parent. */
export async function rootOrganisation(sql: Sql): Promise<string> {
  const known = roots.get(sql);
  if (known !== undefined) return known;
  const [row] = await sql.query("SELECT id FROM organisation WHERE parent IS NULL");
  if (!row) throw new Error("This database holds no school yet: open the link that the migrate command printed.");
  const root = String(row["id"]);
  roots.set(sql, root);
  return root;
}

/** An organisation, the one above it and so on. */
export async function withAbove(sql: Sql, organisation: string): Promise<string[]> {
  const rows = await sql.query("SELECT id, parent FROM organisation");
  const found = [organisation];
  for (const id of found) {
    const parent = rows.find((row) => row["id"] === id)?.["parent"];
    if (parent) found.push(String(parent));
  }
  return found;
}

/** An organisation and everything below it: what a trust changes reaches its schools. */
export async function withBelow(sql: Sql, organisation: string): Promise<string[]> {
  const rows = await sql.query("SELECT id, parent FROM organisation");
  const found = [organisation];
  for (const id of found) for (const row of rows) if (row["parent"] === id) found.push(String(row["id"]));
  return found;
}
