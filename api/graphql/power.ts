/** What takes two people, and the log of who used which power. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from "type-graphql";
import { securityEvents, isSecurityEvent } from "../../schema/securityEvents";
import { Failure, invalid } from "../../schema/failure";
import { confirmPower, type Decision, seePower, setPowerDelay, stopPower } from "../engine/carryOutPower";
import { confirmingRoles } from "../engine/power";
import { rootOrganisation, withBelow } from "../store/organisations";
import { powerDelay, type PowerRequestRow, powerRequests, unseenPower } from "../store/powerRequests";
import { type SecurityRow, securityRows } from "../store/securityLog";
import { type Context, loadersOf, originOf, perform, readerOf, signedIn } from "./context";
import { PageInfo } from "./pageInfo";
import { Person } from "./people";
import { Me } from "./session";
import { DateTime, Json } from "./scalars";

export const PowerStates = {
  WAITING: "waiting",
  APPROVED: "approved",
  DONE: "done",
  STOPPED: "stopped",
  FAILED: "failed",
} as const;
registerEnumType(PowerStates, {
  name: "PowerState",
  description: "APPROVED: confirmed, and used by whoever asked when they ask once more.",
});

@ObjectType({
  description: "Something that takes two people: done once another confirms it, or when its delay has passed.",
})
export class PowerRequest {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => ID, { simple: true, description: "The same for those asked for in one go: a list of people." })
  batch!: string;
  @Field(() => String, { simple: true }) kind!: string;
  @Field(() => String, { simple: true, description: "What is asked for." }) sentence!: string;
  @Field(() => DateTime, { simple: true }) askedAt!: string;
  @Field(() => DateTime, { simple: true, description: "When it takes effect if nobody answers." }) effectiveAt!: string;
  @Field(() => PowerStates, { simple: true }) state!: PowerRequestRow["state"];
  @Field(() => DateTime, { simple: true, nullable: true }) decidedAt!: string | null;
  @Field(() => String, { simple: true, nullable: true, description: "Why it was stopped, or could not be done." })
  why!: string | null;
  row!: PowerRequestRow;
}

export const requestView = (row: PowerRequestRow): PowerRequest => ({ ...row, row });

@ObjectType({ simpleResolvers: true })
export class PowerDecision {
  @Field(() => ID) id!: string;
  @Field(() => PowerStates) state!: PowerRequestRow["state"];
  @Field(() => String, { nullable: true }) why!: string | null;
}

@ObjectType({ description: "An entry of the security log, which is chained and only grows." })
export class SecurityEntry {
  @Field(() => ID, { simple: true, description: "Its place in the chain." }) id!: string;
  @Field(() => DateTime, { simple: true }) at!: string;
  @Field(() => String, { simple: true }) kind!: string;
  @Field(() => String, { simple: true, description: "The kind, in words." }) label!: string;
  @Field(() => String, { simple: true, description: "person, token, guest, device, cli, system or nobody." })
  actorKind!: string;
  @Field(() => Json, { simple: true }) detail!: Record<string, unknown>;
  @Field(() => String, { simple: true, nullable: true, description: "The same for the same network address." })
  address!: string | null;
  @Field(() => String, { simple: true, nullable: true, description: "The same for the same browser." })
  device!: string | null;
  row!: SecurityRow;
}

@ObjectType()
export class SecurityLog {
  @Field(() => [SecurityEntry]) nodes!: SecurityEntry[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
}

@ObjectType({ simpleResolvers: true })
export class SecurityKind {
  @Field(() => String) kind!: string;
  @Field(() => String) label!: string;
}

/** Holds a role here, or above, whose holders may be the second person. */
export function confirmsHere(context: Context): boolean {
  const { identity, registry } = readerOf(context);
  const confirming = confirmingRoles(registry);
  return identity.access.organisations.some(
    ({ id, roles, below = [] }) =>
      id === identity.acting.id && [...roles, ...below].some((role) => confirming.includes(role)),
  );
}

const reaches = new WeakMap<Context, Map<string, Promise<string[]>>>();

