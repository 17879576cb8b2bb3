import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type ReactNode, type SubmitEvent, useId, useState } from "react";
import type { Condition, Field, Literal, RecordType } from "../../schema/definition";
import { describeCondition } from "../../schema/describeCondition";
import { parse } from "../../schema/fields";
import { t } from "../i18n/t";
import type { DulyProvider, PersonRef, ShownValue } from "../provider";
import { labelOf, scopeIn, useSession } from "../session";
import { undatedIn } from "../record/FormFields";
import { isBlank, toPlain } from "../record/values";
import { widgetOf } from "../record/widgets";
import { askedFor, type FilterLine, filterable, filterField, waysOf, sentenceOf } from "./filterLines";

interface FiltersProps {
  type: RecordType;
  lines: FilterLine[];
  /** What the view asks beyond the lines; it cannot be taken away here. */
  rest: Condition[];
  search: string;
  onSearch: (text: string) => void;
  onChange: (lines: FilterLine[]) => void;
  /** Buttons that stand beside the search. */
  children?: ReactNode;
}

/** Filters read as sentences: "Owner is Ada Shah", "Next review is before 1 June"; a chip each, to change or take away. */
export function Filters({ type, lines, rest, search, onSearch, onChange, children }: FiltersProps) {
  const session = useSession();
  // The line being edited; `lines.length` is a new one.
  const [editing, setEditing] = useState<number | null>(null);
  function find(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    onSearch(String(new FormData(event.currentTarget).get("q") ?? "").trim());
  }
  const apply = (line: FilterLine) => {
    const at = editing ?? lines.length;
    onChange(at < lines.length ? lines.map((each, index) => (index === at ? line : each)) : [...lines, line]);
    setEditing(null);
  };
  return (
    <>
      <div className="tools list-tools">
        <form role="search" aria-label={type.pluralLabel} onSubmit={find} className="input-with-button">
          <label className="visually-hidden" htmlFor="list-search">{t`Search ${type.pluralLabel}`}</label>
          <input
            className="input"
            id="list-search"
            name="q"
            type="search"
            placeholder={t`Search this list`}
            defaultValue={search}
            key={search}
          />
          <button type="submit" className="button">{t`Search`}</button>
        </form>
        <button
          type="button"
          className="button"
          aria-expanded={editing === lines.length}
          onClick={() => setEditing(editing === lines.length ? null : lines.length)}
        >{t`Add a filter`}</button>
        {children}
      </div>
      {(lines.length > 0 || rest.length > 0) && (
        <ul className="filters" aria-label={t`Filters`}>
          {rest.map((condition) => (
            <li key={JSON.stringify(condition)} className="filter-fixed">
              {sentenceCase(describeCondition(condition, scopeIn(session, type)))}
            </li>
          ))}
          {lines.map((line, at) => (
            <Sentence
              // A line has no identity but its place and what it says.
              key={`${at} ${JSON.stringify(line)}`}
              type={type}
              line={line}
              onEdit={() => setEditing(at)}
              onRemove={() => {
                setEditing(null);
                onChange(lines.filter((_, index) => index !== at));
              }}
            />
          ))}
          {lines.length > 1 && (
            <li>
              <button type="button" className="link" onClick={() => onChange([])}>{t`Clear all filters`}</button>
            </li>
          )}
        </ul>
      )}
      {editing !== null && (
        <Editor key={editing} type={type} line={lines[editing]} onApply={apply} onCancel={() => setEditing(null)} />
      )}
    </>
  );
}

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What a person or record of a filter is called: an address holds only its id. */
function useNamed(field: Field | undefined, value: Literal): string {
  const provider = useDataProvider<DulyProvider>();
  const { me } = useSession();
  const id = String(value);
  const asked = field?.kind === "person" || field?.kind === "link";
  const { data } = useQuery({
    queryKey: ["named", field?.kind, field?.kind === "link" ? field.to : "", id],
    queryFn: async () => {
      if (field?.kind !== "link") return (await provider.person(id))?.name ?? null;
      const { data: found } = await provider.getMany(field.to, { ids: [id] });
      return (found[0] as { recordTitle?: string } | undefined)?.recordTitle ?? null;
    },
    enabled: asked && value !== null && id !== me.person.id,
    staleTime: 60_000,
  });
  if (id === me.person.id) return me.person.name;
  return data === undefined ? "…" : (data ?? (field?.kind === "person" ? t`somebody who has left` : t`another record`));
}

