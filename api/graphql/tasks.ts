import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
  Extensions,
} from "type-graphql";
import { ANSWERS } from "./bounds";
import { calendar, describeDistance } from "../../schema/calendar";
import { Failure } from "../../schema/failure";
import { answersOf } from "../engine/input";
import { completeTask } from "../engine/completeTask";
import { commentTask, handOverTask, takeBackTask } from "../engine/handOver";
import type { Run } from "../engine/run";
import { pinnedType } from "../engine/pinned";
import type { TaskState } from "../../schema/record";
import { countTasks, readTasks, type TaskArgs, taskById, type TaskView } from "../store/workQuery";
import { type Context, loadersOf, perform, readerOf } from "./context";
import { countResolver } from "./countResolver";
import { PageInfo } from "./pageInfo";
import { Person } from "./people";
import { DateScalar, DateTime, Json } from "./scalars";

export const TaskStates = { open: "open", done: "done", cancelled: "cancelled" } as const;
registerEnumType(TaskStates, { name: "TaskState" });

@ObjectType({ simpleResolvers: true, description: "Doing any of these completes the task." })
export class TaskAction {
  @Field(() => String) name!: string;
  @Field(() => String) label!: string;
}

@ObjectType({ description: "Somebody holds a task in another's place." })
export class PassedTask {
  @Field(() => Person, { simple: true, nullable: true }) from!: Person | null;
  @Field(() => Person, { simple: true, nullable: true }) to!: Person | null;
  @Field(() => Boolean, { simple: true, description: "Because they are away: it comes back." }) away!: boolean;
}

@ObjectType()
export class Task {
  @Field(() => ID, { simple: true }) id!: string;
  @Field(() => String, { simple: true, description: "Name of the record's type." }) type!: string;
  @Field(() => ID, { simple: true, description: "Id of its record." }) record!: string;
  @Field(() => String, { simple: true, description: "The task rule of the definition." }) rule!: string;
  @Field(() => String, { simple: true }) label!: string;
  @Field(() => TaskStates, { simple: true }) state!: TaskState;
  @Field(() => DateTime, { simple: true }) openedAt!: string;
  @Field(() => DateScalar, { simple: true, nullable: true }) dueOn!: string | null;
  @Field(() => Boolean, { simple: true, description: "Nobody holds it: it stands on the clerk's list." })
  unassigned!: boolean;
  @Field(() => [String], { simple: true }) because!: string[];
  @Field(() => DateTime, { simple: true, nullable: true }) closedAt!: string | null;
  @Field(() => String, { simple: true, nullable: true }) closedWhy!: string | null;
  organisation!: string;
  closer!: string | null;
}

export const taskView = ({ closedBy, who: _, ...task }: TaskView): Task => ({ ...task, closer: closedBy });

@ObjectType()
export class TaskConnection {
  counting?: Promise<number>;
  @Field(() => [Task], { simple: true }) nodes!: Task[];
  @Field(() => PageInfo, { simple: true }) pageInfo!: PageInfo;
  asked!: TaskArgs;
}

@InputType()
export class CompleteTaskInput {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true }) comment?: string | null;
  @Field(() => String, { nullable: true, description: "Hash of the text as read, where completing it ratifies one." })
  textHash?: string | null;
  @Extensions({ bound: ANSWERS })
  @Field(() => Json, { nullable: true, description: "Answers to the form of the task's one action." })
  answers?: unknown;
}

@InputType()
export class HandOverTaskInput {
  @Field(() => ID) id!: string;
  @Field(() => ID, { description: "A person who may hold it; whose it was before takes it back." }) to!: string;
  @Field(() => String, { nullable: true }) comment?: string | null;
}

export const TaskConnectionResolver = countResolver(TaskConnection, (reader, asked) =>
  countTasks(reader.db, reader, asked),
);

@Resolver(() => Task)
export class TaskResolver {
  @Query(() => TaskConnection, { description: "Open tasks that I hold, soonest due first." })
  myTasks(
    @Ctx() context: Context,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ) {
    return list(context, { holder: readerOf(context).identity.person.id, state: "open" }, first, after);
  }

  @Query(() => TaskConnection, { description: "Open tasks that others hold on records I am named in." })
  myWaiting(
    @Ctx() context: Context,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ) {
    return list(context, { waitingFor: readerOf(context).identity.person.id, state: "open" }, first, after);
  }

  @Query(() => TaskConnection)
  tasks(
    @Ctx() context: Context,
    @Arg("record", () => ID, { nullable: true }) record: string | null,
    @Arg("state", () => TaskStates, { nullable: true }) state: TaskState | null,
    @Arg("unassigned", () => Boolean, { nullable: true }) unassigned: boolean | null,
    @Arg("first", () => Int, { defaultValue: 50 }) first: number,
    @Arg("after", () => String, { nullable: true }) after: string | null,
  ): Promise<TaskConnection> {
    return list(context, { record, state, unassigned }, first, after);
  }

