import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Extensions,
} from "type-graphql";
import { SEARCH } from "./bounds";
import { Int } from "type-graphql";
import { fold } from "../../schema/text";
import { relationLabel } from "../../schema/peoplePlan";
import { circleOf } from "../engine/read/circle";
import { appoint, createPerson, endAppointment, relate, updatePerson } from "../engine/people";
import { powersOf } from "../engine/power";
import { relationKinds } from "../engine/relationKinds";
import type { World } from "../engine/world";
import { makeSignInLinks } from "../engine/signInLink";
import { isoOf } from "../store/database";
import {
  type AppointmentRow,
  appointmentsIn,
  countPeople,
  peopleIn,
  peopleWithoutSignIn,
  personFile,
  relationsOf,
} from "../store/people";
import { cursorOf, readPageCursor } from "../store/visibleRecords";
import { Failure } from "../../schema/failure";
import { type Context, loadersOf, mustAdministerHere, perform, readerOf } from "./context";
import { Organisation } from "./organisation";
import { PageInfo } from "./pageInfo";
import { DateScalar, DateTime } from "./scalars";

@ObjectType({ simpleResolvers: true })
export class Person {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  /** Undefined where only the name was read with something else. */
  @Field(() => String, { nullable: true }) email?: string | null;
}

@Resolver(() => Person)
export class PersonResolver {
  @FieldResolver(() => String, { nullable: true, description: "Of those alone whom the reader finds by name." })
  async email(@Root() { id, email }: Person, @Ctx() context: Context): Promise<string | null> {
    if (email === null || !context.reader) return email ?? null;
    const { self, outside } = circleOf(context.reader);
    const loaders = loadersOf(context);
    // Who finds everybody finds those too who hold nothing yet.
    const finds = id === self || outside?.length === 0;
    if (finds && email !== undefined) return email;
    return (await (finds ? loaders.person(id) : loaders.found(id)))?.email ?? null;
  }
}

@ObjectType({ simpleResolvers: true, description: "Who stands to a person as their line manager and the like." })
export class Relation {
  @Field(() => String) kind!: string;
  @Field(() => String) label!: string;
  @Field(() => Person, { nullable: true }) other!: Person | null;
}

@ObjectType({ simpleResolvers: true, description: "What those who administer the school know of a person." })
export class PersonFile {
  @Field(() => Person) person!: Person;
  @Field(() => Boolean, { description: "False when they have left." }) active!: boolean;
  @Field(() => String, { nullable: true, description: "Their number in the school’s own system." })
  externalId!: string | null;
  @Field(() => Boolean, { description: "Has chosen a password." }) signsIn!: boolean;
  @Field(() => DateTime, { nullable: true, description: "Until when a link to choose one is open." })
  linkUntil!: string | null;
  @Field(() => [Relation]) relations!: Relation[];
}

@ObjectType({ simpleResolvers: true })
export class SignInLink {
  @Field(() => Person) person!: Person;
  @Field(() => String, { nullable: true, description: "Shown this once. Null where it went by mail." })
  url!: string | null;
  @Field(() => String, { nullable: true }) mailedTo!: string | null;
  @Field(() => String, { nullable: true, description: "Why none could be made." }) problem!: string | null;
}

@ObjectType({ simpleResolvers: true, description: "A role of the school, held by appointment." })
export class Role {
  @Field(() => String) name!: string;
  @Field(() => String) label!: string;
  @Field(() => Boolean, { description: "May configure settings, calendar, people and definitions." })
  administers!: boolean;
  @Field(() => Boolean, { description: "Giving it takes two people: it opens confidential records, or administers." })
  powerful!: boolean;
}

@ObjectType({ description: "A person holds a role in an organisation, from a date to a date or until further notice." })
export class Appointment {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => DateScalar, { simple: true }) from!: string;
  @Field(() => DateScalar, { simple: true, nullable: true }) to!: string | null;
  /** What the resolvers below read. */
  row!: AppointmentRow;
}

const appointmentView = (row: AppointmentRow): Appointment => ({ id: row.id, from: row.from, to: row.to, row });

@Resolver(() => Appointment)
export class AppointmentResolver {
  @FieldResolver(() => Person, { nullable: true })
  person(@Root() appointment: Appointment, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(appointment.row.person);
  }

