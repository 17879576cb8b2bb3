/** Who opened this record, newest first: read only once somebody asks. */
import { useDataProvider } from "ra-core";
import { useState } from "react";
import type { RecordType } from "../../schema/definition";
import { FailureNote, Waiting } from "../Failure";
import { t } from "../i18n/t";
import type { DulyProvider, Page, ViewItem } from "../provider";
import { useSession } from "../session";
import { longInstant } from "../words";

export function Views({ type, id }: { type: RecordType; id: string }) {
  const { zone } = useSession();
  const provider = useDataProvider<DulyProvider>();
  const [views, setViews] = useState<Page<ViewItem>>();
  const [failure, setFailure] = useState<unknown>();
  async function read(after?: string) {
    setFailure(undefined);
    try {
      const page = await provider.views(type.name, id, after);
      setViews((before) => ({ ...page, nodes: [...(after && before ? before.nodes : []), ...page.nodes] }));
    } catch (caught) {
      setFailure(caught);
    }
  }
  return (
    <details className="group" onToggle={({ currentTarget }) => void (currentTarget.open && read())}>
      <summary>{t`Who has looked at this`}</summary>
      {views && views.nodes.length === 0 && <p className="empty">{t`Nobody has yet.`}</p>}
      <ul className="rows">
        {views?.nodes.map(({ person, at, opened }) => (
          <li key={`${person?.id} ${at}`} className="row">
            <p>{person?.name ?? t`Somebody who left`}</p>
            <p className="quiet">
              {opened ? longInstant(at, zone) : t`${longInstant(at, zone)}, in a list, a search or a report`}
            </p>
          </li>
        ))}
      </ul>
      {failure !== undefined ? <FailureNote failure={failure} retry={() => void read()} /> : !views && <Waiting />}
      {views?.next && (
        <button
          type="button"
          className="button"
          onClick={() => void read(views.next ?? undefined)}
        >{t`Show earlier`}</button>
      )}
      <p className="quiet">{t`Whoever reads this, here or in a list, a search or a report, is noted: at most once in ten minutes.`}</p>
    </details>
  );
}
