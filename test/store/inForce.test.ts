/**
 * A change that began before a definition, a figure, a calendar or a role changed, and is committed after that, lives by
 * what is in force then: its record, its clocks, and who holds its tasks.
 */
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { appoint } from "../../api/engine/people";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { rederiveSome } from "../../api/engine/rederive";
import { run, type Run, systemIdentity } from "../../api/engine/run";
import { setCalendar } from "../../api/engine/setCalendar";
import { setSetting } from "../../api/engine/setSetting";
import type { RecordType } from "../../schema/definition";
import { newSchool, type School } from "../school";

const hire: RecordType = {
  name: "hire",
  plural: "hires",
  label: "Hire",
  pluralLabel: "Hires",
  reference: "HIR-{n}",
  title: "{{ what }}",
  entries: { new: "asked" },
  fields: { what: { kind: "text", label: "What" }, dueOn: { kind: "date", label: "Due on" } },
  states: { asked: { label: "Asked" }, lent: { label: "Lent" }, back: { label: "Back", end: true } },
  actions: {
    lend: { label: "Lend", from: ["asked"], to: "lent", who: [{ anyone: true }] },
    return: { label: "Return", from: ["lent"], to: "back", who: [{ anyone: true }] },
  },
  settings: { ahead: { label: "How long before", kind: "offset", value: "-P14D" } },
  timers: {
    soon: {
      label: "Soon due",
      anchor: { field: "dueOn" },
      steps: [{ setting: "ahead" }],
      while: ["lent"],
      notice: { to: [{ role: "officeStaff" }], template: "soon" },
    },
  },
  tasks: { fetch: { label: "Fetch it", opens: "lent", to: [{ role: "contractor" }], actions: ["return"] } },
  notices: { soon: { subject: "{{ what }} is due soon", body: "Please see to it." } },
  grants: [{ to: [{ anyone: true }], may: ["see", "create", "edit"] }],
};
const { asked: _asked, ...begun } = hire.states;
const { lend: _lend, ...acts } = hire.actions;
const straight: RecordType = { ...hire, entries: { new: "lent" }, states: begun, actions: acts };

let school: School;
const published = (json: RecordType, inFlight: "STAY" | "MOVE" = "MOVE") =>
  publishDefinition(school.world, systemIdentity(school.organisation), { json, inFlight });
beforeEach(async () => {
  school = await newSchool("2026-11-23T09:00:00.000Z");
}, 120_000);
afterEach(() => school.close());

const zoe = <T>(verb: (run: Run) => Promise<T>) => school.as("Zoe King", verb);
const office = <T>(verb: (run: Run) => Promise<T>) => run(school.world, systemIdentity(school.organisation), verb);
const lend = (at: Run) => createRecord(at, { type: "hire", input: { what: "A tent", dueOn: "2027-03-31" } });

/** Does `first` and leaves it uncommitted while `second` is under way; both are done when it returns. */
async function overlapping(first: (run: Run) => Promise<unknown>, second: () => Promise<unknown>): Promise<void> {
  let go = (): void => undefined;
  const released = new Promise<void>((resolve) => (go = resolve));
  let told = (): void => undefined;
  const begun = new Promise<void>((resolve) => (told = resolve));
  const slow = zoe(async (at) => {
    await first(at);
    told();
    await released;
  });
  await begun;
  const other = second().then(drain);
  // It is done, or waits for the first.
  await Promise.race([other, new Promise((resolve) => setTimeout(resolve, 700))]);
  go();
  await Promise.all([slow, other]);
}

async function drain(): Promise<void> {
  while (await rederiveSome(school.world));
}

/** Does `verb` in a transaction that began before `change`, and returns how often it was begun. */
async function begunBefore(change: () => Promise<unknown>, verb: (run: Run) => Promise<unknown>): Promise<number> {
  let attempts = 0;
  await zoe(async (at) => {
    if (attempts++ === 0) await change().then(drain);
    await verb(at);
  });
  return attempts;
}

const clocks = async () =>
  (await school.query("SELECT rule, step, due_at FROM timer WHERE type = 'hire' AND state = 'waiting'")).map(
    ({ rule, step, due_at }) => [String(rule), String(step), String(due_at).slice(0, 10)],
  );
const versions = async () =>
  (await school.query("SELECT definition_version AS v FROM r_hire")).map(({ v }) => Number(v));

test("a record made while a publish moves the others lives by the new version", async () => {
  await published(straight);
  const next: RecordType = {
    ...straight,
    timers: { soon: { ...straight.timers!["soon"]!, steps: ["-P30D"] } },
  };
  await overlapping(lend, () => published(next));
  expect(await versions()).toEqual([2]);
  expect(await clocks()).toEqual([["soon", "-P30D", "2027-03-01"]]);
});

test("so does one that is made, or changed, by a transaction that began before the publish and ends after it", async () => {
  await published(hire);
  const { id } = await zoe(lend);
  const sooner = (step: string): RecordType => ({
    ...hire,
    timers: { soon: { ...hire.timers!["soon"]!, steps: [step] } },
  });
  const lent = (at: Run) => act(at, { type: "hire", id, action: "lend" });
  expect(await begunBefore(() => published(sooner("-P30D")), lent)).toBe(2);
  expect(await clocks()).toEqual([["soon", "-P30D", "2027-03-01"]]);
  expect(await begunBefore(() => published(sooner("-P20D")), lend)).toBe(2);
  expect(await versions()).toEqual([3, 3]);
});

test("a clock set while its figure changes goes by the new one", async () => {
  await published(straight);
  await overlapping(lend, () => office((at) => setSetting(at, { type: "hire", name: "ahead", value: "-P30D" })));
  expect(await clocks()).toEqual([["soon", "-P30D", "2027-03-01"]]);
});

test("a clock set while the calendar changes goes by the new one", async () => {
  await published({
    ...straight,
    timers: { soon: { ...straight.timers!["soon"]!, steps: ["-P1D"], roll: "previousOpenDay", open: "school" } },
  });
  const terms = [
    { name: "Autumn", from: "2026-09-02", to: "2026-12-18" },
    { name: "Spring", from: "2027-01-04", to: "2027-03-19" },
    { name: "Summer", from: "2027-04-12", to: "2027-07-20" },
  ];
  await overlapping(lend, () => office((at) => setCalendar(at, { terms, closures: [] })));
  expect((await clocks()).map(([, , day]) => day)).toEqual(["2027-03-19"]);
});

test("a task that opens while a role is given is held by whoever has it", async () => {
  await published(straight);
  const bea = school.personId("Bea Wickhurst");
  await overlapping(lend, () => office((at) => appoint(at, { person: bea, role: "contractor" })));
  const holders = await school.query(
    "SELECT h.person FROM task t JOIN task_holder h ON h.task = t.id WHERE t.type = 'hire' AND t.state = 'open'",
  );
  expect(holders.map(({ person }) => String(person))).toContain(bea);
});
