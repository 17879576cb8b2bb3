import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { RecordType, View } from "../../schema/definition";
import type { DulyProvider, SavedView } from "../provider";
import { type ListPreference, preferenceName } from "./listState";

export interface ListSetup {
  savedViews: SavedView[];
  preference: ListPreference;
  prefer(part: Partial<ListPreference>): Promise<void>;
  save(input: { id?: string; view: View; shared: boolean }): Promise<SavedView>;
  remove(id: string): Promise<void>;
}

/** The saved views of a list and how the person likes it, and what changes them. */
export function useListSetup(type: RecordType) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const queryKey = ["list setup", type.name];
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async () => {
      const { savedViews, preference } = await provider.listSetup(type.name, preferenceName(type));
      return { savedViews, preference: readPreference(preference) };
    },
    staleTime: 60_000,
  });
  const put = (part: Partial<typeof data>) => client.setQueryData(queryKey, { ...data, ...part });
  const setup: ListSetup | undefined = data && {
    ...data,
    async prefer(part) {
      const preference = { ...data.preference, ...part };
      put({ preference });
      await provider.setPreference(preferenceName(type), preference);
    },
    async save({ id, view, shared }) {
      const saved = await provider.saveView({ type: type.name, view, shared, ...(id !== undefined && { id }) });
      put({
        savedViews: id
          ? data.savedViews.map((each) => (each.id === saved.id ? saved : each))
          : [...data.savedViews, saved],
      });
      return saved;
    },
    async remove(id) {
      await provider.deleteView(id);
      put({ savedViews: data.savedViews.filter((each) => each.id !== id) });
    },
  };
  return { setup, error, retry: () => void refetch() };
}

/** What an older screen, or anybody, kept there is taken as far as it fits. */
function readPreference(kept: unknown): ListPreference {
  if (typeof kept !== "object" || kept === null) return {};
  const { opens, compact, columns } = kept as Record<string, unknown>;
  const texts = (value: unknown): value is string[] =>
    Array.isArray(value) && value.every((each) => typeof each === "string");
  const chosen = Object.entries(typeof columns === "object" && columns !== null ? columns : {}).filter(
    (entry): entry is [string, string[]] => texts(entry[1]),
  );
  return {
    ...(typeof opens === "string" && { opens }),
    ...(typeof compact === "boolean" && { compact }),
    ...(chosen.length > 0 && { columns: Object.fromEntries(chosen) }),
  };
}
