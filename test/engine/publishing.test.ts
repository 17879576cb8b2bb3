/** A publish is checked with everything that points at it, as one set; and what is in force already goes on. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { act } from "../../api/engine/act";
import { checkTogether, definitionsToMend } from "../../api/engine/checkPublish";
import { createRecord } from "../../api/engine/createRecord";
import { publishDefinition, publishDefinitions, publishTypes } from "../../api/engine/publishDefinition";
import { type Identity, systemIdentity } from "../../api/engine/run";
import { publishPack } from "../../api/engine/upgradePack";
import { openWorld, type World } from "../../api/engine/world";
import type { RecordType } from "../../schema/definition";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import { newSchool, type School } from "../school";

const read = (name: string): RecordType =>
  JSON.parse(readFileSync(join(__dirname, `../inputs/definitions/${name}.json`), "utf8")) as RecordType;
const changed = (type: RecordType, change: (copy: RecordType) => void): RecordType => {
  const copy = structuredClone(type);
  change(copy);
  return copy;
};

let school: School;
let office: Identity;

beforeAll(async () => {
  school = await newSchool();
  office = {
    ...systemIdentity(school.organisation),
    actor: { kind: "person", id: school.personId("Bea Wickhurst"), name: "Bea Wickhurst" },
  };
});
afterAll(() => school.close());

/** With the same clock. */
async function anotherProcess(): Promise<World> {
  const { world } = school;
  const other = await openWorld(world.config, 5);
  other.machineNow = () => world.machineNow();
  other.timeAt = (databaseNow) => world.timeAt(databaseNow);
  return other;
}

const inForce = (name: string): RecordType => {
  const type = school.world.registry.types.get(name)?.active.type;
  if (!type) throw new Error(`${name} is not published.`);
  return type;
};
const versionOf = (name: string): number => school.world.registry.types.get(name)?.active.version ?? 0;
const publish = (...jsons: RecordType[]) =>
  publishDefinitions(
    school.world,
    office,
    jsons.map((json) => ({ json })),
  );
const refusalOf = async (publishing: Promise<unknown>): Promise<string[]> =>
  publishing.then(
    () => [],
    (error: { problems: { path: string; message: string }[] }) =>
      error.problems.map(({ path, message }) => `${path}: ${message}`),
  );

describe("what points at a type", () => {
  const [mother, chick, chick2] = [read("x-parent"), read("x-child-v1"), read("x-child-v2")];
  beforeAll(() => publish(chick, mother));

  test("an event that others send, an option that they fill and a field that is newly required are missed", async () => {
    const problems = await refusalOf(publish(chick2));
    expect(problems).toEqual([
      expect.stringMatching(/^mother\.actions\.lay\.effects\[0\]\.create\.fields\.size: mother: “l” is not one of/),
      expect.stringMatching(/^mother\.actions\.lay\.effects\[0\]\.create\.fields: .*needs Extra/),
      expect.stringMatching(/^mother\.actions\.feed\.effects\[0\]\.send\.event: .*no event “grow”/),
      expect.stringMatching(/^mother\.actions\.layBySystem\.effects\[0\]\.create\.fields\.size: /),
      expect.stringMatching(/^mother\.actions\.layBySystem\.effects\[0\]\.create\.fields: /),
    ]);
    expect(versionOf("chick")).toBe(1);
  });

  test("both are published as one set, or neither is", async () => {
    const mother2 = JSON.parse(
      JSON.stringify(mother).replace('"grow"', '"develop"').replaceAll('"size":"l"', '"size":"s","extra":"more"'),
    ) as RecordType;
    const broken = changed(mother2, (copy) => void delete copy.states["done"]);
    expect(await refusalOf(publish(chick2, broken))).toContainEqual(
      expect.stringMatching(/^mother\.actions\.close\.to/),
    );
    expect([versionOf("chick"), versionOf("mother")]).toEqual([1, 1]);
    await publishDefinitions(
      school.world,
      office,
      [
        { json: chick2, expectedVersion: 1 },
        { json: mother2, expectedVersion: 1 },
      ],
      { comment: "Chicks develop" },
    );
    expect([versionOf("chick"), versionOf("mother")]).toEqual([2, 2]);
    const rows = await school.query(
      "SELECT comment, published_by FROM definition WHERE type IN ('chick', 'mother') AND version = 2",
    );
    const row = { comment: "Chicks develop", published_by: school.personId("Bea Wickhurst") };
    expect(rows).toEqual([row, row]);
  });

  test("who made a change from an older version is told, and nothing is published", async () => {
    const publishing = publishDefinitions(school.world, office, [
      { json: changed(inForce("chick"), (copy) => void (copy.help = "Newer")), expectedVersion: 2 },
      { json: changed(inForce("mother"), (copy) => void (copy.help = "Newer")), expectedVersion: 1 },
    ]);
    await expect(publishing).rejects.toMatchObject({ code: "STALE" });
    expect([versionOf("chick"), versionOf("mother")]).toEqual([2, 2]);
    const newer = changed(inForce("chick"), (copy) => void (copy.help = "Newer"));
    const made = publishDefinition(school.world, office, { json: newer, expectedVersion: 0 });
    await expect(made).rejects.toMatchObject({ code: "STALE" });
  });

  test("of two publishes at once that would not fit each other, one is refused, in whatever process", async () => {
    const other = await anotherProcess();
    try {
      const needy = changed(inForce("chick"), ({ fields }) => {
        fields["nest"] = { kind: "text", label: "Nest", required: true };
      });
      const laying = changed(inForce("mother"), ({ actions }) => {
        const { lay } = actions;
        if (lay) actions["layAgain"] = { ...lay, label: "Lay again" };
      });
      const unasked = changed(inForce("mother"), ({ actions, timers }) => {
        delete timers?.["t"];
        // Nothing that is in force makes chicks, so that either would pass alone.
        delete actions["lay"];
        delete actions["layBySystem"];
      });
      await publish(unasked);
      const all = await Promise.allSettled([
        publishDefinition(school.world, office, { json: needy }),
        publishDefinition(other, office, { json: laying }),
      ]);
      expect(all.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(all.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "BAD_DEFINITION" } });
    } finally {
      await other.close();
    }
  });

  test("no event of the pack that another type sends can be renamed", async () => {
    const sent = schoolPolicy.types.flatMap((type) =>
      Object.values(type.actions).flatMap(({ effects = [] }) =>
        effects.flatMap((effect) => {
          if (!("send" in effect)) return [];
          const [target, field] = effect.send.link.includes(".")
            ? effect.send.link.split(".")
            : [undefined, effect.send.link];
          const own = type.fields[field ?? ""];
          const to = target ?? (own && "to" in own ? own.to : "");
          return to === type.name ? [] : [{ to, event: effect.send.event, from: type.name }];
        }),
      ),
    );
    expect(sent.length).toBeGreaterThanOrEqual(11);
    for (const { to, event, from } of sent) {
      const renamed = JSON.parse(
        JSON.stringify(inForce(to)).replaceAll(`"${event}"`, `"${event}Otherwise"`),
      ) as RecordType;
      const { problems } = await checkTogether(school.world.registry, [renamed]);
      expect([to, event, problems.map(({ type }) => type)]).toEqual([to, event, expect.arrayContaining([from])]);
    }
  });
});

