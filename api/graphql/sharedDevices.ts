/** Shared devices: what the device itself may ask, what administrators do with them, and everybody's own PIN. */
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
  Resolver,
  Root,
  Extensions,
} from "type-graphql";
import { ANSWERS, SEARCH } from "./bounds";
import { clearPin, MOST_TRIES, setPin } from "../engine/pin";
import { reportChoices, reportForms } from "../engine/read/reportForms";
import {
  leaveDevice,
  nameOnDevice,
  namesOn,
  reportOnDevice,
  revokeSharedDevice,
  type SharedDevice as DeviceHere,
  startSharedDevice,
  stillThere,
  todayOn,
} from "../engine/sharedDevice";
import { Failure } from "../../schema/failure";
import { answersOf } from "../engine/input";
import { devicesIn, pinOf, type SharedDeviceRow, type UseRow, usesOf } from "../store/sharedDevices";
import { organisationsById } from "../store/organisations";
import { type Context, deviceOf, loadersOf, mustAdministerHere, perform, readerOf, signedIn } from "./context";
import { cookieText, DEVICE_COOKIE } from "./cookies";
import { endSession } from "./session";
import { Person } from "./people";
import { DateScalar, DateTime, Json } from "./scalars";

/** Browsers keep no cookie for longer. */
const DEVICE_SECONDS = 400 * 86_400;

@ObjectType({ simpleResolvers: true, description: "The shared device that asks." })
export class ThisDevice {
  @Field(() => String) label!: string;
  @Field(() => String, { description: "The school it belongs to." }) organisation!: string;
  @Field(() => String, { nullable: true, description: "Who has named themselves on it." }) person!: string | null;
  @Field(() => Int, { description: "Until they are forgotten, if nothing is done." }) secondsLeft!: number;
  @Field(() => DateScalar, { description: "School time." }) today!: string;
}

@ObjectType({ simpleResolvers: true })
export class NameOnDevice {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
}

@ObjectType({ simpleResolvers: true, description: "A quick form that who is named there may fill in." })
export class ReportForm {
  @Field(() => String) type!: string;
  @Field(() => String) label!: string;
  @Field(() => Json, { description: "{ quick, fields }, of the definition." }) form!: unknown;
}

@ObjectType({ simpleResolvers: true })
export class ReportChoice {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
}

@ObjectType({ simpleResolvers: true })
export class Reported {
  @Field(() => String) reference!: string;
  @Field(() => String, { description: "What happens next." }) then!: string;
}

@ObjectType({ description: "Something that happened on a shared device." })
export class SharedDeviceUse {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => DateTime, { simple: true }) at!: string;
  @Field(() => String, { simple: true, description: "named, wrongPin, locked, reported or left." }) what!: string;
  row!: UseRow;
}

@ObjectType({ description: "A device that several people report on. Machine time." })
export class SharedDevice {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => String, { simple: true }) label!: string;
  @Field(() => DateTime, { simple: true }) startedAt!: string;
  @Field(() => DateTime, { simple: true, nullable: true }) revokedAt!: string | null;
  row!: SharedDeviceRow;
}

@ObjectType({ simpleResolvers: true, description: "My PIN for shared devices: never what it is." })
export class MyPin {
  @Field(() => DateTime, { nullable: true, description: "Null where there is none." }) setAt!: string | null;
  @Field(() => Boolean, { description: "Too many wrong ones were tried: set another." }) locked!: boolean;
}

const deviceView = (row: SharedDeviceRow): SharedDevice => ({
  id: row.id,
  label: row.label,
  startedAt: row.startedAt,
  revokedAt: row.revokedAt,
  row,
});

async function here({ world }: Context, device: DeviceHere): Promise<ThisDevice> {
  const organisation = (await organisationsById(world.db, [device.organisation])).get(device.organisation);
  const left = device.person && device.namedUntil ? Date.parse(device.namedUntil) - world.machineNow() : 0;
  return {
    label: device.label,
    organisation: organisation?.name ?? "",
    person: device.person?.name ?? null,
    secondsLeft: Math.max(0, Math.floor(left / 1000)),
    today: await todayOn(world, device.organisation),
  };
}

@Resolver()
export class ThisDeviceResolver {
  @Query(() => ThisDevice, { nullable: true, description: "Null where what asks is no shared device." })
  async sharedDevice(@Ctx() context: Context): Promise<ThisDevice | null> {
    return context.device && here(context, context.device);
  }

  @Extensions({ bounds: { search: SEARCH } })
  @Query(() => [NameOnDevice], { description: "The staff who have a PIN, by two letters of the name at least." })
  namesOnDevice(@Ctx() context: Context, @Arg("search", () => String) search: string): Promise<NameOnDevice[]> {
    return namesOn(context.world, deviceOf(context), search);
  }

  @Mutation(() => ThisDevice, { description: "For one report, or until nothing was done for two minutes." })
  async nameOnDevice(
    @Ctx() context: Context,
    @Arg("person", () => ID) person: string,
    @Arg("pin", () => String) pin: string,
  ): Promise<ThisDevice> {
    return here(context, await nameOnDevice(context.world, deviceOf(context), { person, pin }));
  }

