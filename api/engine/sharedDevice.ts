/**
 * A device that several people use: the office's computer, a tablet at the gate. Its secret opens no account. Somebody of
 * the staff names themselves on it by their PIN, for one report or until nothing was done for two minutes.
 */
import { randomBytes } from "node:crypto";
import type { RecordType } from "../../schema/definition";
import { Failure, invalid } from "../../schema/failure";
import { isFile } from "../../schema/fields";
import type { RecordData } from "../../schema/record";
import { codePoints, fold, normal } from "../../schema/text";
import { isoOf } from "../store/database";
import { outsideRoles } from "../store/definitions";
import { countAttempt, forgetAttempt, peopleByIds } from "../store/people";
import {
  deviceBehind,
  endNaming,
  insertDevice,
  insertUse,
  namesWithPin,
  nameOn,
  prolongNaming,
  revokeDevice,
  type SharedDeviceRow,
  type Use,
} from "../store/sharedDevices";
import type { Viewer } from "../store/visibility";
import { dateIn, hashOfSecret } from "./access";
import { createRecord } from "./createRecord";
import type { Input } from "./input";
import { tryPin } from "./pin";
import { activeType } from "./pinned";
import { viewerOf } from "./read/viewerOf";
import { mustAdminister, run, type Run, schoolNow } from "./run";
import { newId, type World } from "./world";

const IDLE_MS = 2 * 60_000;
const WINDOW_MS = 15 * 60_000;
/** Tries on one device within the window, right or wrong: a whole staff on a busy morning, but nobody who guesses. */
const PER_DEVICE = 60;
const SHOWN = 8;

/** A device as one request finds it: `person` is who has named themselves and is still there. */
export type SharedDevice = Omit<SharedDeviceRow, "person"> & { person: { id: string; name: string } | null };

/** @throws FORBIDDEN, INVALID_INPUT. The secret is for the one browser that asked, and shown to nobody. */
export async function startSharedDevice(run: Run, input: { label: string }): Promise<{ id: string; secret: string }> {
  mustAdminister(run);
  const { actor } = run;
  if (actor.kind !== "person") throw new Failure("FORBIDDEN", "Sign in on the device itself to make it a shared one.");
  const label = normal(input.label);
  if (!label || codePoints(label) > 100)
    throw invalid([{ path: "label", message: "Say where the device stands, in 100 letters at most." }]);
  const secret = randomBytes(32).toString("base64url");
  const id = run.newId();
  await insertDevice(run.tx, {
    id,
    organisation: run.organisation.id,
    secretHash: hashOfSecret(secret),
    label,
    by: actor.id,
    at: isoOf(run.machineNow),
  });
  run.note({ kind: "deviceShared", detail: { device: id } });
  return { id, secret };
}

/** It works no longer, wherever it is. @throws FORBIDDEN, NOT_FOUND. */
export async function revokeSharedDevice(run: Run, { id }: { id: string }): Promise<void> {
  mustAdminister(run);
  const by = run.identity.access.person ?? "";
  const organisation = run.organisation.id;
  if (!(await revokeDevice(run.tx, { id, organisation, by, at: isoOf(run.machineNow) })))
    throw new Failure("NOT_FOUND", "There is no such device, or it was revoked before.");
  run.note({ kind: "deviceRevoked", detail: { device: id } });
}

/** The device behind a secret; undefined for one that never was or was revoked. */
export async function sharedDevice(world: World, secret: string): Promise<SharedDevice | undefined> {
  const device = await deviceBehind(world.db, hashOfSecret(secret));
  return device && withPerson(world, device);
}

async function withPerson(world: World, device: SharedDeviceRow): Promise<SharedDevice> {
  const { person, namedUntil } = device;
  const there = person !== null && namedUntil !== null && Date.parse(namedUntil) > world.machineNow();
  const [found] = there ? await peopleByIds(world.db, [person]) : [];
  return { ...device, person: found ? { id: found.id, name: found.name } : null };
}

/** The staff of today who have a PIN, by a part of the name: two letters at least, and few at a time. */
export async function namesOn(
  world: World,
  device: SharedDevice,
  search: string | { id: string },
): Promise<{ id: string; name: string }[]> {
  const words = typeof search === "string" ? fold(normal(search)) : search;
  if (typeof words === "string" && codePoints(words) < 2) return [];
  const { organisation } = device;
  return namesWithPin(world.db, {
    organisation,
    outside: outsideRoles(world.registry),
    on: await todayOn(world, organisation),
    search: words,
    limit: SHOWN,
  });
}

