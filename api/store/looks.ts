/** What one request reads of the records whose readers are recorded (confidential, or `logged`), noted where rows are read. */
import { keepsViews } from "../../schema/access";
import type { Registry } from "./definitions";

/** The records one request has read, by type. Costs nothing where none of them keeps views. */
export class Looks {
  /** Also a type of which only a question was answered (how many are there with this name?): no ids. */
  readonly byType = new Map<string, Set<string>>();
  /** Those that were opened by themselves; the rest stood in a list, a report, a search. */
  readonly opened = new Set<string>();

  get empty(): boolean {
    return this.byType.size === 0;
  }

  /** Takes what was noted, so that a request that answers in parts writes each part once. */
  take(): Looks {
    const taken = new Looks();
    for (const [type, ids] of this.byType) taken.byType.set(type, ids);
    for (const id of this.opened) taken.opened.add(id);
    this.byType.clear();
    this.opened.clear();
    return taken;
  }
}

interface Looking {
  registry: Registry;
  looks?: Looks;
}

/** Notes records of a type that a viewer has read. The system's own reads are nobody's. */
export function noteLooks({ registry, looks }: Looking, type: string, ids: Iterable<string>): void {
  if (!looks) return;
  const published = registry.types.get(type)?.active.type;
  if (!published || !keepsViews(published)) return;
  let known: Set<string> | undefined;
  for (const id of ids) {
    if (!known) {
      known = looks.byType.get(type);
      if (!known) looks.byType.set(type, (known = new Set()));
    }
    known.add(id);
  }
}

/** Notes that a question about the records of a type was answered, though none was shown. */
export function noteQuestion({ registry, looks }: Looking, type: string): void {
  const published = looks && registry.types.get(type)?.active.type;
  if (published && keepsViews(published) && !looks.byType.has(type)) looks.byType.set(type, new Set());
}

export function noteRows(viewer: Looking, rows: { type: string; record: string }[]): void {
  if (viewer.looks) for (const { type, record } of rows) noteLooks(viewer, type, [record]);
}
