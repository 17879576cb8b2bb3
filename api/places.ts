/** So many at once; the others wait in the order in which they came. */
export class Places {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Nothing to wait for where there is a place. Whoever entered leaves it again. */
  enter(): undefined | Promise<void> {
    if (this.free > 0) return void this.free--;
    return new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  leave(): void {
    const next = this.waiting.shift();
    // The place is handed on.
    if (next) next();
    else this.free++;
  }
}