function Sentence({
  type,
  line,
  onEdit,
  onRemove,
}: {
  type: RecordType;
  line: FilterLine;
  onEdit: () => void;
  onRemove: () => void;
}) {
  const { roles } = useSession();
  const found = filterField(type, line.name);
  const way = waysOf(type, line.name).find((each) => each.way === line.way);
  const named = useNamed(found && askedFor(found, way), line.value);
  if (!found || !way) return null;
  const sentence = sentenceOf(type, line, named, roles);
  return (
    <li className="filter">
      <button type="button" onClick={onEdit}>
        {sentence}
        <span className="visually-hidden">: {t`change this filter`}</span>
      </button>
      <button type="button" aria-label={t`Take away the filter ${sentence}`} onClick={onRemove}>
        <svg viewBox="0 0 12 12" aria-hidden="true" focusable="false">
          <path d="M2 2 10 10 M10 2 2 10" />
        </svg>
      </button>
    </li>
  );
}

/** Field, how, what: applied with a button, so that no choice on the way reloads the list. */
function Editor({
  type,
  line,
  onApply,
  onCancel,
}: {
  type: RecordType;
  line: FilterLine | undefined;
  onApply: (line: FilterLine) => void;
  onCancel: () => void;
}) {
  const form = useId();
  const fields = filterable(type);
  const [name, setName] = useState(line?.name ?? fields[0]?.name ?? "state");
  const ways = waysOf(type, name);
  const [chosen, setChosen] = useState(line?.way ?? "");
  const way = ways.find((each) => each.way === chosen) ?? ways[0];
  const found = filterField(type, name);
  const field = found && askedFor(found, way);
  const named = useNamed(line && field, line?.value ?? null);
  const [typed, setTyped] = useState<ShownValue | undefined>(undefined);
  const [problem, setProblem] = useState<string>();
  if (!field || !way) return null;
  const ref = field.kind === "person" || field.kind === "link";
  const before: ShownValue = !line
    ? null
    : ref && line.value !== null
      ? ({ id: String(line.value), name: named, recordTitle: named } as PersonRef)
      : line.value;
  const value = typed === undefined ? before : typed;
  const { Input, group } = widgetOf(field);

  function apply(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!way || !field) return;
    if (way.alone) return onApply({ name, way: way.way, value: null });
    if (isBlank(value)) return setProblem(t`Say what to look for.`);
    const undated = undatedIn(field, value);
    if (undated) return setProblem(undated);
    const plain = toPlain(field, value);
    const parsed = parse(field, plain);
    if ("problem" in parsed) return setProblem(parsed.problem);
    onApply({ name, way: way.way, value: plain as Literal });
  }
  const other = (next: string) => {
    setName(next);
    setChosen("");
    setTyped(null);
    setProblem(undefined);
  };
  return (
    <form
      className="filter-editor"
      aria-label={line ? t`Change the filter` : t`Add a filter`}
      onSubmit={apply}
      noValidate
    >
      <label htmlFor={`${form}-field`}>
        {t`Show those whose`}
        <select
          className="input"
          id={`${form}-field`}
          autoFocus
          value={name}
          onChange={({ target }) => other(target.value)}
        >
          {fields.map((each) => (
            <option key={each.name} value={each.name}>
              {each.label}
            </option>
          ))}
        </select>
      </label>
      <label htmlFor={`${form}-way`}>
        <span className="visually-hidden">{t`How`}</span>
        <select
          className="input"
          id={`${form}-way`}
          value={way.way}
          onChange={({ target }) => {
            // Another way may ask for something else: a date, a number of days.
            if (
              askedFor(
                found,
                ways.find((each) => each.way === target.value),
              ).kind !== field.kind
            )
              setTyped(null);
            setChosen(target.value);
            setProblem(undefined);
          }}
        >
          {ways.map((each) => (
            <option key={each.way} value={each.way}>
              {each.words()}
            </option>
          ))}
        </select>
      </label>
      {!way.alone && (
        <div className="filter-value" role="group" aria-label={labelOf(type, name)}>
          {!group && (
            <label className="visually-hidden" htmlFor={`${form}-value`}>
              {way.days ? t`Number of days` : labelOf(type, name)}
            </label>
          )}
          <Input
            id={`${form}-value`}
            field={field}
            value={value}
            required
            invalid={problem !== undefined}
            {...(problem && { describedBy: `${form}-problem` })}
            onChange={setTyped}
          />
        </div>
      )}
      <button type="submit" className="button button-primary">{t`Show`}</button>
      <button type="button" className="button" onClick={onCancel}>{t`Cancel`}</button>
      {problem && (
        <p className="field-problem" id={`${form}-problem`} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
