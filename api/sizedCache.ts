/** Keeps what was used last, by the bytes that each entry is taken to hold, not by how many there are. */
export class SizedCache<V> {
  private readonly entries = new Map<string, { value: V; size: number }>();
  private held = 0;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.held;
  }

  get(key: string): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    // The least lately used stands first.
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  /** What is too large to be kept is not kept. */
  set(key: string, value: V, size: number): void {
    this.delete(key);
    if (size > this.most / 4) return;
    this.entries.set(key, { value, size });
    this.held += size;
    for (const oldest of this.entries.keys()) {
      if (this.held <= this.most) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.held -= entry.size;
  }
}
