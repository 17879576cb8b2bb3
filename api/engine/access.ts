/**
 * Who a request comes from, and where it acts. An identity is remembered by the hash of its secret for as long as
 * nothing about access changed anywhere, the school's clock stands where it stood, and for a minute at most.
 */
import { createHash } from "node:crypto";
import { Temporal } from "temporal-polyfill";
import { Failure } from "../../schema/failure";
import type { Actor } from "../../schema/record";
import { feedHolder } from "../store/calendarFeeds";
import { type Database, isoOf } from "../store/database";
import {
  allOrganisations,
  allRoles,
  heldBy,
  type Holder,
  type OrganisationRow,
  sessionHolder,
  tokenHolder,
} from "../store/people";
import type { Access } from "../store/visibility";
import type { Editions, EditionsRow } from "./editions";

export interface Identity {
  actor: Actor;
  person: { id: string; name: string; email: string | null };
  access: Access;
  /** The organisation this request acts in. */
  acting: OrganisationRow;
  /** Those it could act in. */
  organisations: OrganisationRow[];
  /** Holds a role here that may configure. */
  administers: boolean;
  /** The access edition it was read at. */
  edition: number;
}

/** How somebody says who they are, a cookie, a bearer token or a calendar's link; or how a shared device says which it is. */
export interface Secret {
  kind: "session" | "token" | "device" | "feed";
  value: string;
}

export const hashOfSecret = (value: string): string => createHash("sha256").update(value).digest("hex");

interface Remembered {
  holder: Holder;
  held: { organisation: string; role: string }[];
  organisations: OrganisationRow[];
  administering: ReadonlySet<string>;
  readAt: number;
  edition: number;
  clockOffsetMs: number;
  /** By acting organisation; "" is the default. */
  identities: Map<string, Identity>;
}

/** Who stands behind a secret. A shared device is nobody until somebody names themselves on it. */
const holders: Record<Secret["kind"], typeof sessionHolder> = {
  session: sessionHolder,
  token: tokenHolder,
  device: () => Promise.resolve(undefined),
  feed: feedHolder,
};

const MAX_AGE_MS = 60_000;
const KEPT = 5_000;

export class Identities {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly db: Database,
    private readonly machineNow: () => number,
    private readonly editions: Editions,
  ) {}

  /**
   * The identity behind a secret, null where it is unknown, expired or withdrawn. Answers at once, without a promise,
   * when it is remembered. Throws FORBIDDEN for an organisation in which the person holds nothing.
   */
  find(secret: Secret, organisation: string): Identity | null | Promise<Identity | null> {
    const key = `${secret.kind}:${hashOfSecret(secret.value)}`;
    const editions = this.editions.current();
    if (editions instanceof Promise) return editions.then((row) => this.under(row, key, organisation));
    return this.under(editions, key, organisation);
  }

  /** Whether the identity behind it is remembered, so that `find` most likely reads nothing. */
  remembers(secret: Secret): boolean {
    return this.remembered.has(`${secret.kind}:${hashOfSecret(secret.value)}`);
  }

  /** Forgets one secret at once: its session has ended here. */
  forget(secret: Secret): void {
    this.remembered.delete(`${secret.kind}:${hashOfSecret(secret.value)}`);
  }

  private under(editions: EditionsRow, key: string, organisation: string): Identity | null | Promise<Identity | null> {
    const found = this.remembered.get(key);
    if (
      found &&
      found.edition === editions.access &&
      found.clockOffsetMs === editions.clockOffsetMs &&
      this.machineNow() - found.readAt < MAX_AGE_MS
    )
      return identityIn(found, organisation);
    return this.load(editions, key).then((loaded) => loaded && identityIn(loaded, organisation));
  }

  private async load(editions: EditionsRow, key: string): Promise<Remembered | null> {
    this.remembered.delete(key);
    const [kind, hash] = key.split(":") as [Secret["kind"], string];
    const machineNow = this.machineNow();
    const holder = await holders[kind](this.db, hash, isoOf(machineNow));
    if (!holder) return null;
    const [organisations, roles] = await Promise.all([allOrganisations(this.db), allRoles(this.db)]);
    const now = machineNow + editions.clockOffsetMs;
    const root = organisations.find((each) => each.id === holder.person.organisation) ?? organisations[0];
    const on = dateIn(root?.zone ?? "Europe/London", now);
    const loaded: Remembered = {
      holder,
      held: await heldBy(this.db, holder.person.id, on),
      organisations,
      administering: new Set(roles.filter((role) => role.administers).map((role) => role.name)),
      readAt: machineNow,
      edition: editions.access,
      clockOffsetMs: editions.clockOffsetMs,
      identities: new Map(),
    };
    if (this.remembered.size >= KEPT) this.remembered.delete(this.remembered.keys().next().value ?? "");
    this.remembered.set(key, loaded);
    return loaded;
  }
}

