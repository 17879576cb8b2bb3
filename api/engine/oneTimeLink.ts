/**
 * The secrets of one-time links: a MAC of the link's id under the installation's key, so that the database alone opens
 * nothing. Each page has MACs of its own: the secret of one opens no other. A mail holds a slot for a link: the secret is
 * put there when it leaves, the same at every try.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Slot } from "../store/mails";

/** The pages that a one-time link opens: `found` makes the first school, `welcome` chooses a password, `guest` answers a record. */
const linkPages = ["found", "welcome", "guest"] as const;
export type LinkPage = (typeof linkPages)[number];

const mac = (key: Buffer, words: string): string =>
  createHmac("sha256", key).update(words).digest("base64url").slice(0, 32);

/** The link's id, then its MAC: what comes back says which link it is. */
export const secretOf = (key: Buffer, page: LinkPage, id: string): string =>
  `${id}${mac(key, `duly one-time link\0${page}\0${id}`)}`;

/** Of links made before each page had MACs of its own. */
const formerSecretOf = (key: Buffer, id: string): string => `${id}${mac(key, `one-time link ${id}`)}`;

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The id (a ULID) that a secret names; empty where it names none. Nothing is proven by it: see `opens`. */
export const idIn = (given: string): string => /^[0-9A-Z]{26}/.exec(given)?.[0] ?? "";

/** Whether a secret opens this link. `former`: the link was made before each page had MACs of its own. */
export const opens = (key: Buffer, page: LinkPage, link: { id: string; former: boolean }, given: string): boolean =>
  isSame(given, secretOf(key, page, link.id)) || (link.former && isSame(given, formerSecretOf(key, link.id)));

/** Whether this installation has made a secret, whatever it opens and whether that still stands. */
export const isOurs = (key: Buffer, given: string): boolean =>
  linkPages.some((page) => opens(key, page, { id: idIn(given), former: true }, given));

/** Behind the hash, so that no server's log on the way holds it. */
export const linkUrl = (publicUrl: string, page: LinkPage, secret: string): string =>
  `${publicUrl}/#/${page}/${secret}`;

/**
 * The links of a mail while it is put together. Each stands in its words as an address that nobody can have written, since
 * it is drawn for this mail alone; `take` cuts those out again and says where they stood.
 */
export class LinkSlots {
  private readonly host = `https://${randomBytes(16).toString("hex")}.invalid/`;
  private readonly links: { page: LinkPage; link: string }[] = [];

  urlOf(page: LinkPage, link: string): string {
    return `${this.host}${this.links.push({ page, link }) - 1}/`;
  }

  take(part: Slot["part"], words: string): { words: string; slots: Slot[] } {
    if (!this.links.length) return { words, slots: [] };
    const slots: Slot[] = [];
    const [first = "", ...rest] = words.split(this.host);
    let taken = first;
    for (const piece of rest) {
      const end = piece.indexOf("/");
      const link = this.links[Number(piece.slice(0, end))];
      if (end < 0 || !link) throw new Error("A link of a mail was cut in two.");
      slots.push({ ...link, part, at: taken.length });
      taken += piece.slice(end + 1);
    }
    return { words: taken, slots };
  }
}
