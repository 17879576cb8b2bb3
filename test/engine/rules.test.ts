/** A rule holds by whichever way a record changes: a person, a trigger, a timer, another record, a batch, an import. */
import type { Condition, RecordType } from "../../schema/definition";
import { act } from "../../api/engine/act";
import { createRecord } from "../../api/engine/createRecord";
import { fireDue } from "../../api/engine/fireDue";
import { problems, retryProblem } from "../../api/engine/problems";
import { publishDefinition } from "../../api/engine/publishDefinition";
import { create } from "../../api/engine/pipeline";
import { run, type Run, systemIdentity } from "../../api/engine/run";
import { updateRecord } from "../../api/engine/updateRecord";
import { newSchool, type School } from "../school";

const everybody = [{ anyone: true }] as const;
const away = (who: string): Condition => ({ count: { type: who, match: { state: "away" } }, atMost: 2 });
const refusal = "At most three may be away at once: let one come back first.";

/** Somebody asks for leave; a trigger, a timer or the team's record sends them off. At most three are away. */
const leave: RecordType = {
  name: "leave",
  plural: "leaves",
  label: "Leave",
  pluralLabel: "Leaves",
  reference: "LEA-{n}",
  title: "{{ who }}",
  entries: { new: "asked", imported: "away" },
  fields: {
    who: { kind: "text", label: "Who" },
    agreed: { kind: "yesNo", label: "Agreed" },
    goesAt: { kind: "dateTime", label: "Goes at" },
    team: { kind: "link", label: "Team", to: "team" },
    from: { kind: "date", label: "From" },
    until: { kind: "date", label: "Until" },
  },
  states: { asked: { label: "Asked" }, away: { label: "Away" }, back: { label: "Back", end: true } },
  actions: {
    go: { label: "Go", from: ["asked"], to: "away", who: [...everybody] },
    return: { label: "Return", from: ["away"], to: "back", who: [...everybody] },
    join: {
      label: "Join a team",
      from: ["asked"],
      who: [...everybody],
      form: ["team", "who"],
      needs: {
        there: {
          must: { exists: { via: "team", where: { eq: [{ field: "who" }, { outer: "who" }] } } },
          refusal: "The team is another's.",
        },
        alone: {
          must: { none: { type: "leave", match: { who: { field: "who" }, state: "away" } } },
          refusal: "Somebody of that name is away.",
        },
      },
    },
    isSent: { label: "Is sent off", from: ["asked"], to: "away", who: [{ system: true }] },
  },
  timers: { goes: { label: "Goes", anchor: { field: "goesAt" }, steps: ["PT0M"], event: "isSent", while: ["asked"] } },
  triggers: { agreed: { when: { eq: [{ field: "agreed" }, true] }, event: "isSent", while: ["asked"] } },
  rules: {
    atMostThree: { must: away("leave"), in: ["away"], field: "agreed", refusal },
    order: {
      must: { any: [{ empty: { field: "until" } }, { le: [{ field: "from" }, { field: "until" }] }] },
      field: "until",
      refusal: "It ends before it begins.",
    },
  },
  grants: [{ to: [...everybody], may: ["see", "create", "edit"] }],
};
const team: RecordType = {
  ...leave,
  name: "team",
  plural: "teams",
  label: "Team",
  pluralLabel: "Teams",
  reference: "TEA-{n}",
  entries: { new: "asked" },
  fields: { who: { kind: "text", label: "Who" } },
  states: { asked: { label: "Here", resting: true } },
  actions: {
    sendOff: {
      label: "Send off",
      from: ["asked"],
      who: [...everybody],
      effects: [{ send: { link: "leave.team", event: "isSent" } }],
    },
  },
  timers: {},
  triggers: {},
  rules: {},
};

let school: School;
beforeEach(async () => {
  school = await newSchool();
  const publish = (json: RecordType) => publishDefinition(school.world, systemIdentity(school.organisation), { json });
  const { effects: _effects, ...alone } = team.actions["sendOff"]!;
  for (const json of [{ ...team, actions: { sendOff: alone } }, leave, team]) await publish(json);
}, 120_000);
afterEach(() => school.close());

const zoe = <T>(verb: (run: Run) => Promise<T>) => school.as("Zoe King", verb);
const ask = (input: Record<string, unknown> = {}) => zoe((at) => createRecord(at, { type: "leave", input }));
const states = async () =>
  (await school.query("SELECT state FROM r_leave ORDER BY id")).map(({ state }) => String(state));
const gone = async () => (await states()).filter((state) => state === "away").length;
const threeAway = async () => {
  for (const who of ["Ada", "Ben", "Cy"]) {
    const { id } = await ask({ who });
    await zoe((at) => act(at, { type: "leave", id, action: "go" }));
  }
};
const open = () => run(school.world, systemIdentity(school.organisation), problems);
const historyOf = async (id: string) =>
  (
    await school.query(
      "SELECT b.summary FROM history h JOIN history_body b ON b.history = h.id WHERE h.record = ? ORDER BY h.seq",
      [id],
    )
  ).map(({ summary }) => String(summary));

