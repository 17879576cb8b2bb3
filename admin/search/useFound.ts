import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { DulyProvider } from "../provider";
import { useSession } from "../session";

/** What is found for these words among the registers that this page knows, grouped as they are. */
export function useFound(words: string, first: number) {
  const provider = useDataProvider<DulyProvider>();
  const { types } = useSession();
  const { data, isFetching, error } = useQuery({
    queryKey: ["search", words, first],
    queryFn: () => provider.search(words, first),
    enabled: words !== "",
    placeholderData: keepPreviousData,
  });
  const groups = data?.flatMap(({ type: name, ...found }) => {
    const type = types.find((each) => each.name === name);
    return type ? [{ type, ...found }] : [];
  });
  return { groups: words ? groups : undefined, isFetching, error };
}
