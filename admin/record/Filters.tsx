import { type SubmitEvent, useState } from "react";
import type { Field, Literal, RecordType } from "../../schema/definition";
import type { PersonRef, ShownValue } from "../provider";
import { labelOf } from "../session";
import { type FilterLine, filterable, filterField, waysOf } from "./listState";
import { toPlain } from "./values";
import { widgetOf } from "./widgets";

/** Filters read as sentences: "Owner is Ada Shah", "Next review is before 1 June". */
export function Filters({
  type,
  lines,
  search,
  onSearch,
  onChange,
}: {
  type: RecordType;
  lines: FilterLine[];
  search: string;
  onSearch: (text: string) => void;
  onChange: (lines: FilterLine[]) => void;
}) {
  const replace = (at: number, line: FilterLine) => onChange(lines.map((each, index) => (index === at ? line : each)));
  function find(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    onSearch(String(new FormData(event.currentTarget).get("q") ?? "").trim());
  }
  return (
    <>
      <div className="tools">
        <form role="search" aria-label={type.pluralLabel} onSubmit={find} className="input-with-button">
          <label className="visually-hidden" htmlFor="list-search">
            Search {type.pluralLabel}
          </label>
          <input
            className="input"
            id="list-search"
            name="q"
            type="search"
            placeholder="Search this list"
            defaultValue={search}
            key={search}
          />
          <button type="submit" className="button">
            Search
          </button>
        </form>
        <label className="visually-hidden" htmlFor="add-filter">
          Add a filter
        </label>
        <select
          className="input"
          id="add-filter"
          value=""
          onChange={({ target }) => {
            const way = waysOf(type, target.value)[0]?.way;
            if (way) onChange([...lines, { name: target.value, way, value: null }]);
          }}
        >
          <option value="">Add a filter…</option>
          {filterable(type).map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {lines.length > 0 && (
        <ul className="filters">
          {lines.map((line, at) => (
            <FilterRow
              // A line has no identity but its place and field.
              key={`${at} ${line.name}`}
              id={`filter-${at}`}
              type={type}
              line={line}
              onChange={(next) => replace(at, next)}
              onRemove={() => onChange(lines.filter((_, index) => index !== at))}
            />
          ))}
        </ul>
      )}
    </>
  );
}

/** What is asked for, as a single value: one of a list, a whole day. */
const single = (field: Field): Field => {
  const { label } = field;
  if (field.kind === "choices") return { kind: "choice", label, options: field.options };
  if (field.kind === "people") return { kind: "person", label };
  if (field.kind === "links") return { kind: "link", label, to: field.to };
  if (field.kind === "date" || field.kind === "dateTime") return { kind: "date", label };
  if (field.kind === "longText") return { kind: "text", label };
  return field;
};

function FilterRow({
  id,
  type,
  line,
  onChange,
  onRemove,
}: {
  id: string;
  type: RecordType;
  line: FilterLine;
  onChange: (line: FilterLine) => void;
  onRemove: () => void;
}) {
  const found = filterField(type, line.name);
  // A person's or record's name is known only while it is being chosen; from an address it comes without.
  const [shown, setShown] = useState<ShownValue>(line.value);
  if (!found) return null;
  const field = single(found);
  const label = labelOf(type, line.name);
  const ways = waysOf(type, line.name);
  const { Input } = widgetOf(field);
  const named = field.kind === "person" || field.kind === "link";
  const value =
    named && typeof shown === "string"
      ? ({ id: shown, name: "Chosen before", recordTitle: "Chosen before" } as PersonRef)
      : shown;
  return (
    <li>
      <span>{label}</span>
      {ways.length > 1 ? (
        <select
          className="input"
          aria-label={`${label}: how`}
          value={line.way}
          onChange={({ target }) => onChange({ ...line, way: target.value })}
        >
          {ways.map(({ way, words }) => (
            <option key={way} value={way}>
              {words}
            </option>
          ))}
        </select>
      ) : (
        <span>{ways[0]?.words}</span>
      )}
      {!ways.find(({ way }) => way === line.way)?.alone && (
        <div role="group" aria-label={label}>
          <label className="visually-hidden" htmlFor={id}>
            {label}
          </label>
          <Input
            id={id}
            field={field}
            value={value}
            onChange={(next) => {
              setShown(next);
              onChange({ ...line, value: toPlain(field, next) as Literal });
            }}
          />
        </div>
      )}
      <button type="button" className="link" onClick={onRemove}>
        Remove<span className="visually-hidden"> the filter on {label}</span>
      </button>
    </li>
  );
}