test("what an action needs is counted as its answers leave the record", async () => {
  const { id: reds } = await zoe((at) => createRecord(at, { type: "team", input: { who: "Ada" } }));
  const { id } = await ask({ who: "Ben" });
  const join = (input: Record<string, unknown>) => zoe((at) => act(at, { type: "leave", id, action: "join", input }));
  await expect(join({})).rejects.toThrow("The team is another's.");
  await expect(join({ team: reds })).rejects.toThrow("The team is another's.");
  const { id: gone } = await ask({ who: "Ada" });
  await zoe((at) => act(at, { type: "leave", id: gone, action: "go" }));
  await expect(join({ team: reds, who: "Ada" })).rejects.toThrow("Somebody of that name is away.");
  await zoe((at) => act(at, { type: "leave", id: gone, action: "return" }));
  expect((await join({ team: reds, who: "Ada" })).fields).toMatchObject({ team: reds, who: "Ada" });
});

test("whoever makes a trigger's condition hold is refused where its event would break a rule", async () => {
  const outcomes: string[] = [];
  for (let n = 0; n < 5; n++)
    await ask({ who: `Person ${n}`, agreed: true }).then(
      () => outcomes.push("away"),
      (error: Error) => outcomes.push(error.message),
    );
  expect(outcomes).toEqual(["away", "away", "away", refusal, refusal]);
  const { id } = await ask({ who: "Dee" });
  const agree = (at: Run) => updateRecord(at, { type: "leave", id, expectedVersion: 1, input: { agreed: true } });
  await expect(zoe(agree)).rejects.toMatchObject({
    code: "INVALID_INPUT",
    problems: [{ path: "input.agreed", message: refusal }],
  });
  expect(await states()).toEqual(["away", "away", "away", "asked"]);
});

test("five timers of one batch send three off; the others' clocks stand still, are told of, and go on when tried again", async () => {
  const goesAt = new Date(Date.parse(await school.clock.now()) + 3_600_000).toISOString();
  for (let n = 0; n < 5; n++) await ask({ who: `Person ${n}`, goesAt });
  await school.clock.to(new Date(Date.parse(goesAt) + 60_000).toISOString());
  expect([...(await states())].sort()).toEqual(["asked", "asked", "away", "away", "away"]);
  const faults = await open();
  expect(faults.map(({ kind, cause }) => [kind, cause])).toEqual(
    Array(2).fill(["timer", "A rule of its record forbids it: the record says which. Put that right, then try again."]),
  );
  const [refused] = faults;
  const record = refused?.about?.record ?? "";
  expect(await historyOf(record)).toContain(`Is sent off: it did not happen. ${refusal}`);

  const [first] = await school.query("SELECT id FROM r_leave WHERE state = 'away' LIMIT 1");
  await zoe((at) => act(at, { type: "leave", id: String(first?.["id"]), action: "return" }));
  const identity = systemIdentity(school.organisation);
  await run(school.world, identity, (at) => retryProblem(at, { id: refused?.id ?? "" }));
  await fireDue(school.world);
  expect(await gone()).toBe(3);
  expect(await open()).toHaveLength(1);
});

test("an event that another record sends is refused alike", async () => {
  const { id } = await zoe((at) => createRecord(at, { type: "team", input: { who: "Year 7" } }));
  for (let n = 0; n < 5; n++) await ask({ who: `Person ${n}`, team: id });
  await zoe((at) => act(at, { type: "team", id, action: "sendOff" }));
  await fireDue(school.world);
  expect(await gone()).toBe(3);
  expect(await open()).toHaveLength(2);
});

test("a trigger that nobody pulled is left, told of once, and pulled when it is tried again", async () => {
  await threeAway();
  const { id } = await ask({ who: "Dee" });
  // Agreed by the system, as another record's event would: there is nobody at a keyboard to refuse.
  await run(school.world, systemIdentity(school.organisation), (at) =>
    updateRecord(at, { type: "leave", id, expectedVersion: 1, input: { agreed: true } }),
  );
  const edit = (version: number) => (at: Run) =>
    updateRecord(at, { type: "leave", id, expectedVersion: version, input: { who: `Dee ${version}` } });
  await zoe(edit(2));
  await zoe(edit(3));
  expect((await open()).map(({ kind, times }) => [kind, times])).toEqual([["rule", 3]]);
  expect((await historyOf(id)).filter((summary) => summary.includes("did not happen"))).toHaveLength(1);
  expect(await gone()).toBe(3);

  const [fault] = await open();
  const again = () =>
    run(school.world, systemIdentity(school.organisation), (at) => retryProblem(at, { id: fault!.id }));
  const [first] = await school.query("SELECT id FROM r_leave WHERE state = 'away' LIMIT 1");
  await zoe((at) => act(at, { type: "leave", id: String(first?.["id"]), action: "return" }));
  await again();
  expect(await open()).toEqual([]);
  expect(await gone()).toBe(3);
});

