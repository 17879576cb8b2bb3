import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import type { RecordType } from "../../schema/definition";
import type { DulyProvider } from "../provider";
import { readAnew } from "../refresh";

/** A record with all its page shows. `changed` is called after a write: anything else shown may have changed with it. */
export function useRecord(type: RecordType, id: string) {
  const provider = useDataProvider<DulyProvider>();
  const client = useQueryClient();
  const query = useQuery({ queryKey: ["record", type.name, id], queryFn: () => provider.readRecord(type.name, id) });
  return { ...query, changed: () => readAnew(client) };
}