  @Mutation(() => Task, { description: "Ticks a task off, or does the one action that completes it." })
  completeTask(
    @Ctx() context: Context,
    @Arg("input", () => CompleteTaskInput) input: CompleteTaskInput,
  ): Promise<Task> {
    const { id, comment, textHash, answers } = input;
    return this.after(context, id, (run) =>
      completeTask(run, { id, comment, textHash, answers: answersOf(answers ?? {}) }),
    );
  }

  @Mutation(() => Task, {
    description: "Into the hands of somebody who may hold it; the history says so and they are told.",
  })
  handOverTask(
    @Ctx() context: Context,
    @Arg("input", () => HandOverTaskInput) input: HandOverTaskInput,
  ): Promise<Task> {
    const { id, to, comment } = input;
    return this.after(context, id, (run) => handOverTask(run, { task: id, to, comment: comment ?? null }));
  }

  @Mutation(() => Task, { description: "What I handed over and is not done yet." })
  takeBackTask(@Ctx() context: Context, @Arg("id", () => ID) id: string): Promise<Task> {
    return this.after(context, id, (run) => takeBackTask(run, { task: id }));
  }

  @Mutation(() => Task, { description: "Told to whoever else holds the task, and kept in the record's history." })
  commentTask(
    @Ctx() context: Context,
    @Arg("id", () => ID) id: string,
    @Arg("comment", () => String) comment: string,
  ): Promise<Task> {
    return this.after(context, id, (run) => commentTask(run, { task: id, comment }));
  }

  private async after(context: Context, id: string, verb: (run: Run) => Promise<unknown>): Promise<Task> {
    await perform(context, verb);
    const reader = readerOf(context);
    const task = await taskById(reader.db, reader, id);
    if (!task) throw new Failure("NOT_FOUND", "That is done, and its record is no longer yours to see.");
    return taskView(task);
  }

  @FieldResolver(() => [PassedTask], { description: "Who holds it in whose place." })
  async passed(@Root() task: Task, @Ctx() context: Context): Promise<PassedTask[]> {
    const loaders = loadersOf(context);
    return Promise.all(
      (await loaders.passed(task.id)).map(async ({ from: before, to: now, passed }) => {
        const [from, to] = await Promise.all([loaders.person(before), loaders.person(now)]);
        return { from, to, away: passed !== "handed over" };
      }),
    );
  }

  @FieldResolver(() => String, { nullable: true })
  async recordTitle(@Root() task: Task, @Ctx() context: Context): Promise<string | null> {
    return (await loadersOf(context).record(task.type, task.record))?.recordTitle ?? null;
  }

  @FieldResolver(() => String, { nullable: true })
  async reference(@Root() task: Task, @Ctx() context: Context): Promise<string | null> {
    return (await loadersOf(context).record(task.type, task.record))?.reference ?? null;
  }

  @FieldResolver(() => String, { nullable: true })
  async help(@Root() task: Task, @Ctx() context: Context): Promise<string | null> {
    return (await ruleOf(task, context))?.help ?? null;
  }

  @FieldResolver(() => [TaskAction])
  async actions(@Root() task: Task, @Ctx() context: Context): Promise<TaskAction[]> {
    const row = await loadersOf(context).record(task.type, task.record);
    if (!row) return [];
    const type = pinnedType(context.world.registry, row);
    return (type.tasks?.[task.rule]?.actions ?? []).map((name) => ({ name, label: type.actions[name]?.label ?? name }));
  }

  @FieldResolver(() => [Person], { description: "Who holds it now." })
  holders(@Root() task: Task, @Ctx() context: Context): Promise<Person[]> {
    return loadersOf(context).holders(task.id);
  }

  @FieldResolver(() => Person, { nullable: true })
  closedBy(@Root() task: Task, @Ctx() context: Context): Promise<Person | null> | null {
    return task.closer === null ? null : loadersOf(context).person(task.closer);
  }

  @FieldResolver(() => String, { nullable: true, description: "In 3 school days, 2 days late." })
  async dueInWords(@Root() task: Task, @Ctx() context: Context): Promise<string | null> {
    if (task.dueOn === null || task.state !== "open") return null;
    const data = await loadersOf(context).calendar(task.organisation);
    return data ? describeDistance(calendar(data), readerOf(context).today, task.dueOn) : null;
  }

  @FieldResolver(() => Boolean)
  overdue(@Root() task: Task, @Ctx() context: Context): boolean {
    return task.state === "open" && task.dueOn !== null && task.dueOn < readerOf(context).today;
  }
}

async function ruleOf(task: Task, context: Context) {
  const row = await loadersOf(context).record(task.type, task.record);
  return row ? pinnedType(context.world.registry, row).tasks?.[task.rule] : undefined;
}

async function list(context: Context, asked: TaskArgs, first: number, after: string | null): Promise<TaskConnection> {
  const reader = readerOf(context);
  const { nodes, ...pageInfo } = await readTasks(reader.db, reader, { ...asked, first, after });
  return { nodes: nodes.map(taskView), pageInfo, asked };
}
