import { checkPack } from "./check";
import { coverage, type Covered, provable } from "./coverage";
import { elementsOf, without } from "./elements";
import type { Pack, RecordType } from "./definition";

const kite: RecordType = {
  name: "kite",
  plural: "kites",
  label: "Kite",
  pluralLabel: "Kites",
  reference: "KIT-{n}",
  title: "{{ name }}",
  entries: { new: "down" },
  because: ["O1"],
  fields: {
    name: { kind: "text", label: "Name", required: true, because: ["O1", "O2"] },
    keeper: { kind: "person", label: "Keeper", because: ["O2"] },
    tails: {
      kind: "list",
      label: "Tails",
      of: { length: { kind: "number", label: "Length", required: true, because: ["O2"] } },
    },
    fault: {
      kind: "choice",
      label: "Fault",
      options: [
        { value: "torn", label: "Torn", because: ["O4"] },
        { value: "lost", label: "Lost" },
      ],
    },
    lineWhole: { kind: "yesNo", label: "Is the line whole?", because: ["O4"] },
  },
  states: { down: { label: "Down", resting: true }, up: { label: "Up" } },
  actions: {
    fly: {
      label: "Fly",
      from: ["down"],
      to: "up",
      decides: [{ role: "flyer" }],
      when: { not: { empty: { field: "keeper" } } },
      refusal: "Somebody must keep it.",
      needs: { fault: { must: { empty: { field: "fault" } }, refusal: "Mend it first." } },
      separate: ["keeper"],
      form: ["wind"],
      asks: { wind: { kind: "number", label: "Wind", required: true } },
      required: ["wind"],
      because: ["O2"],
    },
    land: { label: "Land", from: ["up"], to: "down", who: [{ anyone: true }] },
  },
  tasks: { watch: { label: "Watch it", opens: "up", to: [{ role: "flyer" }], due: { after: "P1D" }, because: ["O3"] } },
  timers: { late: { label: "Late", anchor: { state: "up" }, steps: ["P2D"], task: "watch", because: ["O3"] } },
  grants: [
    { to: [{ anyone: true }], may: ["see", "create"], because: ["O1"] },
    { to: [{ role: "flyer" }], may: ["edit"], because: ["O2"] },
  ],
  bars: ["keeper"],
  rules: { kept: { must: { not: { empty: { field: "keeper" } } }, refusal: "Say who keeps it.", because: ["O2"] } },
  warnings: { worn: { when: { not: { empty: { field: "fault" } } }, message: "{{ name }} is torn.", because: ["O2"] } },
  charts: { faults: { label: "Which faults are there?", by: "fault", because: ["O5"] } },
  quick: { label: "Report a fault", fields: ["name", "fault"], then: "We mend it.", because: ["O1"] },
  views: { all: { label: "All", columns: ["name"], because: ["O5"] } },
};

const pack: Pack = {
  name: "kites",
  label: "Kites",
  roles: [{ name: "flyer", label: "Flyer", because: ["O1"] }],
  types: [kite],
  sections: [{ code: "K1", label: "Kites, section 1" }],
  obligations: [
    { number: 1, letters: ["H"], sections: ["K1"], text: "Kites are known." },
    { number: 2, letters: ["E"], sections: [], text: "Kites are flown with care." },
    { number: 3, letters: ["R"], sections: [], text: "Kites come down." },
    { number: 4, letters: ["E"], sections: [], text: "Nobody flies a broken kite.", byAgreement: true },
    { number: 5, letters: ["P"], sections: [], text: "The sky is seen." },
    { number: 6, letters: ["H", "E"], sections: [], text: "Kites are insured." },
  ],
  texts: [
    {
      name: "rules",
      title: "Rules",
      sections: [{ heading: "Broken kites", audience: "All", text: "Mend it first.", because: ["O4"] }],
    },
  ],
};

const of = (number: number, covering = pack): Covered => {
  const found = coverage(covering).find(({ obligation }) => obligation.number === number);
  if (!found) throw new Error(`There is no obligation ${number}.`);
  return found;
};
const paths = (number: number): string[] =>
  of(number).elements.map(({ letter, element }) => `${letter} ${element.path}`);

test("the pack of these tests is one that could be published", () => expect(checkPack(pack)).toEqual([]));

