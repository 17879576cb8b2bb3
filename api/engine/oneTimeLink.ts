/**
 * The secrets of one-time links: an HMAC of the link's id under the installation's key, so that the database alone opens
 * nothing. A kept mail holds a placeholder; the secret is put in its place on sending, the same at every try.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** The id itself, then its seal: what comes back says which link it is. */
export const secretOf = (key: Buffer, id: string): string =>
  `${id}${createHmac("sha256", key).update(`one-time link ${id}`).digest("base64url").slice(0, 32)}`;

export function isSecret(key: Buffer, id: string, given: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secretOf(key, id))];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** The id (a ULID) of the link that a secret belongs to; undefined for what is none of ours. */
export function idIn(key: Buffer, given: string): string | undefined {
  const id = given.slice(0, 26);
  return isSecret(key, id, given) ? id : undefined;
}

/** Behind the hash, so that no server's log on the way holds it. */
export const linkUrl = (publicUrl: string, page: string, secret: string): string => `${publicUrl}/#/${page}/${secret}`;

export const placeholderOf = (id: string): string => `link-for-${id}`;

export const withLinks = (key: Buffer, text: string): string =>
  text.replace(/link-for-(\w{26})/g, (_, id: string) => secretOf(key, id));