  @Mutation(() => ThisDevice, { description: "Two minutes more." })
  async stillThere(@Ctx() context: Context): Promise<ThisDevice> {
    return here(context, await stillThere(context.world, deviceOf(context)));
  }

  @Mutation(() => ThisDevice)
  async leaveDevice(@Ctx() context: Context): Promise<ThisDevice> {
    return here(context, await leaveDevice(context.world, deviceOf(context)));
  }

  @Query(() => [ReportForm])
  reportForms(@Ctx() context: Context): Promise<ReportForm[]> {
    return reportForms(context.world, deviceOf(context));
  }

  @Extensions({ bounds: { search: SEARCH } })
  @Query(() => [ReportChoice], { description: "What may be named in a field of a form: people, or records by title." })
  reportChoices(
    @Ctx() context: Context,
    @Arg("type", () => String) type: string,
    @Arg("field", () => String) field: string,
    @Arg("search", () => String) search: string,
  ): Promise<ReportChoice[]> {
    return reportChoices(context.world, deviceOf(context), { type, field, search });
  }

  @Extensions({ bounds: { input: ANSWERS } })
  @Mutation(() => Reported, { description: "Makes the report, in the name of who is named; then nobody is." })
  async reportOnDevice(
    @Ctx() context: Context,
    @Arg("type", () => String) type: string,
    @Arg("input", () => Json) input: unknown,
  ): Promise<Reported> {
    const made = await reportOnDevice(context.world, deviceOf(context), { type, input: answersOf(input) });
    const { quick } = context.world.registry.types.get(type)?.active.type ?? {};
    return { reference: made.reference, then: quick?.then ?? "" };
  }
}

@Resolver(() => SharedDeviceUse)
export class SharedDeviceUseResolver {
  @FieldResolver(() => Person, { nullable: true })
  person(@Root() { row }: SharedDeviceUse, @Ctx() context: Context): Promise<Person | null> | null {
    return row.person === null ? null : loadersOf(context).person(row.person);
  }
}

@Resolver(() => SharedDevice)
export class SharedDeviceResolver {
  @Query(() => [SharedDevice], { description: "Newest first. For administrators." })
  async sharedDevices(@Ctx() context: Context): Promise<SharedDevice[]> {
    mustAdministerHere(context);
    const { db, identity } = readerOf(context);
    return (await devicesIn(db, identity.acting.id)).map(deviceView);
  }

  @Mutation(() => SharedDevice, {
    description: "Makes this browser a shared device, and ends the session in it. For administrators.",
  })
  async startSharedDevice(
    @Ctx() context: Context,
    @Arg("label", () => String, { description: "Where it stands." }) label: string,
  ): Promise<SharedDevice> {
    const { id, secret } = await perform(context, (run) => startSharedDevice(run, { label }));
    await endSession(context);
    context.reply.cookies.push(cookieText(secret, DEVICE_SECONDS, DEVICE_COOKIE));
    return this.one(context, id);
  }

  @Mutation(() => SharedDevice, { description: "It works no longer, wherever it is. For administrators." })
  async revokeSharedDevice(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<SharedDevice> {
    await perform(context, (run) => revokeSharedDevice(run, { id }));
    return this.one(context, id);
  }

  @FieldResolver(() => Person, { nullable: true })
  startedBy(@Root() { row }: SharedDevice, @Ctx() context: Context): Promise<Person | null> {
    return loadersOf(context).person(row.startedBy);
  }

  @FieldResolver(() => Person, { nullable: true })
  revokedBy(@Root() { row }: SharedDevice, @Ctx() context: Context): Promise<Person | null> | null {
    return row.revokedBy === null ? null : loadersOf(context).person(row.revokedBy);
  }

  @FieldResolver(() => [SharedDeviceUse], { description: "Newest first: who named themselves, reported, or tried." })
  async uses(
    @Root() { id }: SharedDevice,
    @Ctx() context: Context,
    @Arg("first", () => Int, { defaultValue: 20 }) first: number,
  ): Promise<SharedDeviceUse[]> {
    const rows = await usesOf(readerOf(context).db, id, Math.min(Math.max(1, first), 200));
    return rows.map((row) => ({ id: row.id, at: row.at, what: row.what, row }));
  }

  @Query(() => MyPin)
  async myPin(@Ctx() context: Context): Promise<MyPin> {
    const pin = await pinOf(context.world.db, signedIn(context).person.id);
    return { setAt: pin?.setAt ?? null, locked: (pin?.tries ?? 0) >= MOST_TRIES };
  }

  @Mutation(() => MyPin, { description: "Four to eight digits, for shared devices only." })
  async setPin(@Ctx() context: Context, @Arg("pin", () => String) pin: string): Promise<MyPin> {
    await setPin(context.world, signedIn(context), pin);
    return this.myPin(context);
  }

  @Mutation(() => MyPin)
  async clearPin(@Ctx() context: Context): Promise<MyPin> {
    await clearPin(context.world, signedIn(context));
    return this.myPin(context);
  }

  private async one(context: Context, id: string): Promise<SharedDevice> {
    const { db, identity } = readerOf(context);
    const found = (await devicesIn(db, identity.acting.id)).find((row) => row.id === id);
    if (!found) throw new Failure("NOT_FOUND", "There is no such device.");
    return deviceView(found);
  }
}
