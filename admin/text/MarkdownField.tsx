/** Writing Markdown with a toolbar, its keys, and a look at what it will be. A text area, so that it works everywhere. */
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from "react";
import { blocksOf } from "../../schema/prose";
import { t } from "../i18n/t";
import type { InputProps } from "../record/fieldProps";
import { isBlank } from "../record/values";
import { Comparison } from "./Comparison";
import * as edits from "./markdownEdits";
import { Prose } from "./Prose";

interface Tool {
  label: string;
  shown: string;
  run: (selected: edits.Selected) => edits.Edit;
  /** With Ctrl, or Cmd on a Mac: a key, or the code of one where Shift changes what it types. */
  key: string;
  shift?: true;
}

const tools = (): Tool[] => [
  { label: t`Heading`, shown: t`Heading`, run: edits.heading, key: "KeyH", shift: true },
  { label: t`Bold`, shown: "B", run: edits.toggleMark("**"), key: "KeyB" },
  { label: t`Italic`, shown: "I", run: edits.toggleMark("*"), key: "KeyI" },
  { label: t`Bulleted list`, shown: t`• List`, run: edits.bullets, key: "Digit8", shift: true },
  { label: t`Numbered list`, shown: t`1. List`, run: edits.numbers, key: "Digit7", shift: true },
  { label: t`Further in`, shown: "→", run: edits.indent, key: "BracketRight" },
  { label: t`Further out`, shown: "←", run: edits.outdent, key: "BracketLeft" },
  { label: t`Quotation`, shown: "“ ”", run: edits.quote, key: "Digit9", shift: true },
  { label: t`Link`, shown: t`Link`, run: edits.link, key: "KeyK" },
];

const keyName = ({ key, shift }: Tool): string =>
  `Control+${shift ? "Shift+" : ""}${key
    .replace(/^(Key|Digit)/, "")
    .replace("BracketRight", "]")
    .replace("BracketLeft", "[")}`;

/** Replaces as typing does, so that the browser's own undo takes it back. */
function replace(area: HTMLTextAreaElement, { from, to, insert, start, end }: edits.Edit): void {
  area.focus();
  area.setSelectionRange(from, to);
  const typed =
    typeof document.execCommand === "function" &&
    (insert ? document.execCommand("insertText", false, insert) : document.execCommand("delete"));
  if (!typed) area.setRangeText(insert, from, to, "end");
  area.setSelectionRange(start, end);
}

type Pane = "write" | "preview" | "changes";

export default function MarkdownField({
  id,
  value,
  onChange,
  required,
  invalid,
  describedBy,
  before,
  autoFocus,
}: InputProps & {
  /** What is being changed, where a look at the changes is of use. */
  before?: string;
  autoFocus?: boolean;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [pane, setPane] = useState<Pane>("write");
  const text = isBlank(value) ? "" : String(value);

  function apply(run: (selected: edits.Selected) => edits.Edit | undefined): boolean {
    const at = area.current;
    const edit = at && run({ text: at.value, start: at.selectionStart, end: at.selectionEnd });
    if (!at || !edit) return false;
    replace(at, edit);
    onChange(at.value);
    return true;
  }

  function pressed(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing) return;
    const { ctrlKey, metaKey, altKey, shiftKey, code } = event;
    if (event.key === "Enter" && !ctrlKey && !metaKey && !altKey && !shiftKey) {
      if (apply(edits.nextItem)) event.preventDefault();
      return;
    }
    // AltGr comes as Ctrl and Alt together: it types characters.
    if (altKey || ctrlKey === metaKey) return;
    const tool = tools().find((each) => each.key === code && (each.shift ?? false) === shiftKey);
    if (!tool) return;
    event.preventDefault();
    apply(tool.run);
  }

  const panes: { name: Pane; label: string }[] = [
    { name: "write", label: t`Write` },
    { name: "preview", label: t`Preview` },
    ...(before === undefined ? [] : [{ name: "changes" as const, label: t`Your changes` }]),
  ];
  return (
    <div className="markdown">
      <div className="markdown-bar">
        <div className="segments" role="group" aria-label={t`What to show`}>
          {panes.map(({ name, label }) => (
            <button key={name} type="button" aria-pressed={pane === name} onClick={() => setPane(name)}>
              {label}
            </button>
          ))}
        </div>
        {pane === "write" && <Toolbar controls={id} apply={apply} />}
      </div>
      <textarea
        ref={area}
        className="input input-document"
        id={id}
        hidden={pane !== "write"}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={pressed}
        spellCheck
        autoFocus={autoFocus}
        aria-required={required ? true : undefined}
        aria-invalid={invalid ? true : undefined}
        aria-describedby={describedBy}
      />
      {pane !== "write" && (
        <div className="markdown-pane">
          {pane === "preview" ? <Preview text={text} /> : <Comparison within before={before ?? ""} after={text} />}
        </div>
      )}
      {pane === "write" && <HowTo />}
    </div>
  );
}

/** One stop for Tab; the arrow keys go from tool to tool. */
function Toolbar({ controls, apply }: { controls: string; apply: (run: Tool["run"]) => void }) {
  const [at, setAt] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const all = tools();
  function move(event: KeyboardEvent) {
    const last = all.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
    bar.current?.querySelectorAll("button")[next]?.focus();
  }
  return (
    <div
      ref={bar}
      className="toolbar"
      role="toolbar"
      aria-label={t`Formatting`}
      aria-controls={controls}
      onKeyDown={move}
    >
      {all.map((tool, place) => (
        <button
          key={tool.label}
          type="button"
          tabIndex={place === at ? 0 : -1}
          className={`tool tool-${tool.key.toLowerCase()}`}
          aria-label={tool.label}
          aria-keyshortcuts={keyName(tool)}
          title={`${tool.label} (${keyName(tool).replace("Control", t`Ctrl`)})`}
          onFocus={() => setAt(place)}
          onClick={() => apply(tool.run)}
        >
          {tool.shown}
        </button>
      ))}
    </div>
  );
}

function Preview({ text }: { text: string }) {
  const shown = useDeferredValue(text);
  const blocks = useMemo(() => blocksOf(shown), [shown]);
  return blocks.length > 0 ? <Prose blocks={blocks} /> : <p className="empty">{t`Nothing has been written yet.`}</p>;
}

const marks = () =>
  [
    ["## 3. Using devices", t`A heading; ### is one within it. Numbers stay as you write them.`],
    ["**must**", t`Bold`],
    ["*usually*", t`Italic`],
    ["- Phones are off", t`An item of a list; two spaces before it put it under the item above.`],
    ["[the guide](https://example.org)", t`A link`],
  ] as const;

const HowTo = () => (
  <details className="how-to">
    <summary>{t`How headings, lists and links are written`}</summary>
    <dl className="proof">
      {marks().map(([written, meaning]) => (
        <div key={written}>
          <dt>
            <code>{written}</code>
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
    <p className="quiet">{t`An empty line begins a new paragraph.`}</p>
  </details>
);
