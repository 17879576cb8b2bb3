import { Fragment, type ReactNode } from "react";
import { Link } from "react-router-dom";

/** Where an obligation ("O22") or a section ("M3") stands on the page of what the policies oblige. */
export const anchorOf = (code: string): string => code.replace(/[^\w.-]+/g, "-");

const inList = (nodes: ReactNode[]): ReactNode =>
  nodes.map((node, i) => (
    <Fragment key={i}>
      {i > 0 && (i === nodes.length - 1 ? " and " : ", ")}
      {node}
    </Fragment>
  ));

/** "obligation 7, sections M8 and SM6" from ["O7", "M8", "SM6"], each a link to what it says. Nothing for nothing. */
export function Because({ codes }: { codes: string[] }) {
  const kinds = [
    { word: "obligation", codes: codes.filter((code) => /^O\d/.test(code)) },
    { word: "section", codes: codes.filter((code) => !/^O\d/.test(code)) },
  ].filter((kind) => kind.codes.length > 0);
  return kinds.map((kind, i) => (
    <Fragment key={kind.word}>
      {i > 0 && ", "}
      {kind.word}
      {kind.codes.length > 1 && "s"}{" "}
      {inList(
        kind.codes.map((code) => (
          <Link key={code} to={`/obligations#${anchorOf(code)}`}>
            {code.replace(/^O(?=\d)/, "")}
          </Link>
        )),
      )}
    </Fragment>
  ));
}

/** Parts of a line with a dot between them; those that are nothing leave no gap. */
export const Dotted = ({ children }: { children: ReactNode[] }) =>
  children.filter(Boolean).map((part, i) => (
    <Fragment key={i}>
      {i > 0 && " · "}
      {part}
    </Fragment>
  ));
