/** What grants and bars allow the acting person, asked of records in memory: the answer that reads get from SQL. */
import { inheritedBy } from "../../schema/fields";
import { asksTasks, isGranted, type Judged } from "../../schema/access";
import { calendar } from "../../schema/calendar";
import type { Permission } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import type { RecordData } from "../../schema/record";
import { personOf } from "../../schema/who";
import type { Sql } from "../store/database";
import { settingsOf } from "../store/facts";
import { loadRecords } from "../store/records";
import { tasksHeldOn } from "../store/workQuery";
import { activeType } from "./pinned";
import type { Run } from "./run";

/** What of a run is needed: outside a transaction, `tx` is the pool. */
export type Asker = Pick<Run, "identity" | "registry" | "organisation" | "today" | "actor"> & { tx: Sql };

export async function may(asker: Asker, record: RecordData, permission: Permission): Promise<boolean> {
  const { access } = asker.identity;
  return access.system === true || isGranted(await judged(asker, record), permission, access.organisations);
}

export const maySee = (asker: Asker, record: RecordData): Promise<boolean> => may(asker, record, "see");

/** @throws FORBIDDEN where the person sees the record but may not change it. */
export async function mustEdit(asker: Asker, record: RecordData): Promise<void> {
  if (!(await may(asker, record, "edit")))
    throw new Failure("FORBIDDEN", "You may read this record but not change it.");
}

/** The record with those that its confidentiality comes from; the checker has seen to it that they have an end. */
async function judged(asker: Asker, record: RecordData): Promise<Judged> {
  const { type } = activeType(asker.registry, record.type).active;
  const settings = await settingsOf(asker.tx, asker.organisation, type, asker.today);
  const cal = calendar(asker.organisation.calendar);
  const scope = { type, today: asker.today, actor: personOf(asker.actor), settings, calendar: cal };
  const tasks = asksTasks(type) && scope.actor ? await tasksHeldOn(asker.tx, record.id, scope.actor) : [];
  const own = { type, record, scope, tasks };
  const name = inheritedBy(type) ?? "";
  const [link, id] = [type.fields[name], record.fields[name]];
  if (link?.kind !== "link" || typeof id !== "string") return own;
  const [from] = await loadRecords(asker.tx, asker.registry, [{ type: link.to, id }]);
  return from ? { ...own, from: await judged(asker, from) } : own;
}
