import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkDefinition } from "./check";
import { templateProblem } from "./checkTemplate";
import type { RecordType } from "./definition";
import { Markdown } from "./markdown";
import { blocksOf, plainText } from "./prose";
import type { Facts, RecordData } from "./record";
import { render, renderMarkdown, templateScope, titleOf } from "./templates";
import { Shown } from "./templateValues";

const folder = join(__dirname, "../test/inputs/definitions");
const definition = (name: string): RecordType =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as RecordType;
const roles = ["officeStaff", "businessManager", "administrator", "headteacher"].map((name) => ({ name, label: name }));
const context = { roles, types: [{ ...definition("s-liquid-loop"), name: "mover", title: "{{ what }}" }] };

const facts = {
  calendar: { zone: "Europe/London" },
  names: { p1: "Ada *Brook*", p2: "Ben Cole" },
  linked: { r1: { title: "Piano" } },
  titles: { r2: "Organ" },
  school: { id: "s", name: "Elm" },
  publicUrl: "https://duly.elm.example",
} as unknown as Facts;
const recordOf = (type: RecordType, fields: RecordData["fields"]): RecordData =>
  ({ id: "r9", type: type.name, reference: "REF-1", title: "T", state: "open", fields }) as unknown as RecordData;

const everything = {
  what: "Thing",
  kText: "Tom & *Jerry*",
  kLongText: "One\n\n> two",
  kNumber: "12345.50",
  kMoney: 123_456,
  kYesNo: true,
  kDate: "2026-11-30",
  kMonth: "2026-11",
  kDateTime: "2026-07-30T08:05:00.000Z",
  kDuration: "P14D",
  kChoice: "a",
  kChoices: ["a", "b"],
  kPerson: "p1",
  kPeople: ["p1", "p2"],
  kRole: "officeStaff",
  kRoles: ["officeStaff", "headteacher"],
  kLink: "r1",
  kLinks: ["r1", "r2"],
  kDocument: { latest: { id: "d2", number: 2, hash: "" }, inForce: { id: "d1", number: 1, hash: "" } },
  kRiskGrid: { likelihood: 3, impact: 4, level: "high" as const },
  kList: [
    { n: "Paint", m: 999 },
    { n: "Brush", m: null },
  ],
};

test("a title is one line that holds nothing unseen, whatever was kept before", () => {
  const type = definition("templates-all-kinds");
  const record = recordOf(type, { ...everything, kLongText: "Ada\n\u202e nworB\r\n\u0007" });
  expect(titleOf({ ...type, title: "{{ kLongText }}\nof {{ kText }}" }, record, facts)).toBe(
    "Ada nworB of Tom & *Jerry*",
  );
});

test("every kind of value reads as people write it", () => {
  const type = definition("templates-all-kinds");
  expect(checkDefinition(type, context).problems).toEqual([]);
  const { body, subject } = type.notices?.["n"] ?? { body: "", subject: "" };
  const scope = templateScope(type, recordOf(type, everything), facts);
  expect(render(subject, scope)).toBe("£1,234.56 November 2026");
  const shown = blocksOf(renderMarkdown(body, scope).replaceAll("\nk", "\n\nk"))
    .map(({ cells }) => plainText(cells))
    .join("\n");
  expect(shown).toBe(
    [
      "kText=[Tom & *Jerry*]",
      "kLongText=[One\n\n> two]",
      "kNumber=[12,345.50]",
      "kMoney=[£1,234.56]",
      "kYesNo=[Yes]",
      "kDate=[30 November 2026]",
      "kMonth=[November 2026]",
      "kDateTime=[Thursday 30 July 2026, 9:05]",
      "kDuration=[14 days]",
      "kChoice=[Apple]",
      "kChoices=[Apple, Bee]",
      "kPerson=[Ada *Brook*]",
      "kPeople=[Ada *Brook*, Ben Cole]",
      "kRole=[office staff]",
      "kRoles=[office staff, headteacher]",
      "kLink=[Piano]",
      "kLinks=[Piano, Organ]",
      "kDocument=[version 1, in force]",
      "kRiskGrid=[high, likelihood 3, impact 4]",
      "kList=[Paint, £9.99; Brush]",
      "kRisk.level=[high] first=[Paint] size=[2] dt=[Thursday 30 July 2026, 9:05] mon=[November 2026]",
    ].join("\n"),
  );
});

test("nothing reads as code where a record is empty; an empty yes or no is no", () => {
  const type = definition("templates-all-kinds");
  const scope = templateScope(type, recordOf(type, {}), facts);
  const body = renderMarkdown(type.notices?.["n"]?.body ?? "", scope);
  expect(body).not.toMatch(/null|undefined|object|false|NaN/);
  expect(body).toContain("kYesNo=[No]");
});

test("conditions compare the value and not its words", () => {
  const type = definition("templates-all-kinds");
  const scope = templateScope(type, recordOf(type, everything), facts);
  expect(render("{% if kMoney > 1000 %}a{% endif %}{% unless kYesNo %}b{% endunless %}", scope)).toBe("a");
  expect(render("{% if kDate < '2027-01-01' %}a{% endif %}{% if kNumber == 12345.5 %}b{% endif %}", scope)).toBe("ab");
  expect(render("{% for each in kList %}{{ each.n }} {{ each.m }};{% endfor %}", scope)).toBe("Paint £9.99;Brush ;");
  expect(render("{% case kChoice %}{% when 'Apple' %}a{% endcase %}", scope)).toBe("a");
});