describe("a definition in force that a newer check would refuse", () => {
  const unmended = changed(read("f-unknown-group"), (copy) => {
    copy.name = "oddOne";
    copy.plural = "oddOnes";
    copy.reference = "ODDONE-{n}";
  });

  beforeAll(async () => {
    await publishTypes(school.world, office, [unmended]);
  });

  test("is listed, with what is wrong", async () => {
    const listed = await definitionsToMend(school.world.registry);
    expect(listed.map(({ type }) => type.name)).toEqual(["oddOne"]);
    expect(listed[0]?.problems).toContainEqual(expect.objectContaining({ path: "actions.walk.who[0].group" }));
  });

  test("goes on running, starts again, and lets others be published", async () => {
    const record = await school.as("Bea Wickhurst", (run) =>
      createRecord(run, { type: "oddOne", input: { what: "One" } }),
    );
    const next = await anotherProcess();
    try {
      await publishPack(next, systemIdentity(school.organisation), schoolPolicy);
      const pack = next.registry.types.get("lesson")?.active.type;
      await publishDefinition(next, office, { json: { ...pack, help: "Lessons, of ours." } });
      expect(next.registry.types.get("oddOne")?.active.version).toBe(1);
    } finally {
      await next.close();
    }
    const of = { id: record.id, type: "oddOne" };
    const walked = school.as("Bea Wickhurst", (run) => act(run, { ...of, action: "walk" }));
    await expect(walked).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await school.as("Bea Wickhurst", (run) => act(run, { ...of, action: "close" }))).toMatchObject({
      state: "done",
    });
  });

  test("is refused where it is published itself, and mended with the rest", async () => {
    const touched = { ...unmended, help: "Another sentence." };
    expect(await refusalOf(publish(touched))).toContainEqual(
      expect.stringMatching(/^actions\.walk\.who\[0\]\.group: /),
    );
    const lesson = { ...inForce("lesson"), help: "Beside it." };
    expect(await refusalOf(publish(touched, lesson))).toContainEqual(expect.stringMatching(/^oddOne\.actions\.walk/));
    await publish(lesson);
  });
});

test("a value that would have to be unique and is not is a refusal, and the older version stays", async () => {
  const twice = changed(read("x-child-v1"), (copy) => {
    Object.assign(copy, { name: "egg", plural: "eggs", reference: "EGG-{n}" });
  });
  await publish(twice);
  for (let n = 0; n < 2; n++)
    await school.as("Bea Wickhurst", (run) => createRecord(run, { type: "egg", input: { what: "The same" } }));
  const unique = changed(twice, ({ fields }) => {
    fields["what"] = { kind: "text", label: "What", required: true, unique: true };
  });
  await expect(publish(unique)).rejects.toMatchObject({
    code: "BAD_DEFINITION",
    message: expect.stringContaining("two records hold the same value"),
  });
  expect(versionOf("egg")).toBe(1);
});
