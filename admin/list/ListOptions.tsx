/** How the list looks and what it is kept as: its columns, its order, its rows, and the view that holds all that. */
import { type SubmitEvent, useId, useState } from "react";
import type { RecordType } from "../../schema/definition";
import { messageOf } from "../Failure";
import { t } from "../i18n/t";
import { labelOf, useSession } from "../session";
import { type Changes, columnsOf, type ListState, sortable, viewOf } from "./listState";
import type { ListSetup } from "./useListSetup";

interface ListOptionsProps {
  type: RecordType;
  state: ListState;
  setup: ListSetup;
  change: (changes: Changes) => void;
  /** Goes to a view: "view:all", "saved:…". */
  open: (opened: string) => void;
}

export function ListOptions(props: ListOptionsProps) {
  const { type, state, setup, change } = props;
  const id = useId();
  const { compact = false } = setup.preference;
  const setColumns = (columns: string[]) => {
    if (state.saved) return change({ columns });
    const [, name = ""] = state.opened.split(":");
    return void setup.prefer({ columns: { ...setup.preference.columns, [name]: columns } });
  };
  const sortName = state.sort.replace(/^-/, "");
  return (
    <div className="options">
      <Columns type={type} chosen={state.columns} onChange={setColumns} />
      <div>
        <fieldset>
          <legend>{t`Order`}</legend>
          <div className="choice-line">
            <label htmlFor={`${id}-sort`} className="visually-hidden">{t`Sort by`}</label>
            <select
              className="input"
              id={`${id}-sort`}
              value={sortName}
              onChange={({ target }) => change({ sort: target.value })}
            >
              {["recordTitle", ...columnsOf(type)]
                .filter((name) => sortable(type, name))
                .map((name) => (
                  <option key={name} value={name}>
                    {name === "recordTitle" ? type.label : labelOf(type, name)}
                  </option>
                ))}
            </select>
            <button
              type="button"
              className="button"
              onClick={() => change({ sort: state.sort.startsWith("-") ? sortName : `-${sortName}` })}
            >
              {state.sort.startsWith("-") ? t`Z to A, latest first` : t`A to Z, earliest first`}
              <span className="visually-hidden">: {t`turn the order round`}</span>
            </button>
          </div>
        </fieldset>
        <fieldset>
          <legend>{t`Rows`}</legend>
          <div className="choice-line">
            {[false, true].map((tight) => (
              <label key={String(tight)} className="check">
                <input
                  type="radio"
                  name={`${id}-rows`}
                  checked={compact === tight}
                  onChange={() => void setup.prefer({ compact: tight })}
                />
                {tight ? t`Compact` : t`Comfortable`}
              </label>
            ))}
          </div>
        </fieldset>
        <Views {...props} />
      </div>
    </div>
  );
}

function Columns({
  type,
  chosen,
  onChange,
}: {
  type: RecordType;
  chosen: string[];
  onChange: (columns: string[]) => void;
}) {
  const others = columnsOf(type).filter((name) => !chosen.includes(name));
  const move = (at: number, by: number) => {
    const next = [...chosen];
    const [name] = next.splice(at, 1);
    if (name !== undefined) next.splice(at + by, 0, name);
    onChange(next);
  };
  return (
    <fieldset>
      <legend>{t`Columns`}</legend>
      <ol className="column-list">
        {chosen.map((name, at) => (
          <li key={name}>
            <label className="check">
              <input type="checkbox" checked onChange={() => onChange(chosen.filter((each) => each !== name))} />
              {labelOf(type, name)}
            </label>
            <span className="movers">
              <button type="button" disabled={at === 0} onClick={() => move(at, -1)}>
                <span aria-hidden="true">↑</span>
                <span className="visually-hidden">{t`Move ${labelOf(type, name)} up`}</span>
              </button>
              <button type="button" disabled={at === chosen.length - 1} onClick={() => move(at, 1)}>
                <span aria-hidden="true">↓</span>
                <span className="visually-hidden">{t`Move ${labelOf(type, name)} down`}</span>
              </button>
            </span>
          </li>
        ))}
        {others.map((name) => (
          <li key={name}>
            <label className="check">
              <input type="checkbox" checked={false} onChange={() => onChange([...chosen, name])} />
              {labelOf(type, name)}
            </label>
          </li>
        ))}
      </ol>
    </fieldset>
  );
}

/** Saves what stands as a view, for oneself or – as an administrator – for everybody. */
function Views({ state, setup, open }: ListOptionsProps) {
  const { me } = useSession();
  const id = useId();
  const [label, setLabel] = useState("");
  const [shared, setShared] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [asked, setAsked] = useState(false);
  const { saved } = state;
  const opensHere = setup.preference.opens === state.opened;

  async function attempt(work: () => Promise<unknown>) {
    setProblem(undefined);
    try {
      await work();
    } catch (failure) {
      setProblem(messageOf(failure));
    }
  }
  function save(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = label.trim();
    if (!name) return setProblem(t`Give the view a name.`);
    void attempt(async () => {
      const { id: made } = await setup.save({ view: viewOf(state, name), shared });
      setLabel("");
      open(`saved:${made}`);
    });
  }
  return (
    <fieldset>
      <legend>{t`This view`}</legend>
      {problem && (
        <p className="field-problem" role="alert" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      {saved?.mayChange && (
        <p className="choice-line">
          {state.changed && (
            <button
              type="button"
              className="button"
              onClick={() =>
                void attempt(async () => {
                  await setup.save({ id: saved.id, view: viewOf(state, state.label), shared: saved.shared });
                  open(state.opened);
                })
              }
            >{t`Save the changes to “${state.label}”`}</button>
          )}
          {asked ? (
            <>
              <button
                type="button"
                className="button"
                onClick={() =>
                  void attempt(async () => {
                    await setup.remove(saved.id);
                    open("");
                  })
                }
              >
                {saved.shared ? t`Delete it for everybody` : t`Delete it`}
              </button>
              <button type="button" className="link" onClick={() => setAsked(false)}>{t`Keep it`}</button>
            </>
          ) : (
            <button type="button" className="link" onClick={() => setAsked(true)}>{t`Delete “${state.label}”…`}</button>
          )}
        </p>
      )}
      <p>
        {opensHere ? (
          <>
            {t`The list opens with “${state.label}”.`}{" "}
            <button
              type="button"
              className="link"
              onClick={() => void attempt(() => setup.prefer({ opens: "" }))}
            >{t`Open it with the first view again`}</button>
          </>
        ) : (
          <button
            type="button"
            className="link"
            onClick={() => void attempt(() => setup.prefer({ opens: state.opened }))}
          >{t`Always open the list with “${state.label}”`}</button>
        )}
      </p>
      <form onSubmit={save} noValidate>
        <label className="field-label" htmlFor={`${id}-name`}>{t`Save what you see as a new view`}</label>
        <div className="input-with-button">
          <input
            className="input"
            id={`${id}-name`}
            value={label}
            maxLength={60}
            placeholder={t`Name of the view`}
            aria-describedby={problem && `${id}-problem`}
            onChange={({ target }) => setLabel(target.value)}
          />
          <button type="submit" className="button">{t`Save view`}</button>
        </div>
        {me.administers && (
          <label className="check">
            <input type="checkbox" checked={shared} onChange={({ target }) => setShared(target.checked)} />
            {t`For everybody at ${me.organisation.name}`}
          </label>
        )}
      </form>
    </fieldset>
  );
}
