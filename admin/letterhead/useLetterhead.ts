import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useEffect } from "react";
import type { DulyProvider } from "../provider";
import { type Letterhead, wear } from "./letterhead";

export const letterheadKey = ["letterhead"];

/** Of the organisation that somebody acts in. */
export function useLetterhead(): Letterhead | undefined {
  const provider = useDataProvider<DulyProvider>();
  const { data } = useQuery({ queryKey: letterheadKey, queryFn: () => provider.letterhead(), staleTime: Infinity });
  useEffect(() => {
    if (data) wear(data);
  }, [data]);
  return data;
}