test("an element counts for the letters that its kind and its parts satisfy, and for no others", () => {
  expect(paths(1)).toEqual(["H kite", "H kite.fields.name", "H kite.quick", "H roles.flyer"]);
  expect(paths(2)).toEqual([
    "E kite.fields.name.required",
    "E kite.fields.tails.of.length.required",
    "E kite.actions.fly.when",
    "E kite.actions.fly.separate",
    "E kite.actions.fly.decides",
    "E kite.actions.fly.required",
    "E kite.actions.fly.needs.fault",
    "E kite.rules.kept",
    "E kite.warnings.worn",
    "E kite.grants[1]",
    "E kite.bars[0]",
  ]);
  expect(paths(3)).toEqual(["R kite.tasks.watch.due", "R kite.timers.late"]);
  expect(paths(5)).toEqual(["P kite.views.all", "P kite.charts.faults"]);
});

test("conduct is enforced by a rule, a category and a question together", () => {
  expect(paths(4)).toEqual(["E kite.fields.lineWhole", "E kite.fields.fault.options.torn", "E texts.rules[0]"]);
  expect(of(4).missing).toEqual([]);
  for (const [path, want] of [
    ["kite.fields.lineWhole", "question"],
    ["kite.fields.fault.options.torn", "category"],
    ["texts.rules[0]", "section"],
  ] as const)
    expect(of(4, without(pack, path)).missing).toEqual([
      { letter: "E", wants: expect.stringContaining(want) as string },
    ]);
});

test("a list of questions is one too, and a list of phrases is not", () => {
  const asking = (value: string[]): Pack => ({
    ...without(pack, "kite.fields.lineWhole"),
    types: [{ ...kite, fields: {}, settings: { asked: { label: "Asked", kind: "texts", value, because: ["O4"] } } }],
  });
  const letters = (value: string[]) => of(4, asking(value)).elements.map(({ element }) => element.path);
  expect(letters(["Is it whole?", "Is it dry?"])).toContain("kite.settings.asked");
  expect(letters(["Is it whole?", "Dry"])).not.toContain("kite.settings.asked");
});

test("what is not met says what it wants, letter by letter", () => {
  expect(of(6).missing.map(({ letter }) => letter)).toEqual(["H", "E"]);
  const blind = without(without(pack, "kite.views.all"), "kite.charts.faults");
  expect(of(5, blind).missing).toEqual([{ letter: "P", wants: "a view, a chart or a report" }]);
});

test("everything that enforces or reminds is to be proved, by the numbers it does so for", () => {
  const proofs = provable(pack).map(({ element, numbers }) => `${element.path} ${numbers.join(" ")}`);
  expect(proofs).toContain("kite.fields.name.required 2");
  expect(proofs).toContain("texts.rules[0] 4");
  expect(proofs).not.toContainEqual(expect.stringMatching(/views|roles|^kite \d/));
  expect(new Set(proofs).size).toBe(proofs.length);
});

test("an element taken out leaves a pack that stands, without that element and otherwise the same", () => {
  for (const { element } of provable(pack)) {
    const less = without(pack, element.path);
    expect([element.path, checkPack(less)]).toEqual([element.path, []]);
    expect(less).not.toEqual(pack);
  }
  const { fly } = without(pack, "kite.actions.fly.decides").types[0]?.actions ?? {};
  expect(fly?.who).toEqual([{ role: "flyer" }]);
  const { fly: free } = without(pack, "kite.actions.fly.required").types[0]?.actions ?? {};
  expect([free?.required, free?.asks?.["wind"]?.required]).toEqual([undefined, undefined]);
  expect(kite.actions["fly"]?.required).toEqual(["wind"]);
  expect(() => without(pack, "kite.actions.swim")).toThrow("kite.actions.swim");
});

test("an element that cites nothing the pack knows is refused, with its place", () => {
  const astray = structuredClone(pack);
  astray.types[0]?.grants[0]?.because?.push("O77", "K2");
  astray.obligations?.push({ number: 3, letters: ["H"], sections: ["K9"], text: "Twice." });
  expect(checkPack(astray)).toEqual([
    { path: "obligations.O3", message: "There are two obligations O3." },
    { path: "kite.grants[0]", message: expect.stringContaining("“O77”") as string },
    { path: "kite.grants[0]", message: expect.stringContaining("“K2”") as string },
    { path: "obligations.O3", message: expect.stringContaining("“K9”") as string },
  ]);
});

test("every element has one place, and a label that a person can read", () => {
  const places = elementsOf(pack).map(({ path }) => path);
  expect(new Set(places).size).toBe(places.length);
  const labels = new Map(elementsOf(pack).map(({ path, label }) => [path, label]));
  expect(labels.get("kite.grants[1]")).toBe("Flyer: edit");
  expect(labels.get("kite.warnings.worn")).toBe("… is torn.");
});
