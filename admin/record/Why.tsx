/** Where a rule comes from, in words, behind a button that works by keyboard and touch: obligations and policy sections. */
import { useQuery } from "@tanstack/react-query";
import { useDataProvider } from "ra-core";
import { type ReactNode, useId, useState } from "react";
import { Link } from "react-router-dom";
import { anchorOf, Because } from "../Because";
import { t } from "../i18n/t";
import type { DulyProvider, Sources } from "../provider";

/** `because` of a definition as sentences; a code that the sources do not know stays as it is. */
export function reasonsOf(because: string[], { obligations, sections }: Sources): { code: string; words: string }[] {
  return because.map((code) => {
    const number = /^O(\d+)$/.exec(code)?.[1];
    if (number === undefined) return { code, words: sections.find((each) => each.code === code)?.label ?? code };
    const text = obligations.find((each) => String(each.number) === number)?.text;
    return { code, words: text ? t`Obligation ${number}: ${text}` : t`Obligation ${number}` };
  });
}

/** The button and what it opens, apart, so that each stands where the page has room for it. */
export function useWhy(because: string[], about: string): { button: ReactNode; reasons: ReactNode } {
  const [open, setOpen] = useState(false);
  const id = useId();
  if (because.length === 0) return { button: null, reasons: null };
  return {
    button: (
      <button
        type="button"
        className="link why"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {t`Why`}
        <span className="visually-hidden">: {about}</span>
      </button>
    ),
    reasons: open && <Reasons id={id} because={because} />,
  };
}

export function Reasons({ id, because }: { id?: string; because: string[] }) {
  const provider = useDataProvider<DulyProvider>();
  const { data } = useQuery({ queryKey: ["sources"], queryFn: () => provider.sources(), staleTime: Infinity });
  if (!data)
    return (
      <p className="reasons" id={id}>
        {t`Required by ${(<Because codes={because} />)}`}
      </p>
    );
  return (
    <ul className="reasons" id={id}>
      {reasonsOf(because, data).map(({ code, words }) => (
        <li key={code}>
          <Link to={`/obligations#${anchorOf(code)}`}>{words}</Link>
        </li>
      ))}
    </ul>
  );
}

/** A line with its button at the end, and the reasons under it. */
export function WithWhy({
  because,
  about,
  className,
  children,
}: {
  because: string[];
  about: string;
  className?: string;
  children: ReactNode;
}) {
  const { button, reasons } = useWhy(because, about);
  return (
    <>
      <p className={className}>
        {children} {button}
      </p>
      {reasons}
    </>
  );
}
