/**
 * Views on their way to the log. A read only puts its view into memory and goes on: it is neither slowed nor failed by
 * the writing. What waits is written together within a moment; where the database does not take it, it stays, is tried
 * again, and shows in the log of the process and in its figures. Where too much waits, confidential records are no
 * longer opened rather than opened unlogged. A process that stops writes first; one that is killed loses that moment.
 */
import type { Logger } from "pino";
import { Failure } from "../../schema/failure";
import type { Sql } from "../store/database";
import { insertViews, slotOf, type View } from "../store/viewLog";

const momentMs = 200;
const longestPauseMs = 10_000;
const atOnce = 500;
/** More than this is no moment's traffic: the database takes nothing. */
export const mostWaiting = 10_000;

export class ViewLog {
  private readonly queue = new Map<string, View>();
  /** Written of late: looking again within the ten minutes asks nothing of the database. */
  private readonly written = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private failures = 0;

  constructor(
    private readonly sql: Sql,
    private readonly log: Logger,
  ) {}

  /** Views that are not written yet. */
  get waiting(): number {
    return this.queue.size;
  }

  /** @throws UNAVAILABLE where so many wait that this one might be lost. */
  note(view: View): void {
    if (this.queue.size >= mostWaiting)
      throw new Failure("UNAVAILABLE", "Who looks at this cannot be recorded at present, so it cannot be opened.");
    const key = `${view.record} ${view.person} ${slotOf(view.at)}`;
    if (this.queue.has(key) || this.written.has(key)) return;
    this.queue.set(key, view);
    this.soon();
  }

  /** Writes what waits, once. Says in the process's log what could not be written. */
  async drain(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.writing;
    await this.write();
    if (this.queue.size)
      this.log.error({ views: [...this.queue.values()] }, "Views that the database did not take before the end");
  }

  private soon(): void {
    this.timer ??= setTimeout(
      () => {
        this.timer = undefined;
        this.writing = this.write().finally(() => {
          this.writing = undefined;
          if (this.queue.size) this.soon();
        });
      },
      Math.min(momentMs * 2 ** this.failures, longestPauseMs),
    ).unref();
  }

  private async write(): Promise<void> {
    const some = [...this.queue].slice(0, atOnce);
    if (!some.length) return;
    try {
      await insertViews(
        this.sql,
        some.map(([, view]) => view),
      );
      if (this.written.size > mostWaiting) this.written.clear();
      for (const [key] of some) {
        this.queue.delete(key);
        this.written.add(key);
      }
      this.failures = 0;
    } catch (error) {
      this.failures++;
      this.log.error(
        { err: error, waiting: this.queue.size },
        "Views could not be recorded: they are kept and tried again",
      );
    }
  }
}
