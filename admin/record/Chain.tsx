/** The records that hang together with one: a list beside its form, and a picture where there is room for one. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type CSSProperties, useId } from "react";
import { Link } from "react-router-dom";
import type { RecordType } from "../../schema/definition";
import { FailureNote } from "../Failure";
import { plural, t } from "../i18n/t";
import type { ChainNode, DulyProvider, RecordDetail } from "../provider";
import { recordPath, useRecordType } from "../session";
import { StateChip } from "../StateChip";
import { inSentence } from "../words";
import { type Branch, NODE, pictureOf, treeOfChain } from "./chainLayout";

export function useChain(record: RecordDetail) {
  const provider = useDataProvider<DulyProvider>();
  return useQuery({
    queryKey: ["chain", record.type, record.id],
    queryFn: () => provider.chain(record.type, record.id),
  });
}

const hasLinks = (type: RecordType): boolean =>
  Object.values(type.fields).some(({ kind }) => kind === "link" || kind === "links");

/** Each record once, under the one it is linked with. */
export function LinkList({ type, record }: { type: RecordType; record: RecordDetail }) {
  const { data, error, refetch } = useChain(record);
  const root = data && treeOfChain(data);
  const any = root !== undefined && root.children.length > 0;
  if (!any && !error && !hasLinks(type)) return null;
  return (
    <section aria-labelledby="links">
      <h2 id="links">{t`Linked records`}</h2>
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {root && !any && <p className="empty">{t`Nothing is linked with this ${inSentence(type.label)} yet.`}</p>}
      {any && <Branches branches={root.children} />}
      {data?.more && <p className="quiet">{t`There are more than these. The lists of the registers show them all.`}</p>}
    </section>
  );
}

const Branches = ({ branches }: { branches: Branch[] }) => (
  <ul className="branches">
    {branches.map(({ node, by, children }) => (
      <li key={node.id}>
        <p className="quiet">{by?.own ? by.label : `${node.label} (${inSentence(by?.label ?? "")})`}</p>
        <NodeLink node={node} />
        {children.length > 0 && <Branches branches={children} />}
      </li>
    ))}
  </ul>
);

function NodeLink({ node }: { node: ChainNode }) {
  const type = useRecordType(node.type);
  return (
    <p className="branch">
      {type ? <Link to={recordPath(type, node.id)}>{node.title}</Link> : node.title}
      {type && <StateChip type={type} state={node.state} />}
    </p>
  );
}

const FEWEST = 3;
const MOST_LABELS = 10;

/** Worth drawing from three records on. Everything in it stands in the list too. */
export function ChainPicture({ record }: { record: RecordDetail }) {
  const { data } = useChain(record);
  const arrow = useId();
  const picture = data && data.nodes.length >= FEWEST ? pictureOf(data) : undefined;
  if (!picture) return null;
  const labelled = picture.edges.length <= MOST_LABELS;
  return (
    <section className="chain" aria-labelledby="chain">
      <h2 id="chain">{t`How it hangs together`}</h2>
      <p className="quiet">
        {plural(
          (data?.nodes.length ?? 1) - 1,
          "# linked record; an arrow leads from a record to the one it names.",
          "# linked records; an arrow leads from a record to the one it names.",
        )}
      </p>
      <div className="chain-scroll" role="group" aria-label={t`Picture of the linked records`}>
        <svg
          width={picture.width + 4}
          height={picture.height + 4}
          viewBox={`-2 -2 ${picture.width + 4} ${picture.height + 4}`}
        >
          <defs>
            <marker id={arrow} viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
              <path d="M0 0.5 8 4 0 7.5Z" className="chain-head" />
            </marker>
          </defs>
          <g aria-hidden="true">
            {picture.edges.map(({ edge, path, at }) => (
              <g key={`${edge.from} ${edge.field} ${edge.to}`}>
                <path d={path} className="chain-line" markerEnd={`url(#${arrow})`}>
                  <title>{edge.label}</title>
                </path>
                {labelled && at && (
                  <text y={at.y - 6} className="chain-label">
                    {linesOf(edge.label).map((line, n) => (
                      <tspan key={line} x={at.x} dy={n && LINE}>
                        {line}
                      </tspan>
                    ))}
                  </text>
                )}
              </g>
            ))}
          </g>
          {picture.nodes.map(({ node, x, y }) => (
            <foreignObject key={node.id} x={x} y={y} {...NODE}>
              <NodeBox node={node} here={node.id === record.id} />
            </foreignObject>
          ))}
        </svg>
      </div>
    </section>
  );
}

const LETTERS = 15;
const LINE = 14;

/** A label between two columns, in lines that fit between them. */
function linesOf(label: string): string[] {
  const lines: string[] = [];
  for (const word of label.split(" ")) {
    const longer = [...lines.slice(-1), word].join(" ");
    if (lines.length && longer.length <= LETTERS) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function NodeBox({ node, here }: { node: ChainNode; here: boolean }) {
  const type = useRecordType(node.type);
  const state = type?.states[node.state];
  const style = { "--meaning": `var(--${state?.rag ?? "grey"})` } as CSSProperties;
  const inner = (
    <>
      <span className="chain-kind">{node.label}</span>
      <span className="chain-title">{node.title}</span>
      {state && <span className="chain-kind">{state.label}</span>}
    </>
  );
  if (here || !type)
    return (
      <div className="chain-node" style={style} aria-current={here ? "true" : undefined}>
        {inner}
      </div>
    );
  return (
    <Link className="chain-node" style={style} to={recordPath(type, node.id)} title={node.title}>
      {inner}
    </Link>
  );
}
