/** Rows of a list hold people and records by their ids: to be read, and to be changed, they come with names. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { Field } from "../../schema/definition";
import type { DulyProvider, LinkRef, ListRow, PersonRef, RecordItem } from "../provider";
import { useSession } from "../session";

type Part = ListRow[string];
type Named = [id: string, PersonRef | LinkRef];

/** Whoever and whatever is not found, or still on its way, is left empty. */
export function useNamedRows(field: Field, rows: ListRow[]): ListRow[] {
  const provider = useDataProvider<DulyProvider>();
  const { types } = useSession();
  const parts = field.kind === "list" ? field.of : {};
  const held = rows.flatMap((row) => Object.entries(row).map(([name, value]) => ({ part: parts[name], value })));
  const idsIn = (wanted: (part: Field) => boolean): string[] => [
    ...new Set(held.flatMap(({ part, value }) => (part && wanted(part) && typeof value === "string" ? value : []))),
  ];
  const people = idsIn(({ kind }) => kind === "person");
  const records = types
    .map(({ name }) => ({ type: name, ids: idsIn((part) => part.kind === "link" && part.to === name) }))
    .filter(({ ids }) => ids.length > 0);
  const { data: found } = useQuery({
    queryKey: ["row names", people, records],
    queryFn: async () => {
      const named = [peopleNamed(provider, people), ...records.map((each) => recordsNamed(provider, each))];
      return new Map((await Promise.all(named)).flat());
    },
    enabled: people.length > 0 || records.length > 0,
  });
  const shown = (name: string, value: Part): Part => {
    const kind = parts[name]?.kind;
    return typeof value === "string" && (kind === "person" || kind === "link") ? (found?.get(value) ?? null) : value;
  };
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shown(name, value)])));
}

async function peopleNamed(provider: DulyProvider, ids: string[]): Promise<Named[]> {
  const people = await Promise.all(ids.map((id) => provider.person(id)));
  return people.flatMap((person): Named[] => (person ? [[person.id, person]] : []));
}

async function recordsNamed(provider: DulyProvider, asked: { type: string; ids: string[] }): Promise<Named[]> {
  const { data } = await provider.getMany<RecordItem>(asked.type, { ids: asked.ids });
  return data.map(({ id, recordTitle, reference }) => [id, { id, recordTitle, reference }]);
}
