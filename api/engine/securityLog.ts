/** What verbs say to the security log: in the transaction of what they do, or, for sign-ins, in one of its own. */
import { createHmac } from "node:crypto";
import type { Actor } from "../../schema/record";
import type { SecurityActor, SecurityEventKind } from "../../schema/securityEvents";
import { readClock } from "../store/clock";
import { isoOf, type Tx } from "../store/database";
import { appendSecurity, type SecurityRow } from "../store/securityLog";
import type { World } from "./world";

/** Where a request comes from, as the edge knows it: the client's address, and the cookie of a known device. */
export interface Origin {
  address: string;
  device?: string | null | undefined;
}

export interface SecurityEvent {
  kind: SecurityEventKind;
  /** The person it is about, where that is not who did it. */
  about?: string | null;
  /** Facts beside: names of roles and types, counts. Never a secret, an address or a body. */
  detail?: Record<string, unknown>;
  /** Default: that of the transaction. */
  organisation?: string | null;
  actor?: SecurityActor;
}

/** The name of the system when it acts for whoever has the server's command line. */
export const COMMAND_LINE = "The command line";

export function securityActor(actor: Actor): SecurityActor {
  switch (actor.kind) {
    case "person":
      return { kind: "person", id: actor.id };
    case "token":
      return { kind: "token", id: actor.person, via: actor.id };
    case "guest":
    case "device":
      return { kind: actor.kind, id: actor.person };
    case "system":
      return { kind: actor.name === COMMAND_LINE ? "cli" : "system" };
  }
}

type Door = Pick<World, "key">;

/** The same text gives the same 16 hexadecimal digits, under this installation's key alone. */
export const keyedHash = (key: Buffer, purpose: string, text: string, digits = 16): string =>
  createHmac("sha256", key).update(`${purpose} ${text}`).digest("hex").slice(0, digits);

interface When {
  machineNow: number;
  now: number;
  organisation: string | null;
  actor: SecurityActor;
  origin?: Origin | undefined;
}

/** Writes events in the order they happened, as the last thing of their transaction. */
export async function writeEvents(tx: Tx, { key }: Door, when: When, events: SecurityEvent[]): Promise<void> {
  const rows = events.map((event): Omit<SecurityRow, "seq"> => {
    const actor = event.actor ?? when.actor;
    const { address, device } = when.origin ?? {};
    return {
      at: isoOf(when.machineNow),
      schoolAt: isoOf(when.now),
      organisation: event.organisation === undefined ? when.organisation : event.organisation,
      actorKind: actor.kind,
      actor: "id" in actor ? actor.id : null,
      via: "via" in actor ? actor.via : null,
      kind: event.kind,
      about: event.about ?? null,
      address: address ? keyedHash(key, "address", address) : null,
      device: device ? keyedHash(key, "device", device) : null,
      detail: event.detail ?? {},
    };
  });
  await appendSecurity(tx, key, rows);
}

/** One event by itself. */
export async function logAlone(
  world: Pick<World, "db" | "key" | "timeAt">,
  event: SecurityEvent & { organisation: string | null; actor: SecurityActor },
  origin?: Origin,
): Promise<void> {
  await world.db.transaction(async (tx) => {
    const { offsetMs, databaseNow } = await readClock(tx);
    const machineNow = world.timeAt(databaseNow);
    const now = machineNow + offsetMs;
    const { organisation, actor } = event;
    await writeEvents(tx, world, { machineNow, now, organisation, actor, origin }, [event]);
  });
}
