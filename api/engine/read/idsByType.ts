/** The records of these, each once, by their type: rows are read type by type. */
export function idsByType(records: Iterable<{ type: string; record: string }>): [type: string, ids: string[]][] {
  const ids = new Map<string, Set<string>>();
  for (const { type, record } of records) ids.set(type, (ids.get(type) ?? new Set()).add(record));
  return [...ids].map(([type, own]) => [type, [...own]]);
}
