/** How often somebody may learn by trial that a value stands in a record they may not read: in one process, by the hour. */
const MOST_PER_HOUR = 10;
const HOUR_MS = 3_600_000;
const REMEMBERED = 1_000;

export class Guesses {
  private readonly tried = new Map<string, { since: number; count: number }>();

  /** False once there were too many within the hour. */
  allows(person: string, now: number): boolean {
    const known = this.tried.get(person);
    const own = known && now - known.since < HOUR_MS ? known : { since: now, count: 0 };
    own.count += 1;
    this.tried.delete(person);
    if (this.tried.size >= REMEMBERED) this.tried.delete(this.tried.keys().next().value ?? "");
    this.tried.set(person, own);
    return own.count <= MOST_PER_HOUR;
  }
}