test("what a rule kept from happening is settled by itself, once it has happened or nothing asks for it", async () => {
  await threeAway();
  const asSystem = (id: string, version: number, input: Record<string, unknown>) =>
    run(school.world, systemIdentity(school.organisation), (at) =>
      updateRecord(at, { type: "leave", id, expectedVersion: version, input }),
    );
  const [{ id: dee }, { id: eve }] = [await ask({ who: "Dee" }), await ask({ who: "Eve" })];
  for (const id of [dee, eve]) await asSystem(id, 1, { agreed: true });
  expect(await open()).toHaveLength(2);
  // Nothing asks for it any more.
  await asSystem(eve, 2, { agreed: false });
  expect((await open()).map(({ about }) => about?.record)).toEqual([dee]);
  // It happens with the next change, after somebody else came back.
  const [first] = await school.query("SELECT id FROM r_leave WHERE state = 'away' LIMIT 1");
  await zoe((at) => act(at, { type: "leave", id: String(first?.["id"]), action: "return" }));
  await zoe((at) => updateRecord(at, { type: "leave", id: dee, expectedVersion: 2, input: { who: "Dee again" } }));
  expect(await gone()).toBe(3);
  expect(await open()).toEqual([]);
});

test("a trigger that was not asked, or that its definition dropped, is settled by neither's silence", async () => {
  const flagged: RecordType = {
    ...leave,
    states: { ...leave.states, flagged: { label: "Flagged" } },
    actions: {
      ...leave.actions,
      flag: { label: "Is flagged", from: ["asked"], to: "flagged", who: [{ system: true }] },
      isSent: { ...leave.actions["isSent"]!, from: ["asked", "flagged"] },
      unflag: { label: "Unflag", from: ["flagged"], to: "asked", who: [{ anyone: true }] },
    },
    triggers: {
      flags: { when: { eq: [{ field: "who" }, "Flag me"] }, event: "flag", while: ["asked"] },
      agreed: { ...leave.triggers!["agreed"]!, while: ["asked", "flagged"] },
    },
  };
  const identity = systemIdentity(school.organisation);
  await publishDefinition(school.world, identity, { json: flagged });
  await threeAway();
  const { id } = await ask({ who: "Dee" });
  await run(school.world, identity, (at) =>
    updateRecord(at, { type: "leave", id, expectedVersion: 1, input: { agreed: true } }),
  );
  expect(await open()).toHaveLength(1);
  // The first trigger fires, and the one that was refused is not asked in that step.
  await run(school.world, identity, (at) =>
    updateRecord(at, { type: "leave", id, expectedVersion: 2, input: { who: "Flag me" } }),
  );
  expect(await states()).toContain("flagged");
  expect(await open()).toHaveLength(1);
  const { agreed: _dropped, ...rest } = flagged.triggers!;
  await publishDefinition(school.world, identity, { json: { ...flagged, triggers: rest }, inFlight: "MOVE" });
  await fireDue(school.world);
  expect(await open()).toEqual([]);
});

test("an import that would take too many is refused; a paper that contradicts itself is taken with its doubts", async () => {
  await threeAway();
  const bring = (values: Record<string, string>) =>
    run(school.world, systemIdentity(school.organisation), (at) =>
      create(at, "leave", school.organisation, values, { entry: "imported" }),
    );
  await expect(bring({ who: "Eve" })).rejects.toThrow(refusal);
  const [first] = await school.query("SELECT id FROM r_leave WHERE state = 'away' LIMIT 1");
  await zoe((at) => act(at, { type: "leave", id: String(first?.["id"]), action: "return" }));
  const { doubts } = await bring({ who: "Eve", from: "2026-12-02", until: "2026-12-01" });
  expect(doubts).toEqual([{ path: "input.until", message: "It ends before it begins." }]);
});

test("what time alone has broken does not stop the clock that sees to it", async () => {
  const json: RecordType = {
    ...leave,
    rules: {
      soon: {
        must: { any: [{ empty: { field: "until" } }, { ge: [{ field: "until" }, { today: true }] }] },
        refusal: "The last day is to come.",
      },
    },
  };
  await publishDefinition(school.world, systemIdentity(school.organisation), { json, inFlight: "MOVE" });
  const until = (await school.clock.now()).slice(0, 10);
  const goesAt = new Date(Date.parse(await school.clock.now()) + 48 * 3_600_000).toISOString();
  await ask({ until, goesAt });
  await school.clock.to(new Date(Date.parse(goesAt) + 60_000).toISOString());
  expect(await states()).toEqual(["away"]);
  expect(await open()).toEqual([]);
});
