import { checkPack } from "./check";
import type { Condition, Pack, RecordType, Report, ReportSection } from "./definition";
import { coverage } from "./coverage";

const field = (name: string) => ({ field: name });
const type = (name: string, part: Partial<RecordType>): RecordType => ({
  name,
  plural: `${name}s`,
  label: name,
  pluralLabel: `${name}s`,
  reference: `${name.toUpperCase()}-{n}`,
  title: "{{ reference }}",
  entries: { new: "open" },
  fields: {},
  states: { open: { label: "Open", resting: true } },
  actions: {},
  grants: [{ to: [{ role: "clerk" }], may: ["see"] }],
  ...part,
});
const bridge = type("bridge", {
  fields: {
    name: { kind: "text", label: "Name" },
    river: { kind: "link", to: "river", label: "River" },
    builtOn: { kind: "date", label: "Built on" },
    notes: { kind: "longText", label: "Notes" },
  },
  actions: { open: { label: "Open", from: ["open"], who: [{ role: "clerk" }] } },
});
const river = type("river", {
  fields: { length: { kind: "number", label: "Length" } },
  views: { all: { label: "All", columns: ["length"] } },
});

const report = (part: Partial<Report>): Report => ({
  name: "crossings",
  title: "Crossings",
  help: "All of them.",
  who: ["clerk"],
  subject: { period: true },
  sections: { bridges: { label: "Bridges", type: "bridge", columns: ["name"] } },
  ...part,
});
const packOf = (...reports: Report[]): Pack => ({
  name: "water",
  label: "Water",
  roles: [{ name: "clerk", label: "Clerk" }],
  types: [bridge, river],
  reports,
});
const said = (...reports: Report[]) => checkPack(packOf(...reports)).map(({ path, message }) => `${path}: ${message}`);
const of = (section: ReportSection, part: Partial<Report> = {}) =>
  said(report({ sections: { first: section }, ...part })).map((each) =>
    each.replace("reports.crossings.sections.first", "…"),
  );
const river1 = { subject: { record: "river" } };

test("a report of a period, and one of a record with what links to it, are well", () => {
  const built: Condition = {
    all: [{ ge: [field("builtOn"), { period: "start" }] }, { le: [field("builtOn"), { period: "end" }] }],
  };
  const days = { from: "createdAt", to: "builtOn" };
  const figures = {
    of: [
      { label: "Built", where: built },
      { label: "Days", days },
    ],
  };
  expect(
    said(
      report({
        sections: {
          a: { label: "A", type: "bridge", columns: ["river.length", "recordTitle"], where: built, figures },
        },
      }),
    ),
  ).toEqual([]);
  const sections: Report["sections"] = {
    bridges: {
      label: "Bridges",
      via: "bridge.river",
      columns: ["name"],
      sort: "-builtOn",
      figures: { by: "river", of: [{ label: "All" }] },
    },
    back: { label: "Back", from: "bridges", via: "river", view: "all" },
  };
  expect(said(report({ ...river1, sections, facts: ["length"] }))).toEqual([]);
});

