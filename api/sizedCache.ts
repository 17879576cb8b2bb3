import { createHash } from "node:crypto";

/** Keys that were set once and are remembered for a second time. */
const SEEN_ONCE = 2_000;

/** Keeps what was used last, by the bytes that each entry is taken to hold, not by how many there are. */
export class SizedCache<V> {
  private readonly entries = new Map<string, { value: V; size: number }>();
  private readonly seen = new Set<string>();
  private held = 0;

  /** With "repeated", what is set for the first time is not kept: a flood of things that never come again holds nothing. */
  constructor(
    private readonly most: number,
    private readonly keeps: "all" | "repeated" = "all",
  ) {}

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

  /** What is too large to be kept is not kept. @returns whether it is. */
  set(key: string, value: V, size: number): boolean {
    const isNew = !this.delete(key);
    if (size > this.most / 4 || (isNew && this.keeps === "repeated" && this.isFirst(key))) return false;
    this.entries.set(key, { value, size });
    this.held += size;
    for (const oldest of this.entries.keys()) {
      if (this.held <= this.most) break;
      this.delete(oldest);
    }
    return true;
  }

  /** @returns whether it was kept. */
  delete(key: string): boolean {
    const entry = this.entries.get(key);
    if (!entry) return false;
    this.entries.delete(key);
    this.held -= entry.size;
    return true;
  }

  private isFirst(key: string): boolean {
    // Keys may be whole documents.
    const name = key.length > 64 ? createHash("sha256").update(key).digest("base64") : key;
    if (this.seen.delete(name)) return false;
    if (this.seen.size >= SEEN_ONCE) this.seen.delete(this.seen.values().next().value ?? "");
    this.seen.add(name);
    return true;
  }
}
