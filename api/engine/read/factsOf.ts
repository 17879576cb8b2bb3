/** Records already seen, with the facts their rules read, for what is computed to be shown. */
import type { RecordType } from "../../../schema/definition";
import type { Facts, RecordData } from "../../../schema/record";
import { type FactsSource, loadFacts } from "../../store/facts";
import { loadRecords } from "../../store/records";
import { pinnedType } from "../pinned";
import type { Reader } from "./reader";

export interface Met {
  type: RecordType;
  record: RecordData;
  facts: Facts;
  source: FactsSource;
}

export async function factsOf(reader: Reader, type: string, ids: string[]): Promise<Map<string, Met>> {
  const { db, registry, world, identity, now } = reader;
  const records = await loadRecords(
    db,
    registry,
    ids.map((id) => ({ type, id })),
  );
  const subjects = records.map((record) => ({ type: pinnedType(registry, record), record }));
  const source = { registry, accessEdition: identity.edition, now };
  const facts = await loadFacts(db, { ...source, publicUrl: world.publicUrl, timers: false }, subjects);
  const met = new Map<string, Met>();
  for (const subject of subjects) {
    const own = facts.get(subject.record.id);
    if (own) met.set(subject.record.id, { ...subject, facts: own, source });
  }
  return met;
}