test.each<[string, string[], string[]]>([
  [
    "its roles are known",
    said(report({ who: ["clark"] })),
    ["reports.crossings.who[0]: There is no role “clark”. Did you mean “clerk”?"],
  ],
  ["somebody makes it", said(report({ who: [] })), ["reports.crossings.who: Say which roles may make it."]],
  ["it has a name of its own", said(report({}), report({})), ["reports.crossings: There are two reports “crossings”."]],
  [
    "its subject is a type",
    said(report({ subject: { record: "rivr" } })),
    ["reports.crossings.subject.record: There is no record type “rivr”. Did you mean “river”?"],
  ],
  [
    "facts are of a record",
    said(report({ facts: ["name"] })),
    ["reports.crossings: A period has neither facts nor decisions: its sections tell of it."],
  ],
  [
    "facts are fields",
    said(report({ ...river1, facts: ["lenght"] })),
    ["reports.crossings.facts[0]: There is no field “lenght”. Did you mean “length”?"],
  ],
  [
    "decisions are actions",
    said(report({ ...river1, decisions: ["flow"] })),
    ["reports.crossings.decisions[0]: There is no action “flow”."],
  ],
  [
    "it shows something",
    of({ label: "A", type: "bridge" }),
    ["…: It shows nothing: give it columns, a view or figures."],
  ],
  [
    "its type is known",
    of({ label: "A", type: "brige", columns: ["name"] }),
    ["….type: There is no record type “brige”. Did you mean “bridge”?"],
  ],
  [
    "its view is known",
    of({ label: "A", type: "bridge", view: "al" }),
    ["….view: There is no view “al”.", "…: It shows nothing: give it columns, a view or figures."],
  ],
  [
    "columns are fields",
    of({ label: "A", type: "bridge", columns: ["nam"] }),
    ["….columns[0]: There is no field “nam”. Did you mean “name”?"],
  ],
  [
    "a path goes along a link",
    of({ label: "A", type: "bridge", columns: ["name.length"] }),
    ["….columns[0]: name is no link to one record."],
  ],
  [
    "a path ends at a field",
    of({ label: "A", type: "bridge", columns: ["river.depth"] }),
    ["….columns[0]: There is no field “depth”."],
  ],
  [
    "it is sorted as lists are",
    of({ label: "A", type: "bridge", columns: ["name"], sort: "notes" }),
    ["….sort: Lists cannot be sorted by notes, which is longText."],
  ],
  [
    "conditions are checked",
    of({ label: "A", type: "bridge", columns: ["name"], where: { eq: [field("builtOn"), "soon"] } }),
    ["….where.eq: “soon” is not a date: write year, month and day, such as 2027-05-31."],
  ],
  [
    "a record's report has no period",
    of(
      { label: "A", type: "bridge", columns: ["name"], where: { ge: [field("builtOn"), { period: "start" }] } },
      river1,
    ),
    ["….where.ge[1].period: There is no period here: “period” stands in a report of a period."],
  ],
  [
    "a period has no links",
    of({ label: "A", via: "bridge.river", columns: ["name"] }),
    ["….via: A period has no links: name a type, or the section “from” whose records they are reached."],
  ],
  [
    "what it is reached from comes before it",
    of({ label: "A", from: "later", via: "river", columns: ["length"] }),
    ["….from: There is no section “later” before this one."],
  ],
  [
    "a link leads to the subject",
    of({ label: "A", via: "bridge.name", columns: ["name"] }, river1),
    ["….via: bridge.name is no link of river: name one of its link fields, or type.field of records that point to it."],
  ],
  [
    "it counts by what can be counted",
    of({ label: "A", type: "bridge", figures: { by: "notes", of: [{ label: "All" }] } }),
    ["….figures.by: Records are not counted by notes, which is longText."],
  ],
  [
    "days lie between dates",
    of({ label: "A", type: "bridge", figures: { of: [{ label: "D", days: { from: "createdAt", to: "name" } }] } }),
    ["….figures.of[0].days.to: name is no date but text."],
  ],
  [
    "an average stands alone",
    of({
      label: "A",
      type: "bridge",
      figures: { by: "state", of: [{ label: "D", days: { from: "createdAt", to: "builtOn" } }] },
    }),
    ["….figures.of[0].days: An average of days stands by itself, not by the values of a field."],
  ],
])("the checker says so unless %s", (_, found, expected) => expect(found).toEqual(expected));

test("a condition of a record type names no period", () => {
  const views: RecordType["views"] = {
    new: {
      label: "New",
      columns: ["name"],
      where: { ge: [field("builtOn"), { period: "start" }] },
    },
  };
  const pack = { ...packOf(), types: [{ ...bridge, views }, river] };
  expect(checkPack(pack)).toEqual([
    {
      path: "bridge.views.new.where.ge[1].period",
      message: "There is no period here: “period” stands in a report of a period.",
    },
  ]);
});

test("a report and its sections are what reports on an obligation", () => {
  const obligations: Pack["obligations"] = [1, 2].map((number) => ({
    number,
    letters: ["P"],
    sections: [],
    text: "Tell.",
  }));
  const section: ReportSection = { label: "Bridges", type: "bridge", columns: ["name"], because: ["O2"] };
  const covered = coverage({ ...packOf(report({ because: ["O1"], sections: { bridges: section } })), obligations });
  expect(covered.map(({ elements, missing }) => [elements.map(({ element }) => element.path), missing])).toEqual([
    [["reports.crossings"], []],
    [["reports.crossings.sections.bridges"], []],
  ]);
});