  @FieldResolver(() => Role)
  role(@Root() { row }: Appointment, @Ctx() { world }: Context): Role {
    const role = world.registry.roles.find((each) => each.name === row.role);
    return roleView(role ?? { name: row.role, label: row.role }, world);
  }

  @FieldResolver(() => Person, { nullable: true, description: "Who gave it. Null where that was not kept." })
  madeBy(@Root() { row }: Appointment, @Ctx() context: Context): Promise<Person | null> | null {
    return row.madeBy === null ? null : loadersOf(context).person(row.madeBy);
  }

  @FieldResolver(() => Person, { nullable: true, description: "Who ended it." })
  endedBy(@Root() { row }: Appointment, @Ctx() context: Context): Promise<Person | null> | null {
    return row.endedBy === null ? null : loadersOf(context).person(row.endedBy);
  }

  @FieldResolver(() => Organisation)
  organisation(@Ctx() context: Context): Organisation {
    return readerOf(context).identity.acting;
  }
}

export const roleView = (
  { name, label, administers }: { name: string; label: string; administers?: boolean },
  { registry }: Pick<World, "registry">,
): Role => ({
  name,
  label,
  administers: administers === true,
  powerful: powersOf(registry).has(name),
});

@ObjectType()
export class PersonConnection {
  @Field(() => [Person]) nodes!: Person[];
  @Field(() => PageInfo) pageInfo!: PageInfo;
  search!: string | null;
}

@InputType()
export class CreatePersonInput {
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true }) email?: string | null;
  @Field(() => String, { nullable: true, description: "Their number in the school’s own system." })
  externalId?: string | null;
  @Field(() => [String], { nullable: true }) roles?: string[] | null;
  @Field(() => DateScalar, { nullable: true, description: "The first day of the roles; today where none is given." })
  from?: string | null;
}

@InputType()
export class UpdatePersonInput {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true }) email?: string | null;
  @Field(() => String, { nullable: true, description: "Stays as it is where it is not named." })
  externalId?: string | null;
  @Field(() => Boolean, { nullable: true, description: "False when they have left." }) active?: boolean | null;
}

@Resolver(() => PersonConnection)
export class PeopleResolver {
  @FieldResolver(() => Int)
  totalCount(@Root() connection: PersonConnection, @Ctx() context: Context): Promise<number> {
    const reader = readerOf(context);
    return countPeople(reader.db, reader.identity.acting.id, circleOf(reader), connection.search);
  }

  @Extensions({ bounds: { search: SEARCH } })
  @Query(() => PersonConnection, {
    description: "People appointed in this organisation whom the reader may find, by name.",
  })
  async people(
    @Ctx() context: Context,
    @Arg("search", () => String, { nullable: true }) search: string | null,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<PersonConnection> {
    const reader = readerOf(context);
    const words = search ? fold(search) : null;
    const limit = Math.min(Math.max(1, first), 200);
    const from = after ? readPageCursor(after) : undefined;
    if (after && !from)
      throw new Failure("INVALID_INPUT", "This cursor belongs to another list.", [
        { path: "after", message: "Start again from the first page." },
      ]);
    const page = { search: words, after: from ?? null, limit: limit + 1 };
    const found = await peopleIn(reader.db, reader.identity.acting.id, circleOf(reader), page);
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      nodes: shown.map(({ person }) => person),
      pageInfo: { hasNextPage: found.length > limit, endCursor: last ? cursorOf(...last.cursor) : null },
      search: words,
    };
  }

