import type { Rag, RecordType } from "../schema/definition";

/** A word, and a shape beside the colour, so that no meaning hangs on colour alone. */
export function Chip({ meaning, children }: { meaning: Rag; children: string }) {
  return (
    <span className={`chip chip-${meaning}`}>
      <Shape meaning={meaning} />
      {children}
    </span>
  );
}

export function StateChip({ type, state }: { type: RecordType; state: string }) {
  const { label, rag } = type.states[state] ?? { label: state };
  return <Chip meaning={rag ?? "grey"}>{label}</Chip>;
}

const shapes: Record<Rag, string> = {
  red: "M6 0.8 11.6 11H0.4Z",
  amber: "M6 0.5 11.5 6 6 11.5 0.5 6Z",
  blue: "M6 1a5 5 0 0 1 0 10Z M6 1a5 5 0 0 0 0 10",
  green: "M6 0.8a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 6 0.8Z",
  grey: "M1.6 1.6h8.8v8.8H1.6Z",
};

const Shape = ({ meaning }: { meaning: Rag }) => (
  <svg className="shape" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
    <path d={shapes[meaning]} className={meaning === "grey" || meaning === "blue" ? "shape-open" : "shape-full"} />
    {meaning === "blue" && <path d="M6 1a5 5 0 0 1 0 10Z" className="shape-full" />}
    {meaning === "green" && <path d="M3.4 6.1 5.3 8 8.7 4.3" className="shape-tick" />}
  </svg>
);
