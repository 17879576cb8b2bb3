/**
 * The editions that every process compares its memory with: which definitions are active, who may do what, and how far
 * the school's clock stands from the machine's. Read again when older than `maxAgeMs`; pub/sub only makes it sooner.
 */
import type { Sql } from "../store/database";
import { inForceEdition } from "../store/held";

export interface EditionsRow {
  definitions: number;
  access: number;
  /** School time minus machine time. */
  clockOffsetMs: number;
  /** Of definitions, figures, calendars and roles together. */
  inForce: number;
}

export class Editions {
  private row: EditionsRow | undefined;
  private readAt = -Infinity;
  private reading: Promise<EditionsRow> | undefined;
  private forgotten = 0;

  constructor(
    private readonly sql: Sql,
    private readonly machineNow: () => number,
    private readonly maxAgeMs = 1000,
  ) {}

  /** The row if it is young enough, else a promise of it: most requests need not wait. */
  current(): EditionsRow | Promise<EditionsRow> {
    // A clock set back must not make it young for ever.
    if (this.row && Math.abs(this.machineNow() - this.readAt) < this.maxAgeMs) return this.row;
    return this.read();
  }

  /** Reads now; callers at the same time share one statement. */
  read(): Promise<EditionsRow> {
    if (!this.reading) {
      const reading = this.readRow(this.forgotten).finally(() => {
        if (this.reading === reading) this.reading = undefined;
      });
      this.reading = reading;
    }
    return this.reading;
  }

  /** The next caller reads again: something was announced, or changed here. */
  forget(): void {
    this.readAt = -Infinity;
    this.forgotten++;
    // A read under way may have missed what was just changed.
    this.reading = undefined;
  }

  private async readRow(forgotten: number): Promise<EditionsRow> {
    const startedAt = this.machineNow();
    const rows = await this.sql.query(
      `SELECT definition_edition, access_edition, clock_offset_ms, ${inForceEdition} AS in_force
       FROM installation WHERE id = 1`,
    );
    const row = {
      definitions: Number(rows[0]?.definition_edition ?? 0),
      access: Number(rows[0]?.access_edition ?? 0),
      clockOffsetMs: Number(rows[0]?.clock_offset_ms ?? 0),
      inForce: Number(rows[0]?.in_force ?? 0),
    };
    if (forgotten === this.forgotten) {
      this.row = row;
      this.readAt = startedAt;
    }
    return row;
  }
}
