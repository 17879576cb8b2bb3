import { Link, useSearchParams } from "react-router-dom";
import { FailureNote, Waiting } from "../Failure";
import { t } from "../i18n/t";
import { Page } from "../Page";
import { StateChip } from "../StateChip";
import { useFound } from "./useFound";

/** The first hits of every register, and the way to all of them. */
export default function SearchPage() {
  const [params] = useSearchParams();
  const words = params.get("q") ?? "";
  const { groups, isFetching, error } = useFound(words, 10);
  return (
    <Page title={words ? t`Search: ${words}` : t`Search`}>
      {error && <FailureNote failure={error} />}
      {!groups && isFetching && <Waiting>{t`Searching…`}</Waiting>}
      {!error && !isFetching && (groups ?? []).length === 0 && (
        <p>
          {words
            ? t`Nothing found for “${words}”. Try fewer or other words.`
            : t`Type what you are looking for at the top.`}
        </p>
      )}
      {groups?.map(({ type, hits, more }) => (
        <section key={type.name} aria-labelledby={`found-${type.name}`}>
          <h2 id={`found-${type.name}`}>{type.pluralLabel}</h2>
          <ul className="rows">
            {hits.map(({ id, recordTitle, reference, state }) => (
              <li key={id} className="row">
                <Link to={`/${type.plural}/${id}`} className="row-main">
                  {recordTitle}
                </Link>
                <span className="quiet">{reference}</span>
                <StateChip type={type} state={state} />
              </li>
            ))}
          </ul>
          {more && (
            <p>
              <Link to={`/${type.plural}?q=${encodeURIComponent(words)}`}>{t`All that match`}</Link>
            </p>
          )}
        </section>
      ))}
    </Page>
  );
}
