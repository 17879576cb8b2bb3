import type { ReactNode } from "react";
import { Link, NavLink } from "react-router-dom";
import { t } from "../i18n/t";
import { Page } from "../Page";
import { type About, textPath, versionsOf } from "./versions";

/** Around each page of a text: the way back, its heading, and its other pages. */
export function TextFrame({
  about,
  title,
  below,
  tools,
  children,
}: {
  about: About;
  title: string;
  below?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}) {
  const { type, record, name } = about;
  const versions = versionsOf(about).length;
  return (
    <Page
      wide
      title={title}
      above={
        <p className="crumb">
          <Link to={`/${type.plural}/${record.id}`}>{record.recordTitle}</Link>
        </p>
      }
      below={below}
    >
      <div className="text-head">
        <nav className="tabs" aria-label={type.fields[name]?.label ?? t`Text`}>
          {versions > 0 && <NavLink to={textPath(about)} end>{t`Read`}</NavLink>}
          {versions > 1 && <NavLink to={textPath(about, "compare")}>{t`Compare versions`}</NavLink>}
          {record.permissions.fields.includes(name) && <NavLink to={textPath(about, "edit")}>{t`Edit`}</NavLink>}
        </nav>
        {tools && <p className="text-tools">{tools}</p>}
      </div>
      {children}
    </Page>
  );
}

export interface ContentsEntry {
  id: string;
  level: number;
  text: string;
  note?: string;
}

/** Down to the third level: deeper ones are read, not looked up. */
export function Contents({ entries }: { entries: ContentsEntry[] }) {
  return (
    <nav className="contents" aria-labelledby="contents">
      <h2 id="contents">{t`Contents`}</h2>
      <ol>
        {entries
          .filter(({ level }) => level <= 3)
          .map(({ id, level, text, note }) => (
            <li key={id} className={`depth-${level}`}>
              <button type="button" className="link" onClick={() => goTo(id)}>
                {text}
                {note && <span className="contents-note"> {note}</span>}
              </button>
            </li>
          ))}
      </ol>
    </nav>
  );
}

/** Shows a place in the text and takes the focus there, so that reading goes on from it. */
export function goTo(id: string) {
  const target = document.getElementById(id);
  target?.scrollIntoView({ block: "start" });
  target?.focus({ preventScroll: true });
}
