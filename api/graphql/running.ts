import { Ctx, Field, ID, Int, ObjectType, Query, Resolver } from "type-graphql";
import { isoOf } from "../store/database";
import { checksOf, firstBackup, installationStatus } from "../engine/status";
import { clockJobs } from "../engine/rederive";
import { type Context, loadersOf, mustAdministerHere, readerOf } from "./context";
import { DateTime } from "./scalars";

@ObjectType({
  simpleResolvers: true,
  description:
    "A change of a calendar, a figure, a definition or of who holds a role, whose dates are being worked out again.",
})
export class ClockJob {
  @Field(() => ID) id!: string;
  @Field(() => String, { description: 'What began it; completes "because …".' }) reason!: string;
  @Field(() => String, { nullable: true, description: "Who made the change." }) by!: string | null;
  @Field(() => DateTime, { description: "School time." }) since!: string;
  @Field(() => Int, { description: "Records done so far." }) visited!: number;
  @Field(() => Int, { nullable: true, description: "Records it reaches, about; null where that is not known yet." })
  total!: number | null;
  @Field(() => Int, { description: "Reminders and deadlines that have other dates." }) moved!: number;
  @Field(() => Int, { description: "Records that failed: see openProblems." }) failed!: number;
  @Field(() => DateTime, { nullable: true }) doneAt!: string | null;
  @Field(() => String, { nullable: true, description: "Why it ended before it was done." }) cause!: string | null;
}

@ObjectType({ simpleResolvers: true, description: "One thing that the installation needs for its work." })
export class InstallationCheck {
  @Field(() => String) name!: string;
  @Field(() => Boolean) ok!: boolean;
  @Field(() => String, { description: "How it is." }) says!: string;
  @Field(() => String, { nullable: true, description: "What whoever runs the server does about it." })
  remedy!: string | null;
}

@Resolver()
export class RunningResolver {
  @Query(() => [ClockJob], {
    description: "For administrators: those under way, oldest first, then the last ten that ended.",
  })
  async clockJobs(@Ctx() context: Context): Promise<ClockJob[]> {
    mustAdministerHere(context);
    const { db, identity, now } = readerOf(context);
    return clockJobs(db, identity.acting.id, isoOf(now));
  }

  @Query(() => [InstallationCheck], {
    description: "For administrators: whether Duly does its work, as /statusz says it.",
  })
  async installationChecks(@Ctx() context: Context): Promise<InstallationCheck[]> {
    mustAdministerHere(context);
    const { world, identity } = readerOf(context);
    const status = await installationStatus(world);
    const zone = status.database ? (await loadersOf(context).calendar(identity.acting.id))?.zone : undefined;
    return checksOf(status, zone).map((check) => firstBackup(check, status));
  }
}
