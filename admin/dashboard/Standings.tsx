/** Every register on one line: how many of its records stand where, coloured by what that means, and what is late. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { Link } from "react-router-dom";
import type { Rag, RecordType } from "../../schema/definition";
import { FailureNote, Waiting } from "../Failure";
import { plural, t } from "../i18n/t";
import type { ChartPoint, DulyProvider, StandingItem } from "../provider";
import { useSession } from "../session";
import { Chip } from "../StateChip";
import { listed } from "../words";
import { Block, drawn, numberMark, numberWords } from "./ChartBlock";
import { pointAddress } from "./pointAddress";

const meanings = (): { rag: Rag; words: string }[] => [
  { rag: "red", words: t`Wrong or late` },
  { rag: "amber", words: t`Needs somebody soon` },
  { rag: "blue", words: t`In hand` },
  { rag: "green", words: t`As it should be` },
  { rag: "grey", words: t`At rest or over` },
];

interface Line extends StandingItem {
  of: RecordType;
}

export function Standings() {
  const provider = useDataProvider<DulyProvider>();
  const { types } = useSession();
  const { data, error, refetch } = useQuery({ queryKey: ["standings"], queryFn: () => provider.standings() });
  if (error) return <FailureNote failure={error} retry={() => void refetch()} />;
  if (!data) return <Waiting />;
  const lines = data.flatMap((standing): Line[] => {
    const of = types.find(({ name }) => name === standing.type);
    return of ? [{ ...standing, of }] : [];
  });
  const held = lines.filter(({ states }) => states.length > 0);
  const bare = lines.filter(({ states }) => states.length === 0);
  return (
    <Block wide title={t`How do the registers stand?`} table={<StandingTable lines={held} />}>
      <p className="legend">
        {meanings().map(({ rag, words }) => (
          <Chip key={rag} meaning={rag}>
            {words}
          </Chip>
        ))}
      </p>
      <ul className="standings">
        {held.map((line) => (
          <li key={line.type}>
            <Link to={`/${line.of.plural}`}>{line.of.pluralLabel}</Link>
            <Stack line={line} />
            <span className="standing-late">
              {line.overdue !== null && line.overdue > 0 && (
                <Link to={`/calendar?show=late&register=${line.of.plural}`}>
                  <Chip meaning="red">{plural(line.overdue, "# late", "# late")}</Chip>
                </Link>
              )}
            </span>
          </li>
        ))}
      </ul>
      {bare.length > 0 && (
        <details>
          <summary>{plural(bare.length, "Nothing yet in # register", "Nothing yet in # registers")}</summary>
          <p className="quiet">{listed(bare.map(({ of }) => of.pluralLabel))}.</p>
        </details>
      )}
    </Block>
  );
}

const ragOf = (type: RecordType, { value }: ChartPoint): Rag => type.states[value ?? ""]?.rag ?? "grey";

/** Its shares are in the order of the meanings, worst first. */
function Stack({ line: { of, states } }: { line: Line }) {
  const shares = meanings().flatMap(({ rag }) => states.filter((point) => ragOf(of, point) === rag));
  return (
    <span className="stack">
      <span className="visually-hidden">
        {listed(shares.map(({ label, count }) => `${numberWords(count)} ${label}`))}
      </span>
      {shares.map((point) => (
        <span
          key={point.value}
          aria-hidden="true"
          title={`${numberWords(point.count)} ${point.label}`}
          className={`bar-${ragOf(of, point)}`}
          style={{ flexGrow: drawn(point) }}
        >
          {numberMark(point.count)}
        </span>
      ))}
    </span>
  );
}

const StandingTable = ({ lines }: { lines: Line[] }) => (
  <table>
    <thead>
      <tr>
        <th scope="col">{t`Register`}</th>
        <th scope="col">{t`State`}</th>
        <th scope="col">{t`Records`}</th>
      </tr>
    </thead>
    <tbody>
      {lines.flatMap(({ of, states, overdue }) => [
        ...states.map((point) => (
          <Row key={`${of.name} ${point.value}`} of={of} words={point.label} count={point.count} value={point.value} />
        )),
        ...(overdue ? [<Row key={`${of.name} late`} of={of} words={t`Tasks that are late`} count={overdue} />] : []),
      ])}
    </tbody>
  </table>
);

function Row({
  of,
  words,
  count,
  value,
}: {
  of: RecordType;
  words: string;
  count: number | null;
  value?: string | null;
}) {
  const to =
    value === undefined ? `/calendar?show=late&register=${of.plural}` : pointAddress(of, { by: "state" }, value);
  return (
    <tr>
      <th scope="row">{of.pluralLabel}</th>
      <td>{words}</td>
      <td>{to ? <Link to={to}>{numberWords(count)}</Link> : numberWords(count)}</td>
    </tr>
  );
}
