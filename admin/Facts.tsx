import type { ReactNode } from "react";

interface Fact {
  /** Told from the others by it. */
  name: string;
  label: string;
  value: ReactNode;
}

/** What is so, line by line: what it is called, and what stands there. */
export const Facts = ({ of }: { of: Fact[] }) => (
  <dl className="facts">
    {of.map(({ name, label, value }) => (
      <div key={name}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
