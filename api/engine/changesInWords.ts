/** What an import changes, as people read it: "Class: Willow" instead of an id, a code or a hash. */
import { cellWords } from "../../schema/cell";
import type { RecordType } from "../../schema/definition";
import type { FieldValue } from "../../schema/record";
import type { RowChange } from "./importRows";
import { publishedType, type Reader } from "./read/reader";
import { seesEverywhere } from "../store/sight";
import { cellOf, namedIn, pseudoLabels, readInto, stateLabel } from "./report/cells";
import { Names } from "./report/names";

interface WordedChange {
  name: string;
  label: string;
  before: string | null;
  after: string | null;
}
type Worded<V> = Omit<V, "changes"> & { changes: WordedChange[] };

export async function changesInWords<V extends { changes: RowChange[] }>(
  reader: Reader,
  typeName: string,
  verdicts: V[],
): Promise<Worded<V>[]> {
  const { type } = publishedType(reader, typeName);
  const names = new Names(reader, reader.db, "everybody");
  const [people, links] = [new Set<string>(), new Map<string, Set<string>>()];
  for (const { name, before, after } of verdicts.flatMap(({ changes }) => changes)) {
    const field = type.fields[name];
    if (field) for (const value of [before, after]) namedIn(field, value, people, links);
  }
  const linked: Parameters<typeof readInto>[0] = new Map();
  await names.learn(people);
  await readInto(linked, reader, links, () => []);
  const word = (name: string, value: FieldValue): string | null => {
    const field = type.fields[name];
    if (!field) return stateLabel(reader, type, String(value));
    const cell = cellOf(field, value, { reader, names, linked });
    return cell === null ? null : cellWords(cell);
  };
  return verdicts.map((verdict) => ({
    ...verdict,
    changes: verdict.changes.map((change) => ({ ...labelled(type, change), ...inWords(reader, type, change, word) })),
  }));
}

const labelled = (type: RecordType, { name }: RowChange) => ({
  name,
  label: type.fields[name]?.label ?? pseudoLabels[name] ?? name,
});

/** A text is too long to stand here, and what only some may see is not told to who brings the file. */
function inWords(
  reader: Reader,
  type: RecordType,
  { name, before, after }: RowChange,
  word: (name: string, value: FieldValue) => string | null,
): Pick<WordedChange, "before" | "after"> {
  if (type.fields[name]?.kind === "document") return { before: null, after: "A new version of the text" };
  const seen = seesEverywhere(type, name, reader.access);
  return { before: seen ? word(name, before) : null, after: word(name, after) };
}
