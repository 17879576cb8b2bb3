import { useQueries } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { Link, useSearchParams } from "react-router-dom";
import { FailureNote, Waiting } from "./Failure";
import { useRegisters } from "./Frame";
import { Page } from "./Page";
import type { DulyProvider } from "./provider";
import { StateChip } from "./StateChip";

/** The first hits of every register, and the way to all of them. */
export default function SearchPage() {
  const [params] = useSearchParams();
  const words = params.get("q") ?? "";
  const provider = useDataProvider<DulyProvider>();
  const types = useRegisters().flatMap((group) => group.types);
  const answers = useQueries({
    queries: types.map((type) => ({
      queryKey: ["records", type.name, "search", words],
      queryFn: () => provider.listRecords(type.name, { search: words, first: 10 }),
      enabled: words !== "",
    })),
  });
  const pending = answers.some(({ isLoading }) => isLoading);
  const none = !pending && answers.every(({ data }) => !data || data.nodes.length === 0);
  const failure = answers.find(({ error }) => error)?.error;
  return (
    <Page title={words ? `Search: ${words}` : "Search"}>
      {failure && <FailureNote failure={failure} />}
      {pending && <Waiting>Searching…</Waiting>}
      {none && !failure && (
        <p>
          {words
            ? `Nothing found for “${words}”. Try fewer or other words.`
            : "Type what you are looking for at the top."}
        </p>
      )}
      {types.map((type, at) => {
        const { nodes = [], next = null } = answers[at]?.data ?? {};
        if (nodes.length === 0) return null;
        return (
          <section key={type.name} aria-labelledby={`found-${type.name}`}>
            <h2 id={`found-${type.name}`}>{type.pluralLabel}</h2>
            <ul className="rows">
              {nodes.map((record) => (
                <li key={record.id} className="row">
                  <Link to={`/${type.plural}/${record.id}`} className="row-main">
                    {record.recordTitle}
                  </Link>
                  <StateChip type={type} state={record.state} />
                </li>
              ))}
            </ul>
            {next && (
              <p>
                <Link to={`/${type.plural}?q=${encodeURIComponent(words)}`}>All that match</Link>
              </p>
            )}
          </section>
        );
      })}
    </Page>
  );
}