function identityIn(from: Remembered, organisation: string): Identity {
  const known = from.identities.get(organisation);
  if (known) return known;
  const rolesBy = rolesOf(from.held);
  const organisations = from.organisations.filter((each) => rolesBy.has(each.id));
  const home = from.organisations.find((each) => each.id === from.holder.person.organisation);
  // Somebody who holds nothing may still sign in, and sees what is open to anyone at home.
  const acting = organisation ? organisations.find((each) => each.id === organisation) : (organisations[0] ?? home);
  if (!acting) throw new Failure("FORBIDDEN", "You hold no role in that organisation.");
  const { person, token } = from.holder;
  const identity: Identity = {
    actor: token
      ? { kind: "token", id: token.id, person: person.id, name: `${person.name} (${token.label})` }
      : { kind: "person", id: person.id, name: person.name },
    person: { id: person.id, name: person.name, email: person.email },
    access: accessIn(person.id, acting, from.organisations, from.held),
    acting,
    organisations: organisations.length > 0 ? organisations : [acting],
    administers: (rolesBy.get(acting.id) ?? []).some((role) => from.administering.has(role)),
    edition: from.edition,
  };
  from.identities.set(organisation, identity);
  return identity;
}

function rolesOf(held: { organisation: string; role: string }[]): Map<string, string[]> {
  const rolesBy = new Map<string, string[]>();
  for (const { organisation, role } of held) rolesBy.set(organisation, [...(rolesBy.get(organisation) ?? []), role]);
  return rolesBy;
}

/** What a person reaches who acts in an organisation, by what they hold anywhere. */
export const accessIn = (
  person: string,
  acting: OrganisationRow,
  all: OrganisationRow[],
  held: { organisation: string; role: string }[],
): Access => ({ person, organisations: reach(acting, all, rolesOf(held)), acting: acting.id });

/** The acting organisation, then those below it; each with the roles held there and those held above it. */
function reach(
  acting: OrganisationRow,
  all: OrganisationRow[],
  rolesBy: Map<string, string[]>,
): Access["organisations"] {
  const rolesAbove = (from: OrganisationRow): string[] => {
    const parent = all.find((each) => each.id === from.parent);
    return parent ? [...(rolesBy.get(parent.id) ?? []), ...rolesAbove(parent)] : [];
  };
  const reached = [{ id: acting.id, roles: rolesBy.get(acting.id) ?? [], below: rolesAbove(acting) }];
  const below = [acting.id];
  for (const id of below)
    for (const child of all.filter((each) => each.parent === id)) {
      below.push(child.id);
      // A role held in the school itself counts when the request acts there.
      const roles = rolesAbove(child);
      if (roles.length > 0) reached.push({ id: child.id, roles: [], below: roles });
    }
  return reached;
}

/** The date on the wall in a zone. */
export const dateIn = (zone: string, epochMs: number): string =>
  Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone).toPlainDate().toString();