/** Ids of the organisations that the reader reaches by one of these roles, those below included; asked once a request. */
function reached(context: Context, wanted: string[]): Promise<string[]> {
  const known = reaches.get(context) ?? new Map<string, Promise<string[]>>();
  reaches.set(context, known);
  const key = wanted.join(" ");
  let found = known.get(key);
  if (!found) {
    const { db, identity } = readerOf(context);
    const own = identity.access.organisations.filter(({ roles, below = [] }) =>
      [...roles, ...below].some((role) => wanted.includes(role)),
    );
    found = Promise.all(own.map(({ id }) => withBelow(db, id))).then((all) => [...new Set(all.flat())]);
    known.set(key, found);
  }
  return found;
}

/** Those all of whose requests the reader may see: where they may confirm. */
const seenWhole = (context: Context): Promise<string[]> =>
  reached(context, confirmingRoles(readerOf(context).registry));

@Resolver(() => PowerRequest)
export class PowerRequestResolver {
  @FieldResolver(() => Person, { nullable: true, description: "Whom it is about." })
  person(@Root() { row }: PowerRequest, @Ctx() context: Context): Promise<Person | null> | null {
    return row.person === null ? null : loadersOf(context).person(row.person);
  }

  @FieldResolver(() => Person, { nullable: true })
  askedBy(@Root() { row }: PowerRequest, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(row.askedBy);
  }

  @FieldResolver(() => Person, { nullable: true, description: "Null where nobody answered." })
  decidedBy(@Root() { row }: PowerRequest, @Ctx() context: Context): Promise<Person | null> | null {
    return row.decidedBy === null ? null : loadersOf(context).person(row.decidedBy);
  }

  @FieldResolver(() => Boolean, { description: "I may be the second person." })
  async mayConfirm(@Root() { row }: PowerRequest, @Ctx() context: Context): Promise<boolean> {
    const { actor } = signedIn(context);
    if (row.state !== "waiting" || actor.kind !== "person" || row.askedBy === actor.id) return false;
    if (row.person === actor.id && (row.kind === "role" || row.kind === "return")) return false;
    return this.confirms(context, row);
  }

  @FieldResolver(() => Boolean)
  async mayStop(@Root() { row }: PowerRequest, @Ctx() context: Context): Promise<boolean> {
    const { person } = signedIn(context);
    if (row.state !== "waiting" && row.state !== "approved") return false;
    if (row.person === person.id || row.askedBy === person.id) return true;
    return this.confirms(context, row, row.roles);
  }

  private async confirms(context: Context, row: PowerRequestRow, more: string[] = []): Promise<boolean> {
    const there = await reached(context, [...confirmingRoles(readerOf(context).registry), ...more]);
    return row.kind === "publish" ? there.length > 0 : there.includes(row.organisation);
  }
}

@Resolver(() => SecurityEntry)
export class SecurityEntryResolver {
  @FieldResolver(() => Person, { nullable: true, description: "Who did it." })
  actor(@Root() { row }: SecurityEntry, @Ctx() context: Context): Promise<Person | null> | null {
    return row.actor === null ? null : loadersOf(context).person(row.actor);
  }

  @FieldResolver(() => Person, { nullable: true, description: "Whom it is about." })
  about(@Root() { row }: SecurityEntry, @Ctx() context: Context): Promise<Person | null> | null {
    return row.about === null ? null : loadersOf(context).person(row.about);
  }
}

const MOST_SHOWN = 500;

@Resolver(() => Person)
export class PersonWaitingResolver {
  @FieldResolver(() => [PowerRequest], {
    description: "What waits for a second person about them, for whoever may see it: part of a change is not done yet.",
  })
  async waiting(@Root() { id }: Person, @Ctx() context: Context): Promise<PowerRequest[]> {
    const { db, identity } = readerOf(context);
    const organisations = await seenWhole(context);
    const where = { person: identity.person.id, organisations, about: id, waiting: true, limit: 50 };
    return (await powerRequests(db, where)).map(requestView);
  }
}

@Resolver(() => Me)
export class ConfirmsResolver {
  @FieldResolver(() => Boolean, { description: "May be the second person here, and reads the security log." })
  confirms(@Ctx() context: Context): boolean {
    return confirmsHere(context);
  }
}

