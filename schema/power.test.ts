import type { RecordType, Role, Who } from "./definition";
import { opensByRelation, powerfulRoles } from "./power";

const roles: Role[] = ["head", "clerk", "porter"].map((name) => ({ name, label: name }));
const talk = (to: Who[], more: Partial<RecordType> = {}): RecordType => ({
  ...{ name: "talk", plural: "talks", label: "Talk", pluralLabel: "Talks", reference: "TALK-{n}" },
  ...{ title: "{{ reference }}", confidential: true, entries: { new: "open" } },
  fields: { about: { kind: "person", label: "About" }, audience: { kind: "roles", label: "Audience" } },
  states: { open: { label: "Open" } },
  actions: {},
  tasks: { hold: { label: "Hold it", opens: "open", to } },
  grants: [{ to: [{ task: "hold" }], may: ["see"] }],
  ...more,
});
const powerful = (type: RecordType) => [...powerfulRoles([type], roles).keys()];

test("a role is powerful that comes to confidential records by a task, here or above, by another task or by a hand-over", () => {
  expect(powerful(talk([{ role: "clerk" }]))).toEqual(["clerk"]);
  expect(powerful(talk([{ role: "clerk", at: "parent" }]))).toEqual(["clerk"]);
  const tasks = {
    hold: { label: "Hold it", opens: "open", to: [{ task: "check" }] },
    check: {
      label: "Check it",
      opens: "open",
      to: [{ task: "hold" }, { role: "porter" }],
      handOverTo: [{ role: "head" }],
    },
  };
  expect(powerful(talk([], { tasks }))).toEqual(["porter", "head"]);
  expect(powerful(talk([{ role: "clerk" }], { confidential: false }))).toEqual([]);
  expect(powerful(talk([{ role: "clerk" }], { grants: [{ to: [{ task: "hold" }], may: ["create"] }] }))).toEqual([]);
});

test("where a record itself says which roles hold its task, any of them is powerful", () => {
  expect(powerful(talk([{ rolesIn: "audience" }]))).toEqual(["head", "clerk", "porter"]);
});

test("what is sealed is opened by a task or a relation as by a role", () => {
  const sealed = (...see: Who[]) =>
    talk([{ role: "clerk" }], {
      confidential: false,
      fields: { about: { kind: "person", label: "About" }, word: { kind: "text", label: "Word", sealed: true, see } },
    });
  expect(powerful(sealed({ task: "hold" }))).toEqual(["clerk"]);
  expect(opensByRelation([sealed({ relation: "lineManager", of: "about" })], "lineManager")).toBe(true);
  expect(opensByRelation([sealed({ role: "clerk" })], "lineManager")).toBe(false);
});