  @Query(() => Person, { nullable: true })
  person(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<Person | null> {
    return loadersOf(context).found(id);
  }

  @Query(() => PersonFile, { nullable: true })
  async personFile(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<PersonFile | null> {
    mustAdministerHere(context);
    const { db, identity, today } = readerOf(context);
    const file = await personFile(db, identity.acting.id, id, isoOf(readerOf(context).now));
    if (!file) return null;
    const related = await relationsOf(db, identity.acting.id, id, today);
    const relations = relationKinds(context.world.registry).map((kind) => ({
      kind,
      label: relationLabel(kind),
      other: related.find((each) => each.kind === kind)?.other ?? null,
    }));
    return { ...file, relations };
  }

  @Query(() => [Person], { description: "Those who hold a role here and have never chosen a password." })
  async peopleWithoutSignIn(@Ctx() context: Context): Promise<Person[]> {
    mustAdministerHere(context);
    const { db, identity, today } = readerOf(context);
    return peopleWithoutSignIn(db, identity.acting.id, today);
  }

  @Query(() => [Appointment], { description: "Who holds what in this organisation; with `on`, on that day." })
  async appointments(
    @Ctx() context: Context,
    @Arg("person", () => ID, { nullable: true }) person: string | null,
    @Arg("role", () => String, { nullable: true }) role: string | null,
    @Arg("on", () => DateScalar, { nullable: true }) on: string | null,
  ): Promise<Appointment[]> {
    const reader = readerOf(context);
    const rows = await appointmentsIn(reader.db, reader.identity.acting.id, circleOf(reader), { person, role, on });
    return rows.map(appointmentView);
  }

  @Query(() => [Role])
  roles(@Ctx() { world }: Context): Role[] {
    return world.registry.roles.map((role) => roleView(role, world));
  }

  @Mutation(() => Person)
  async createPerson(
    @Ctx() context: Context,
    @Arg("input", () => CreatePersonInput) input: CreatePersonInput,
  ): Promise<Person> {
    return this.personAfter(context, await perform(context, (run) => createPerson(run, input)));
  }

  @Mutation(() => Person)
  async updatePerson(
    @Ctx() context: Context,
    @Arg("input", () => UpdatePersonInput) input: UpdatePersonInput,
  ): Promise<Person> {
    return this.personAfter(context, await perform(context, (run) => updatePerson(run, input)));
  }

  @Mutation(() => [SignInLink], {
    description: "A one-time link for each to choose a password by, which ends those before it.",
  })
  async makeSignInLinks(@Ctx() context: Context, @Arg("people", () => [ID]) people: string[]): Promise<SignInLink[]> {
    return perform(context, (run) => makeSignInLinks(run, people));
  }

  @Mutation(() => Person, { description: "Who is somebody’s line manager and the like, from today; null for nobody." })
  async relate(
    @Ctx() context: Context,
    @Arg("person", () => ID) person: string,
    @Arg("kind", () => String) kind: string,
    @Arg("other", () => ID, { nullable: true }) other: string | null,
  ): Promise<Person> {
    return this.personAfter(context, await perform(context, (run) => relate(run, { person, kind, other })));
  }

  @Mutation(() => Appointment, {
    nullable: true,
    description: "Null where the role is powerful and waits for a second person: see `powerRequests`.",
  })
  async appoint(
    @Ctx() context: Context,
    @Arg("person", () => ID) person: string,
    @Arg("role", () => String) role: string,
    @Arg("from", () => DateScalar, { nullable: true }) from: string | null,
    @Arg("to", () => DateScalar, { nullable: true }) to: string | null,
  ): Promise<Appointment | null> {
    const { id } = await perform(context, (run) => appoint(run, { person, role, from, to }));
    if (id === null) return null;
    const appointment = await this.appointmentAfter(context, id);
    if (!appointment) throw new Failure("NOT_FOUND", "There is no such appointment.");
    return appointment;
  }

  @Mutation(() => Appointment, {
    nullable: true,
    description:
      "Ends on a day, yesterday where none is given; that day still counts. Null where it had not begun by then: it is taken back.",
  })
  async endAppointment(
    @Ctx() context: Context,
    @Arg("id", () => ID) id: string,
    @Arg("on", () => DateScalar, { nullable: true }) on: string | null,
  ): Promise<Appointment | null> {
    await perform(context, (run) => endAppointment(run, { id, on }));
    return this.appointmentAfter(context, id);
  }

  private async personAfter(context: Context, { id }: { id: string }): Promise<Person> {
    const person = await loadersOf(context).person(id);
    if (!person) throw new Failure("NOT_FOUND", "There is no such person.");
    return person;
  }

  private async appointmentAfter(context: Context, id: string): Promise<Appointment | null> {
    const reader = readerOf(context);
    const [found] = await appointmentsIn(reader.db, reader.identity.acting.id, circleOf(reader), { id });
    return found ? appointmentView(found) : null;
  }
}
