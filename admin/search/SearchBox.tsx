/** Search at the top of every page: hits while one types, arrows and Enter to go to one, Enter alone for all of them. */
import { type KeyboardEvent, type SubmitEvent, useEffect, useId, useState } from "react";
import { useNavigate } from "react-router-dom";
import { plural, t } from "../i18n/t";
import { useFound } from "./useFound";

const FIRST = 4;
const PAUSE_MS = 200;

export function SearchBox() {
  const navigate = useNavigate();
  const list = useId();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const words = useSettled(typed.trim());
  const { groups = [] } = useFound(words.length > 1 ? words : "", FIRST);
  const hits = groups.flatMap(({ type, hits: found }) => found.map((hit) => ({ type, hit })));
  const shown = open && words.length > 1 && typed.trim() !== "";
  const chosen = shown ? hits[at] : undefined;

  const go = (to: string) => {
    setOpen(false);
    setAt(-1);
    void navigate(to);
  };
  const goTo = ({ type, hit }: (typeof hits)[number]) => {
    setTyped("");
    go(`/${type.plural}/${hit.id}`);
  };
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (chosen) goTo(chosen);
    else if (typed.trim()) go(`/search?q=${encodeURIComponent(typed.trim())}`);
  }
  function pressed(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && hits.length > 0) {
      event.preventDefault();
      setOpen(true);
      // Past either end lies the box itself.
      setAt((before) => ((before + 1 + step + hits.length + 1) % (hits.length + 1)) - 1);
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      setOpen(false);
      setAt(-1);
    }
  }
  return (
    <form
      className="search"
      role="search"
      onSubmit={submit}
      onBlur={({ currentTarget, relatedTarget }) => currentTarget.contains(relatedTarget) || setOpen(false)}
    >
      <label className="visually-hidden" htmlFor="search">{t`Search every register (press / to come here)`}</label>
      <input
        id="search"
        className="input"
        type="search"
        placeholder={t`Search`}
        autoComplete="off"
        role="combobox"
        aria-expanded={shown && hits.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={chosen && `${list}-${at}`}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setOpen(true);
          setAt(-1);
        }}
        onKeyDown={pressed}
      />
      <div id={list} role="listbox" aria-label={t`Found`} className="found" hidden={!shown || hits.length === 0}>
        {groups.map(({ type, hits: found }) => (
          <div key={type.name} role="group" aria-labelledby={`${list}-${type.name}`}>
            <p className="found-group" id={`${list}-${type.name}`}>
              {type.pluralLabel}
            </p>
            {found.map((hit) => {
              const place = hits.findIndex((each) => each.hit.id === hit.id);
              return (
                <div
                  key={hit.id}
                  id={`${list}-${place}`}
                  role="option"
                  aria-selected={place === at}
                  className="found-hit"
                  // Before the box loses the focus, and the list with it.
                  onMouseDown={(event) => {
                    event.preventDefault();
                    goTo({ type, hit });
                  }}
                >
                  <span>{hit.recordTitle}</span> <span className="quiet">{hit.reference}</span>
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <p className="visually-hidden" role="status">
        {shown &&
          (hits.length === 0
            ? ""
            : plural(hits.length, "# found. Use the arrow keys.", "# found. Use the arrow keys."))}
      </p>
    </form>
  );
}

/** The text as it stands once somebody pauses. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
