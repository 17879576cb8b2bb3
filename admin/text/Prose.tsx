/** A text as a document: nested lists, tables and quotations from its flat blocks; what changed is marked where it stands. */
import { Fragment, type ReactNode } from "react";
import type { Change, ComparedBlock, Part } from "../../schema/compareTexts";
import { plainText } from "../../schema/prose";
import { type ListItem, type Placed as PlacedBlock, type ProseNode, runsOf, treeOf } from "../../schema/proseTree";
import { t } from "../i18n/t";

type Placed = PlacedBlock<ComparedBlock>;

export interface Heading {
  id: string;
  at: number;
  level: number;
  text: string;
}

const partId = (at: number): string => `part-${at}`;
export const changeId = (at: number): string => `change-${at}`;

/** Those that stand in the text as it is now. */
export const headingsOf = (blocks: ComparedBlock[]): Heading[] =>
  blocks.flatMap(({ kind, level = 1, cells, change }, at) => {
    if (kind !== "heading" || change === "removed") return [];
    const now = cells.map((cell) => cell.filter((part) => part.change !== "removed"));
    return [{ id: partId(at), at, level, text: plainText(now) }];
  });

/** `stops` are the blocks that a person steps through: each can take the focus. */
export function Prose({ blocks, stops = [] }: { blocks: ComparedBlock[]; stops?: number[] }) {
  return <article className="prose">{nodes(treeOf(blocks), new Set(stops))}</article>;
}

const nodes = (tree: ProseNode<ComparedBlock>[], marks: Set<number>): ReactNode[] =>
  tree.map((node) => {
    const key = node.at;
    if (node.kind === "quote") return <blockquote key={key}>{nodes(node.children, marks)}</blockquote>;
    if (node.kind === "table") return <Table key={key} rows={node.rows} marks={marks} />;
    if (node.kind === "block") return <Single key={key} placed={node} marks={marks} />;
    const List = node.numbered ? "ol" : "ul";
    return (
      <List key={key}>
        {node.items.map((item) => (
          <Item key={item.at} item={item} marks={marks} />
        ))}
      </List>
    );
  });

function Item({ item: { own, children }, marks }: { item: ListItem<ComparedBlock>; marks: Set<number> }) {
  if (!own) return <li className="bare">{nodes(children, marks)}</li>;
  return (
    <li {...anchor(own, marks)} value={own.block.number}>
      <Inline block={own.block} />
      {nodes(children, marks)}
    </li>
  );
}

/** What takes the focus when somebody steps to this change. */
const anchor = ({ at }: Placed, marks: Set<number>) => (marks.has(at) ? { id: changeId(at), tabIndex: -1 } : {});

function Single({ placed, marks }: { placed: Placed; marks: Set<number> }) {
  const { block, at } = placed;
  const inner = <Inline block={block} />;
  if (block.kind === "rule") return <hr {...anchor(placed, marks)} />;
  if (block.kind === "code") return <pre {...anchor(placed, marks)}>{inner}</pre>;
  if (block.kind !== "heading") return <p {...anchor(placed, marks)}>{inner}</p>;
  // The page's own heading is the h1: the text's begin one below.
  const Heading = `h${Math.min((block.level ?? 1) + 1, 6)}` as "h2";
  const stop = marks.has(at);
  return (
    <Heading id={partId(at)} tabIndex={-1}>
      {stop ? <span {...anchor(placed, marks)}>{inner}</span> : inner}
    </Heading>
  );
}

function Table({ rows, marks }: { rows: Placed[]; marks: Set<number> }) {
  const row = (placed: Placed) => {
    const Cell = placed.block.head ? "th" : "td";
    return (
      <tr key={placed.at} {...anchor(placed, marks)}>
        {placed.block.cells.map((cell, at) => (
          // Cells have no identity but their column.
          <Cell key={`${at}`}>
            <Words parts={cell} whole={wholeChange(placed.block)} />
          </Cell>
        ))}
      </tr>
    );
  };
  const [head, ...body] = rows[0]?.block.head ? rows : [undefined, ...rows];
  return (
    <div className="table-wrap" tabIndex={0} role="region" aria-label={t`Table`}>
      <table>
        {head && <thead>{row(head)}</thead>}
        <tbody>{body.map((each) => each && row(each))}</tbody>
      </table>
    </div>
  );
}

const wholeChange = ({ change }: ComparedBlock): Change | undefined =>
  change === "added" || change === "removed" ? change : undefined;

function Inline({ block }: { block: ComparedBlock }) {
  return (
    <>
      {block.ticked !== undefined && (
        <>
          <span aria-hidden="true">{block.ticked ? "☑ " : "☐ "}</span>
          <span className="visually-hidden">{block.ticked ? t`Ticked:` : t`Not ticked:`} </span>
        </>
      )}
      <Words parts={block.cells.flat()} whole={wholeChange(block)} />
      {block.change === "layout" && <span className="layout-changed"> {t`(same words, set differently)`}</span>}
    </>
  );
}

function Words({ parts, whole }: { parts: Part[]; whole: Change | undefined }) {
  const changeOf = (part: Part) => whole ?? part.change;
  const runs = runsOf(parts, (first, next) => changeOf(first) === changeOf(next));
  return runs.map((run, at) => {
    const change = run[0] && changeOf(run[0]);
    // Words have no identity but their place in an unchanging text.
    const inner = run.map((part, place) => <Styled key={`${place}`} part={part} />);
    return change ? (
      <Changed key={`${at}`} change={change}>
        {inner}
      </Changed>
    ) : (
      <Fragment key={`${at}`}>{inner}</Fragment>
    );
  });
}

/** Few screen readers say ins and del by themselves. */
function Changed({ change, children }: { change: Change; children: ReactNode }) {
  const Mark = change === "added" ? "ins" : "del";
  return (
    <Mark>
      <span className="visually-hidden">{` (${change === "added" ? t`added` : t`removed`}: `}</span>
      {children}
      <span className="visually-hidden">) </span>
    </Mark>
  );
}

function Styled({ part }: { part: Part }) {
  let node: ReactNode = part.text.split("\n").flatMap((line, at) => (at > 0 ? [<br key={`${at}`} />, line] : [line]));
  if (part.code) node = <code>{node}</code>;
  if (part.struck) node = <s>{node}</s>;
  if (part.em) node = <em>{node}</em>;
  if (part.strong) node = <strong>{node}</strong>;
  if (part.href)
    node = (
      <a href={part.href} rel="noreferrer noopener" target="_blank">
        {node}
      </a>
    );
  return node;
}