const refused = [
  "{% include 'package.json' %}",
  "{% render 'package.json' %}",
  "{% layout 'package.json' %}",
  "{% block a %}{% endblock %}",
  "{% increment a %}",
  "{% decrement a %}",
  "{% cycle 'a', 'b' %}",
  "{% capture a %}{% endcapture %}",
  "{% tablerow i in kList %}{% endtablerow %}",
  "{% echo what %}",
  "{% liquid assign a = 1 %}",
  "{% raw %}{{ what }}{% endraw %}",
  "{% for i in (1..6000000) %}{% endfor %}x",
  "{% for i in (1..kNumber) %}{% endfor %}x",
  "{{ (1..5) | join: '' }}",
  "{{ what | raw }}",
  "{{ what | json }}",
  "{{ what | inspect }}",
  "{{ what | sha256 }}",
  "{{ kList | where_exp: 'x', 'x.n' }}",
  "{{ what | strip_html }}",
  `${"x".repeat(20_001)}`,
  "{{ what",
  "{% if what %}",
];

test.each(refused)("%s is refused at check, and does nothing where it is in force", (template) => {
  expect(templateProblem(template)).toEqual(expect.any(String));
  const type: RecordType = { ...definition("templates-all-kinds"), title: template };
  expect(checkDefinition(type, context).problems.map(({ path }) => path)).toContain("title");
  const record = recordOf(type, everything);
  const before = process.cpuUsage();
  const title = titleOf(type, record, facts);
  const body = renderMarkdown(template, templateScope(type, record, facts));
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
  expect(title.length).toBeLessThanOrEqual(500);
  expect(`${title} ${body}`).not.toMatch(/"name"|dependencies/);
});

test("what is refused in force falls back on the reference and the link", () => {
  const type = definition("s-liquid-file");
  expect(
    checkDefinition(type, context)
      .problems.map(({ path }) => path)
      .sort(),
  ).toEqual(["notices.n.body", "title"]);
  const record = recordOf(type, { what: "x" });
  expect(titleOf(type, record, facts)).toBe("REF-1");
  expect(renderMarkdown(type.notices?.["n"]?.body ?? "", templateScope(type, record, facts))).toBe(
    "[Open it](https://duly.elm.example/#/leak/r9)",
  );
});

test.each(["constructor", "__proto__", "toString", "what.constructor", "kList.constructor.name", "school.__proto__"])(
  "{{ %s }} shows nothing that is not the record's own",
  (path) => {
    const type = definition("templates-all-kinds");
    const scope = templateScope(type, recordOf(type, everything), facts);
    expect(render(`{{ ${path} }}`, scope)).toBe("");
    expect(checkDefinition({ ...type, title: `{{ ${path} }}` }, context).problems).not.toEqual([]);
  },
);

test("loops within loops come to an end", () => {
  const scope = { a: Array.from({ length: 1_000 }, (_, i) => String(i)) };
  const loops = "{% for i in a %}".repeat(6) + "x" + "{% endfor %}".repeat(6);
  const before = process.cpuUsage();
  render(loops, scope);
  renderMarkdown("{% assign b = 'xxxxxxxxxx' %}" + "{% assign b = b | append: b %}".repeat(60), scope);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(8);
});

test("a field that only some may see is refused in a title, a label, a subject, a body and a warning", () => {
  const type = definition("s-see-in-title");
  const more: RecordType = {
    ...type,
    tasks: { t: { label: "{{ salary }}", opens: "open", to: [{ role: "officeStaff" }], actions: ["close"] } },
    notices: {
      n: { subject: "{{ salary }}", body: "{% if salary > 1 %}{{ salary }}{% endif %}" },
    },
  };
  const paths = checkDefinition(more, context).problems.map(({ path }) => path);
  for (const path of ["title", "tasks.t.label", "notices.n.subject", "notices.n.body", "warnings.w.message"])
    expect(paths).toContain(path);
  // In force, the reference stands there.
  const scope = templateScope(type, recordOf(type, { what: "Ada", salary: 4711 }), facts);
  expect(render(type.title, scope)).toBe("Ada earns REF-1");
  expect(render("{% if salary > 1000 %}rich{% endif %}", scope)).toBe("");
});

test("values are words in Markdown, and only the record's own link is a link", () => {
  const scope = {
    what: "[x](https://evil.example) **b** https://duly.elm.example/#/leak/r9\n# h",
    url: new Markdown("https://duly.elm.example/#/leak/r9"),
    n: new Shown(1, "*1*"),
  };
  const blocks = blocksOf(renderMarkdown("**{{ what }}** {{ n }}\n\n[Open]({{ url }})", scope));
  const hrefs = blocks.flatMap(({ cells }) => cells.flat()).flatMap(({ href }) => href ?? []);
  expect(hrefs).toEqual(["https://duly.elm.example/#/leak/r9"]);
  expect(plainText(blocks[0]?.cells ?? [])).toBe(
    "[x](https://evil.example) **b** https://duly.elm.example/#/leak/r9\n# h *1*",
  );
  expect(renderMarkdown("{{ what }}", { what: "y".repeat(100_000) }).length).toBeLessThan(9_000);
});

test("the definitions given as examples that show nothing they should not are not refused for their templates", () => {
  for (const name of readdirSync(folder).filter((each) => !/^s-/.test(each))) {
    const type = JSON.parse(readFileSync(join(folder, name), "utf8")) as RecordType;
    const problems = checkDefinition(type, { roles, types: [] }).problems;
    expect(problems.filter(({ message }) => /template|seen by some/.test(message))).toEqual([]);
  }
});
