import { Fragment, type ReactNode } from "react";
import { Link } from "react-router-dom";
import { plural, t } from "./i18n/t";

/** Where an obligation ("O22") or a section ("M3") stands on the page of what the policies oblige. */
export const anchorOf = (code: string): string => code.replace(/[^\w.-]+/g, "-");

const withCommas = (nodes: ReactNode[]): ReactNode =>
  nodes.map((node, i) => (
    <Fragment key={i}>
      {i > 0 && ", "}
      {node}
    </Fragment>
  ));

const inList = (nodes: ReactNode[]): ReactNode =>
  nodes.length < 2 ? nodes : t`${withCommas(nodes.slice(0, -1))} and ${nodes.at(-1)}`;

/** "obligation 7, sections M8 and SM6" from ["O7", "M8", "SM6"], each a link to what it says. Nothing for nothing. */
export function Because({ codes }: { codes: string[] }) {
  const isNumber = (code: string) => /^O\d/.test(code);
  const links = (some: string[]) =>
    inList(
      some.map((code) => (
        <Link key={code} to={`/obligations#${anchorOf(code)}`}>
          {code.replace(/^O(?=\d)/, "")}
        </Link>
      )),
    );
  const [numbers, sections] = [codes.filter(isNumber), codes.filter((code) => !isNumber(code))];
  return withCommas([
    ...(numbers.length > 0 ? [plural(numbers.length, "obligation {0}", "obligations {0}", links(numbers))] : []),
    ...(sections.length > 0 ? [plural(sections.length, "section {0}", "sections {0}", links(sections))] : []),
  ]);
}

/** Parts of a line with a dot between them; those that are nothing leave no gap. */
export const Dotted = ({ children }: { children: ReactNode[] }) =>
  children.filter(Boolean).map((part, i) => (
    <Fragment key={i}>
      {i > 0 && " · "}
      {part}
    </Fragment>
  ));
