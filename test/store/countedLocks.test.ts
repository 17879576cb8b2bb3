/** A guard that counts other records, asked while another transaction opens, reopens or moves one of them. */
import type { Condition, RecordType } from "../../schema/definition";
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { fireBatch, fireDue } from "../../api/engine/fireDue";
import { publishDefinitions } from "../../api/engine/publishDefinition";
import type { Run } from "../../api/engine/run";
import { systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import type { World } from "../../api/engine/world";
import { databaseMetrics, type Row, type SqlValue, type Tx } from "../../api/store/database";
import { writeHeld } from "../../api/store/held";
import { newSchool, type School } from "../school";

const who = [{ anyone: true }] as const;
const grants: RecordType["grants"] = [{ to: [{ role: "staff" }], may: ["see", "create", "edit"] }];
const stillOpen: Condition = { ne: [{ field: "state" }, "done"] };

/** Closed once no step is open any more. */
const matter: RecordType = {
  name: "matter",
  plural: "matters",
  label: "Matter",
  pluralLabel: "Matters",
  reference: "MAT-{n}",
  title: "{{ topic }}",
  entries: { new: "open" },
  fields: { topic: { kind: "text", label: "Topic" } },
  states: { open: { label: "Open" }, closed: { label: "Closed", end: true } },
  actions: {
    close: {
      label: "Close",
      from: ["open"],
      to: "closed",
      who: [...who],
      when: { none: { via: "step.matter", where: stillOpen } },
      refusal: "A step is still open.",
    },
  },
  grants,
};
/** Reopened only while its matter is open. */
const step: RecordType = {
  ...matter,
  name: "step",
  plural: "steps",
  label: "Step",
  pluralLabel: "Steps",
  reference: "STE-{n}",
  fields: {
    topic: { kind: "text", label: "Topic" },
    matter: { kind: "link", label: "Matter", to: "matter" },
    dueAt: { kind: "dateTime", label: "Due at" },
  },
  states: { open: { label: "Open" }, done: { label: "Done", resting: true } },
  actions: {
    finish: { label: "Finish", from: ["open"], to: "done", who: [...who] },
    reopen: {
      label: "Reopen",
      from: ["done"],
      to: "open",
      who: [...who],
      when: { not: { eq: [{ field: "matter.state" }, "closed"] } },
      refusal: "The matter is closed.",
    },
    fallDue: { label: "Falls due", from: ["open"], to: "done", who: [{ system: true }] },
  },
  timers: { due: { label: "Due", anchor: { field: "dueAt" }, steps: ["PT0M"], event: "fallDue" } },
};

let school: School;
beforeAll(async () => {
  school = await newSchool();
  const definitions = [{ json: matter }, { json: step }];
  await publishDefinitions(school.world, systemIdentity(school.organisation), definitions);
  await fireDue(school.world);
}, 60_000);
afterAll(() => school.close());

const zoe = <T>(verb: (run: Run) => Promise<T>) => school.as("Zoe King", verb);
const make = (type: string, input: Record<string, unknown>) => (run: Run) => createRecord(run, { type, input });
const perform = (type: string, action: string, id: string) => (run: Run) => act(run, { type, id, action });
const stateOf = async (type: string, id: string) =>
  (await school.query(`SELECT state FROM r_${type} WHERE id = ?`, [id]))[0]?.["state"];

/** Runs a verb and keeps its transaction open until `meanwhile` has ended or waits for a lock; then lets both end. */
async function overlapping(first: (run: Run) => Promise<unknown>, meanwhile: (run: Run) => Promise<unknown>) {
  const other: { ends: Promise<string> } = { ends: Promise.resolve("never began") };
  await zoe(async (run) => {
    await first(run);
    other.ends = zoe(meanwhile).then(
      () => "done",
      (error: Error) => error.message,
    );
    await Promise.race([other.ends, someoneWaits()]);
  });
  return other.ends;
}

async function someoneWaits(): Promise<void> {
  for (;;) {
    const [row] = await school.query(
      `SELECT COUNT(*) AS n FROM information_schema.innodb_trx t JOIN information_schema.processlist p
       ON p.id = t.trx_mysql_thread_id WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()`,
    );
    if (Number(row?.["n"]) > 0) return;
    // The server looks again only where nobody has asked for a tenth of a second.
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

test("a matter that is being closed while a step is opened under it waits, and is refused", async () => {
  const { id } = await zoe(make("matter", { topic: "Opened under" }));
  expect(await overlapping(make("step", { matter: id }), perform("matter", "close", id))).toBe("A step is still open.");
  expect(await stateOf("matter", id)).toBe("open");
});

test("a step reopened while its matter is being closed waits, and is refused; and the other way round", async () => {
  for (const closesFirst of [true, false]) {
    const { id } = await zoe(make("matter", { topic: "Reopened under" }));
    const { id: child } = await zoe(make("step", { matter: id }));
    await zoe(perform("step", "finish", child));
    const [close, reopen] = [perform("matter", "close", id), perform("step", "reopen", child)];
    const refusal = closesFirst ? await overlapping(close, reopen) : await overlapping(reopen, close);
    expect(refusal).toBe(closesFirst ? "The matter is closed." : "A step is still open.");
    expect([await stateOf("matter", id), await stateOf("step", child)]).toEqual(
      closesFirst ? ["closed", "done"] : ["open", "open"],
    );
  }
});

test("a step moved under another matter holds both, in their order: nothing begins again", async () => {
  const [{ id: earlier }, { id: later }] = [await zoe(make("matter", {})), await zoe(make("matter", {}))];
  const { id: child } = await zoe(make("step", { matter: later }));
  const before = databaseMetrics.restarts;
  const move = (run: Run) =>
    updateRecord(run, { type: "step", id: child, expectedVersion: 1, input: { matter: earlier } });
  expect(await overlapping(move, perform("matter", "close", earlier))).toBe("A step is still open.");
  expect(databaseMetrics.restarts).toBe(before);
});

test("a step that was moved before it could be locked holds its new matter", async () => {
  const [{ id: earlier }, { id: later }] = [await zoe(make("matter", {})), await zoe(make("matter", {}))];
  const { id: child } = await zoe(make("step", { matter: later }));
  let moved = false;
  const overtaken = (run: Run): Run => {
    const tx: Tx = {
      ...run.tx,
      async query<R extends Row>(sql: string, params?: SqlValue[]) {
        if (!moved && sql.includes("FROM r_step FORCE INDEX")) {
          moved = true;
          await zoe((other) =>
            updateRecord(other, { type: "step", id: child, expectedVersion: 1, input: { matter: earlier } }),
          );
        }
        return run.tx.query<R>(sql, params);
      },
    };
    return { ...run, tx };
  };
  const finish = (run: Run) => perform("step", "finish", child)(overtaken(run));
  expect(await overlapping(finish, perform("matter", "close", earlier))).toBe("done");
  expect([moved, await stateOf("step", child), await stateOf("matter", earlier)]).toEqual([true, "done", "closed"]);
});

test("a timer that changes a step waits for the next batch while somebody holds its matter", async () => {
  const dueAt = "2026-11-25T10:00:00.000Z";
  const [held, free] = [await zoe(make("matter", {})), await zoe(make("matter", {}))];
  const { id: waits } = await zoe(make("step", { matter: held.id, dueAt }));
  const { id: fires } = await zoe(make("step", { matter: free.id, dueAt }));
  const world: World = school.world;
  await world.db.transaction(async (tx) => {
    await writeHeld(tx, [`matter:${held.id}`]);
    expect((await fireBatch(world, 10, Date.parse(dueAt))).handled).toBe(1);
  });
  expect([await stateOf("step", waits), await stateOf("step", fires)]).toEqual(["open", "done"]);
  await fireDue(world, 10, Date.parse(dueAt));
  expect(await stateOf("step", waits)).toBe("done");
});

test("sixty verbs on matters and their steps at once take them in one order: nobody begins again", async () => {
  const matters = await Promise.all([1, 2, 3].map(() => zoe(make("matter", {}))));
  const steps = await Promise.all(
    matters.flatMap(({ id }) => [zoe(make("step", { matter: id })), zoe(make("step", { matter: id }))]),
  );
  const before = databaseMetrics.restarts;
  const refused: unknown[] = [];
  await Promise.all(
    Array.from({ length: 60 }, (_, n) => {
      const [one, child] = [matters[n % 3]!.id, steps[(n * 5) % 6]!.id];
      const verb = [
        perform("step", "finish", child),
        perform("step", "reopen", child),
        perform("matter", "close", one),
      ];
      return zoe(verb[n % 7 === 0 ? 2 : n % 2]!).catch((error: unknown) => refused.push(error));
    }),
  );
  expect(databaseMetrics.restarts).toBe(before);
  expect(refused.length).toBeLessThan(60);
  const torn = await school.query(
    `SELECT m.id FROM r_matter m JOIN r_step s ON s.f_matter = m.id WHERE m.state = 'closed' AND s.state = 'open'`,
  );
  expect(torn).toEqual([]);
});