@Resolver()
export class PowerResolver {
  @Query(() => [PowerRequest], {
    description: "Requests that I may confirm, or that concern me: those that wait first, then the newest.",
  })
  async powerRequests(
    @Ctx() context: Context,
    @Arg("waiting", () => Boolean, { defaultValue: false }) waiting: boolean,
    @Arg("about", () => ID, { nullable: true }) about: string | null,
  ): Promise<PowerRequest[]> {
    const { db, identity } = readerOf(context);
    const organisations = await seenWhole(context);
    const where = { person: identity.person.id, organisations, about, waiting, limit: MOST_SHOWN };
    return (await powerRequests(db, where)).map(requestView);
  }

  @Query(() => [PowerRequest], {
    description: "What concerns me and I have not seen as it stands: shown on every page.",
  })
  async powerNews(@Ctx() context: Context): Promise<PowerRequest[]> {
    const { db, identity } = readerOf(context);
    return (await unseenPower(db, identity.person.id, MOST_SHOWN)).map(requestView);
  }

  @Query(() => Int, { description: "Hours until a request takes effect unanswered." })
  powerDelay(@Ctx() context: Context): Promise<number> {
    const { db, identity } = readerOf(context);
    return powerDelay(db, identity.acting.id);
  }

  @Query(() => SecurityLog, {
    description:
      "For those who administer or confirm here: of this organisation and those below it, newest first. Instants are the machine's.",
  })
  async securityLog(
    @Ctx() context: Context,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
    @Arg("kind", () => String, { nullable: true }) kind: string | null,
    @Arg("person", () => ID, { nullable: true, description: "Who did it, or whom it is about." }) person: string | null,
    @Arg("from", () => DateTime, { nullable: true }) from: string | null,
    @Arg("to", () => DateTime, { nullable: true, description: "Not included." }) to: string | null,
  ): Promise<SecurityLog> {
    const { db, identity } = readerOf(context);
    if (!confirmsHere(context)) throw new Failure("FORBIDDEN", "This is for administrators and headteachers.");
    const before = after ? Number(after) : null;
    if (before !== null && !Number.isSafeInteger(before))
      throw invalid([{ path: "after", message: "Start again from the first page." }]);
    const limit = Math.min(Math.max(1, first), 200);
    const { id } = identity.acting;
    // What belongs to no school is for whoever administers the whole installation.
    const organisations = id === (await rootOrganisation(db)) ? null : await withBelow(db, id);
    const rows = await securityRows(db, { organisations, kind, about: person, from, to, before, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      nodes: shown.map((row) => ({
        ...row,
        id: String(row.seq),
        label: isSecurityEvent(row.kind) ? securityEvents[row.kind] : row.kind,
        row,
      })),
      pageInfo: { hasNextPage: rows.length > limit, endCursor: last ? String(last.seq) : null },
    };
  }

  @Query(() => [SecurityKind], { description: "What the security log may say." })
  securityKinds(): SecurityKind[] {
    return Object.entries(securityEvents).map(([kind, label]) => ({ kind, label }));
  }

  @Mutation(() => [PowerDecision], { description: "As the second person. Each is carried out by itself." })
  async confirmPower(@Ctx() context: Context, @Arg("ids", () => [ID]) ids: string[]): Promise<Decision[]> {
    const decided = await confirmPower(context.world, signedIn(context), ids, context.objections, originOf(context));
    context.loading.loaders = null;
    context.editions.forget();
    return decided;
  }

  @Mutation(() => [PowerDecision])
  async stopPower(
    @Ctx() context: Context,
    @Arg("ids", () => [ID]) ids: string[],
    @Arg("why", () => String, { nullable: true }) why: string | null,
  ): Promise<Decision[]> {
    return stopPower(context.world, signedIn(context), ids, why, originOf(context));
  }

  @Mutation(() => Boolean, { description: "I have seen how these stand." })
  async seePower(@Ctx() context: Context, @Arg("ids", () => [ID]) ids: string[]): Promise<boolean> {
    await perform(context, (run) => seePower(run, ids));
    return true;
  }

  @Mutation(() => Int, {
    description: "1 to 168 hours. A shorter delay waits as any request does; answers with the delay in force.",
  })
  async setPowerDelay(@Ctx() context: Context, @Arg("hours", () => Int) hours: number): Promise<number> {
    await perform(context, (run) => setPowerDelay(run, hours));
    return this.powerDelay(context);
  }
}
