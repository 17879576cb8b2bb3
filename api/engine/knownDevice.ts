/**
 * The cookie of a device on which somebody has signed in before: an id of the device, and a MAC for each account that was
 * used on it, so that wrong guesses from elsewhere never lock its owner out. It opens nothing. Another password ends it.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

export const KNOWN_DEVICE_COOKIE = "duly_known";
/** Half a year. */
export const KNOWN_DEVICE_SECONDS = 182 * 86_400;
/** A computer of the staff room: the accounts used on it last. */
const ACCOUNTS = 12;
const MAC_LETTERS = 22;
const shape = /^[\w-]{22}(\.[\w-]{22}){0,12}$/;

const mac = (key: Buffer, text: string, letters: number): string =>
  createHmac("sha256", key).update(text).digest("base64url").slice(0, letters);
const areSame = (given: string, made: string): boolean =>
  given.length === made.length && timingSafeEqual(Buffer.from(given), Buffer.from(made));

const macOf = (key: Buffer, device: string, person: string, passwordHash: string): string =>
  mac(key, `known device ${device} ${person} ${passwordHash}`, MAC_LETTERS);

/** An id that this installation made, as can be seen without asking the database: half of it is a MAC of the other. */
const newDevice = (key: Buffer): string => {
  const name = randomBytes(8).toString("base64url");
  return name + deviceMac(key, name);
};

const HALF = MAC_LETTERS / 2;
const deviceMac = (key: Buffer, name: string): string => mac(key, `device ${name}`, HALF);

/** Whether this installation gave a device that cookie, whosever account it was. */
export function isOurDevice(key: Buffer, cookie: string): boolean {
  const device = deviceIn(cookie);
  return device !== undefined && areSame(device.slice(HALF), deviceMac(key, device.slice(0, HALF)));
}

/** The device's id; undefined for what is no such cookie. */
export const deviceIn = (cookie: string): string | undefined =>
  shape.test(cookie) ? cookie.slice(0, MAC_LETTERS) : undefined;

export interface Account {
  person: string;
  passwordHash: string;
}

export function isKnownDevice(key: Buffer, cookie: string | undefined, { person, passwordHash }: Account): boolean {
  const device = cookie && deviceIn(cookie);
  if (!cookie || !device) return false;
  const made = macOf(key, device, person, passwordHash);
  let known = false;
  for (const given of cookie.split(".").slice(1)) if (areSame(given, made)) known = true;
  return known;
}

/** The cookie once somebody has signed in: the same device, with this account first. */
export function knownDeviceCookie(key: Buffer, cookie: string | undefined, account: Account): string {
  const before = cookie && isOurDevice(key, cookie) ? cookie.split(".") : [newDevice(key)];
  const [device = "", ...macs] = before;
  const made = macOf(key, device, account.person, account.passwordHash);
  return [device, made, ...macs.filter((one) => one !== made)].slice(0, ACCOUNTS + 1).join(".");
}