/** @throws FORBIDDEN (wrong, or locked after too many that were), TOO_MANY_ATTEMPTS. */
export async function nameOnDevice(
  world: World,
  device: SharedDevice,
  { person, pin }: { person: string; pin: string },
): Promise<SharedDevice> {
  const { db } = world;
  const now = world.machineNow();
  const bucket = `device:${device.id}`;
  const id = newId();
  if ((await countAttempt(db, { bucket, id, at: isoOf(now), since: isoOf(now - WINDOW_MS) })) > PER_DEVICE) {
    // A refused try does not lengthen the wait.
    await forgetAttempt(db, bucket, id);
    throw new Failure("TOO_MANY_ATTEMPTS", "Too many PINs were tried here. Wait a quarter of an hour and try again.");
  }
  const [found] = await namesOn(world, device, { id: person });
  const result = await tryPin(db, found?.id ?? "", pin);
  const use = (what: Use) => insertUse(db, { id, device: device.id, person: found?.id ?? null, at: isoOf(now), what });
  if (result === "locked") {
    await use("locked");
    throw new Failure(
      "FORBIDDEN",
      "This PIN is locked after too many wrong ones. Its owner sets another on their own page of Duly.",
    );
  }
  if (!found || result === "wrong") {
    await use("wrongPin");
    throw new Failure("FORBIDDEN", "That is not the PIN of this person.");
  }
  await nameOn(db, device.id, found.id, isoOf(now + IDLE_MS));
  await use("named");
  return { ...device, person: found, namedUntil: isoOf(now + IDLE_MS) };
}

/** Somebody is typing: two minutes from now. Nothing where nobody is named. */
export async function stillThere(world: World, device: SharedDevice): Promise<SharedDevice> {
  if (!device.person) return device;
  const now = world.machineNow();
  const until = isoOf(now + IDLE_MS);
  const naming = { id: device.id, person: device.person.id, now: isoOf(now) };
  // Their report, or their goodbye, may have come first.
  const still = await prolongNaming(world.db, naming, until);
  return still ? { ...device, namedUntil: until } : { ...device, person: null, namedUntil: null };
}

export async function leaveDevice(world: World, device: SharedDevice): Promise<SharedDevice> {
  if (device.person) {
    const now = isoOf(world.machineNow());
    const person = device.person.id;
    if (await endNaming(world.db, { id: device.id, person, now }))
      await insertUse(world.db, { id: newId(), device: device.id, person, at: now, what: "left" });
  }
  return { ...device, person: null, namedUntil: null };
}

/** As whom somebody who has named themselves reads: in their own rights. @throws FORBIDDEN where nobody has. */
export async function viewerOn(world: World, { person, organisation }: SharedDevice): Promise<Viewer> {
  if (!person) throw new Failure("FORBIDDEN", "Say who you are first.");
  const today = await todayOn(world, organisation);
  const viewer = await viewerOf({ tx: world.db, registry: world.registry, today }, person.id, organisation);
  if (!viewer) throw new Failure("NOT_FOUND", "There is no such organisation.");
  return viewer;
}

/** The school's date there. */
export async function todayOn(world: World, organisation: string): Promise<string> {
  const [row] = await world.db.query("SELECT zone FROM organisation WHERE id = ?", [organisation]);
  return dateIn(String(row?.["zone"]), await schoolNow(world));
}

/** How the history says it, after the name. */
export const onDevice = (label: string): string => `, on the shared device “${label}”, by PIN`;

/** The questions of a type's quick form that can be answered on a shared device: no file leaves it. */
export function askedOnDevice({ quick, fields }: RecordType): string[] {
  return (quick?.fields ?? []).filter((name) => fields[name] && !isFile(fields[name]));
}

/** One report, by the quick form of its type and nothing beyond it; then nobody is named there any more. */
export async function reportOnDevice(
  world: World,
  device: SharedDevice,
  input: { type: string; input: Input },
): Promise<RecordData> {
  const { access } = await viewerOn(world, device);
  const { id, label } = device;
  const [person, name] = [device.person?.id ?? "", `${device.person?.name}${onDevice(label)}`];
  const actor = { kind: "device" as const, id, person, device: label, name };
  return run(world, { actor, access, administers: false }, async (run: Run) => {
    const now = isoOf(run.machineNow);
    // Held until the report is written, so that one naming is one report.
    if (!(await endNaming(run.tx, { id: device.id, person, now })))
      throw new Failure("FORBIDDEN", "Nobody is named here any more. Say who you are, and send it again.");
    const { type } = activeType(run.registry, input.type).active;
    const asked = askedOnDevice(type);
    if (!asked.length) throw new Failure("FORBIDDEN", `A ${type.label.toLowerCase()} is not made on a shared device.`);
    const stray = Object.keys(input.input).filter((name) => !asked.includes(name));
    if (stray.length)
      throw invalid(stray.map((name) => ({ path: `input.${name}`, message: "This is not asked on a shared device." })));
    const record = await createRecord(run, input);
    const use = { id: run.newId(), device: device.id, person, at: now };
    await insertUse(run.tx, { ...use, what: "reported", type: type.name, record: record.id });
    return record;
  });
}
