/** Edits of the pack's definitions at random: what the check lets through does not fail. `npm run prove -- definitions` does more. */
import type { RecordType } from "../../schema/definition";
import { schoolPolicy } from "../../schema/packs/school-policy/pack";
import { edited, type Edit, inWords } from "./edits";
import { proveEdits } from "./proveEdits";

test("thirty sets of edits that the check lets through are put in force, and nothing that people or clocks do then fails", async () => {
  const { driven, findings } = await proveEdits(1, 30);
  expect(findings).toEqual([]);
  expect(driven).toBeGreaterThan(20);
}, 600_000);

describe("an edit", () => {
  const policy = schoolPolicy.types.find(({ name }) => name === "policy") as RecordType;
  const made = (edit: Edit): RecordType => {
    const [type] = edited([policy], [edit]);
    if (!type) throw new Error("It is gone.");
    return type;
  };

  test("leaves what it was given as it was", () => {
    const before = JSON.stringify(policy);
    expect(made({ type: "policy", path: ["fields", "owner"], op: "drop" }).fields).not.toHaveProperty("owner");
    expect(JSON.stringify(policy)).toBe(before);
  });

  test("renames a field where the type names it, its templates among them", () => {
    const type = made({ type: "policy", path: ["fields", "reviewBy"], op: "rename", name: "lookBy", everywhere: true });
    expect(Object.keys(type.fields)).toEqual(
      Object.keys(policy.fields).map((name) => (name === "reviewBy" ? "lookBy" : name)),
    );
    expect(JSON.stringify(type)).not.toMatch(/"reviewBy"|\{\{ reviewBy/);
  });

  test("says in words what it does", () => {
    expect(inWords({ type: "policy", path: ["timers", "remind", "steps", 0], op: "set", value: "P1D" })).toBe(
      'policy.timers.remind.steps.0 = "P1D"',
    );
    expect(inWords({ type: "policy", path: ["states", "draft"], op: "swap", with: "live" })).toBe(
      "policy.states.draft and live change places",
    );
  });
});
