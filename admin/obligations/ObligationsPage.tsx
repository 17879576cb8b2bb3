/** From a section of the policies to what it obliges the school to, by what that is met, and to the live records. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { useEffect, useState } from "react";
import { Link, useLocation } from "react-router-dom";
import type { Letter } from "../../schema/definition";
import { anchorOf } from "../Because";
import { Facts } from "../Facts";
import { FailureNote, Waiting } from "../Failure";
import { plural, t } from "../i18n/t";
import { Page } from "../Page";
import type { DulyProvider, ObligationElement, ObligationItem, SourceSection } from "../provider";
import { useSession } from "../session";
import { Chip } from "../StateChip";

const wordsOf = (letter: Letter): { met: string; not: string } =>
  ({
    H: { met: t`Held`, not: t`Not held yet` },
    R: { met: t`Reminded`, not: t`Not reminded yet` },
    E: { met: t`Enforced`, not: t`Not enforced yet` },
    P: { met: t`Reported`, not: t`Not reported yet` },
  })[letter];

export default function ObligationsPage() {
  const provider = useDataProvider<DulyProvider>();
  const { data, error, refetch } = useQuery({ queryKey: ["obligations"], queryFn: () => provider.obligations() });
  const [unmet, setUnmet] = useState(false);
  const met = data?.obligations.filter(({ satisfied }) => satisfied).length ?? 0;
  const all = data?.obligations.length ?? 0;
  return (
    <Page
      title={t`What the policies oblige`}
      below={
        <p className="quiet">{t`Everything your policies ask of the school, and the part of Duly that sees to each of it.`}</p>
      }
    >
      {error && <FailureNote failure={error} retry={() => void refetch()} />}
      {!data && !error && <Waiting />}
      {data && (
        <>
          <p>
            {met === all
              ? plural(all, "The one obligation is met.", "All # obligations are met.")
              : plural(all, "{0} of # obligation is met.", "{0} of # obligations are met.", met)}
          </p>
          {met < all && (
            <label className="check">
              <input type="checkbox" checked={unmet} onChange={(event) => setUnmet(event.target.checked)} />
              {t`Only those not met yet`}
            </label>
          )}
          <Sections {...data} unmet={unmet} />
        </>
      )}
    </Page>
  );
}

interface Group {
  section: SourceSection;
  members: { obligation: ObligationItem; anchor: string }[];
}

/** By section in the order of the policies; what stands in several is under each, and linked to where it stands first. */
function groupsOf(obligations: ObligationItem[], sections: SourceSection[]): Group[] {
  const placed = new Set<number>();
  const everywhere: SourceSection = { code: "", label: t`The policies as a whole` };
  return [...sections, everywhere].flatMap((section) => {
    const members = obligations
      .filter((each) => (section.code ? each.sections.includes(section.code) : each.sections.length === 0))
      .map((obligation) => {
        const code = `O${obligation.number}`;
        const anchor = anchorOf(placed.has(obligation.number) ? `${code}-${section.code}` : code);
        placed.add(obligation.number);
        return { obligation, anchor };
      });
    return members.length > 0 ? [{ section, members }] : [];
  });
}

function Sections({
  obligations,
  sections,
  unmet,
}: {
  obligations: ObligationItem[];
  sections: SourceSection[];
  unmet: boolean;
}) {
  const { hash } = useLocation();
  const sought = decodeURIComponent(hash.slice(1));
  useEffect(() => {
    const target = sought && document.getElementById(sought);
    if (!target) return;
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  }, [sought]);
  const groups = groupsOf(obligations, sections).flatMap(({ section, members }) => {
    const shown = members.filter(({ obligation }) => !unmet || !obligation.satisfied);
    return shown.length > 0 ? [{ id: anchorOf(section.code || "everywhere"), section, shown }] : [];
  });
  return (
    <>
      <details>
        <summary>{plural(groups.length, "# section of the policies", "# sections of the policies")}</summary>
        <ul className="plain-links">
          {groups.map(({ id, section }) => (
            <li key={id}>
              <Link to={`#${id}`}>{section.label}</Link>
            </li>
          ))}
        </ul>
      </details>
      {groups.map(({ id, section, shown }) => (
        <section key={id} aria-labelledby={id}>
          <h2 id={id} tabIndex={-1}>
            {section.label}
          </h2>
          <ul className="rows">
            {shown.map(({ obligation, anchor }) => (
              <Obligation key={anchor} obligation={obligation} anchor={anchor} sought={sought === anchor} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Obligation({ obligation, anchor, sought }: { obligation: ObligationItem; anchor: string; sought: boolean }) {
  const { number, letters, text, byAgreement, elements, missing } = obligation;
  const of = (letter: Letter) => elements.filter((element) => element.letter === letter);
  const wanted = (letter: Letter) => missing.filter((each) => each.letter === letter).map(({ wants }) => wants);
  return (
    <li className={sought ? "row row-sought" : "row"} id={anchor} tabIndex={-1}>
      <div className="row-main">
        <p className="row-title">
          <span className="quiet">{number}</span> {text}
        </p>
        <details open={sought || undefined}>
          <summary>{t`By what ${(<span className="visually-hidden">{t`obligation ${number} is met`}</span>)}`}</summary>
          <Facts
            of={letters.map((letter) => ({
              ...{ name: letter, label: wordsOf(letter).met },
              value: (
                <>
                  <Elements elements={of(letter)} />
                  {wanted(letter).map((wants) => (
                    <p key={wants} className="not-given">{t`Wants ${wants}.`}</p>
                  ))}
                </>
              ),
            }))}
          />
        </details>
      </div>
      <p className="row-when head-line">
        {letters.map((letter) => {
          const lacks = wanted(letter).length > 0;
          const met = letter === "E" && byAgreement ? t`Enforced by agreement and check` : wordsOf(letter).met;
          return (
            <Chip key={letter} meaning={lacks ? "amber" : "green"}>
              {lacks ? wordsOf(letter).not : met}
            </Chip>
          );
        })}
      </p>
    </li>
  );
}

/** By the register they belong to, which is one step from its records. */
function Elements({ elements }: { elements: ObligationElement[] }) {
  const { types } = useSession();
  const owners = [...new Set(elements.map(({ type, kind }) => type ?? kind))];
  return owners.map((owner) => {
    const own = elements.filter(({ type, kind }) => (type ?? kind) === owner);
    const type = types.find(({ name }) => name === owner);
    return (
      <p key={owner}>
        {type ? (
          <Link to={`/${type.plural}`}>{type.pluralLabel}</Link>
        ) : own[0]?.type ? (
          t`A register you may not see`
        ) : owner === "role" ? (
          <Link to="/people">{t`Roles`}</Link>
        ) : (
          t`Texts to agree to`
        )}
        : {own.map(({ label, kind }) => `${label} (${kind})`).join("; ")}
      </p>
    );
  });
}
