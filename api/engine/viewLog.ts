/**
 * Writes who read what before they are answered: one row a request, on a connection of its own, committed. What cannot
 * be written is not answered.
 */
import type { Logger } from "pino";
import { Failure } from "../../schema/failure";
import type { Database } from "../store/database";
import type { Looks } from "../store/looks";
import { insertRequest, slotOf, type View, type ViewRequest } from "../store/viewLog";

/** Who looks: of a guest it is the person their link was made for. */
export interface Looker {
  person: string;
  organisation: string;
  actor: string;
  /** School time, epoch ms. */
  at: number;
}

export type Asked = Pick<ViewRequest, "via" | "operation" | "hash">;

const MAX_OPERATION = 191;
const REMEMBERED = 10_000;
/** Told of without a word of what stands in them: that something is due, or has changed. */
const WITHOUT_CONTENT = new Set(["calendar", "live"]);

export class ViewLog {
  /** Rows of the index that this process has committed of late: within their ten minutes they need not be sent again. */
  private readonly written = new Set<string>();

  constructor(
    private readonly db: Database,
    private readonly log: Logger,
    private readonly newId: () => string,
  ) {}

  /** Nothing for a request that read nothing of the kind. @throws UNAVAILABLE where it cannot be written. */
  async write(noted: Looks, looker: Looker, asked: Asked): Promise<void> {
    if (noted.empty) return;
    const looks = noted.take();
    const { via } = asked;
    const fresh = new Map<string, View>();
    if (!WITHOUT_CONTENT.has(via))
      for (const ids of looks.byType.values())
        for (const record of ids) {
          const opened = looks.opened.has(record);
          const key = keyOf(record, looker, opened);
          if (!this.written.has(key)) fresh.set(key, { id: this.newId(), record, opened });
        }
    try {
      const operation = asked.operation.slice(0, MAX_OPERATION);
      await insertRequest(this.db, { id: this.newId(), ...looker, ...asked, operation, looks }, [...fresh.values()]);
    } catch (error) {
      this.log.error({ err: error, via }, "Who reads could not be recorded: the answer is refused");
      throw new Failure(
        "UNAVAILABLE",
        "Who reads this cannot be recorded at present, so it is not shown. What was changed stays changed.",
      );
    }
    if (this.written.size > REMEMBERED) this.written.clear();
    for (const key of fresh.keys()) this.written.add(key);
  }
}

const keyOf = (record: string, { person, at }: Looker, opened: boolean): string =>
  `${record} ${person} ${slotOf(at)} ${opened ? "opened" : ""}`;
