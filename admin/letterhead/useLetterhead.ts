import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useEffect } from "react";
import type { DulyProvider } from "../provider";
import { type Letterhead, wear, wornNow } from "./letterhead";

export const letterheadKey = ["letterhead"];

/** Of the organisation that somebody acts in. */
export function useLetterhead(): UseQueryResult<Letterhead> {
  const provider = useDataProvider<DulyProvider>();
  const query = useQuery({
    queryKey: letterheadKey,
    queryFn: () => provider.letterhead(),
    initialData: wornNow,
    staleTime: Infinity,
  });
  const { data } = query;
  useEffect(() => {
    if (data) wear(data);
  }, [data]);
  return query;
}
