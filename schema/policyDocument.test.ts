import { readDate } from "./documentDates";
import { Failure } from "./failure";
import { readPolicyDocument } from "./policyDocument";

const keyDetails = `Phones Policy

Key Details

Designated Safeguarding Leads: Ada Finch, headteacher; Bo Marsh (deputy head)

Named Governor: Cy Rowe

Date written: 3 October 2022

Date ratified: 12/11/2022

Date of next review: October 2023
`;

const one = (text: string, today?: string) => {
  const [policy] = readPolicyDocument(text, today).policies;
  if (!policy) throw new Error("no policy was read");
  return policy;
};
const codes = (text: string, today?: string): string[] => one(text, today).findings.map((finding) => finding.code);

describe("dates on a cover", () => {
  test.each([
    ["October 2022", "2022-10"],
    ["Sept 2022", "2022-09"],
    ["12th October 2022", "2022-10-12"],
    ["Wednesday 12 October 2022", "2022-10-12"],
    ["25/12/2022", "2022-12-25"],
    ["10/2022", "2022-10"],
    ["2022-10-12", "2022-10-12"],
    ["2022", "2022"],
  ])("%s is %s, without a doubt", (text, date) => expect(readDate(text)).toEqual({ date }));

  test("12/10/2022 is the twelfth of October, and a person is asked", () => {
    expect(readDate("12/10/2022")).toMatchObject({ date: "2022-10-12", doubt: { code: "ambiguousDate" } });
  });

  test.each(["Autumn term 2022", "30 February 2023", "13/13/2022", "soon", "31/4/2022"])("%s is no date", (text) =>
    expect(readDate(text)).toMatchObject({ date: null, doubt: { code: "unreadDate" } }),
  );
});

describe("key details", () => {
  test("people are named apart from their posts, and dates keep the precision they have", () => {
    const { values } = one(keyDetails + "\n1. Aims\n\n- Be safe.\n");
    expect(values).toMatchObject({ title: "Phones Policy", dsl: ["Ada Finch", "Bo Marsh"], leadGovernor: "Cy Rowe" });
    expect(values).toMatchObject({ writtenOn: "2022-10-03", ratifiedOn: "2022-11-12", reviewBy: "2023-10" });
    expect(values).toMatchObject({ agreedOn: null, publishedOn: null, owner: "Ada Finch" });
  });

  test("one person who is head and safeguarding lead is pointed out; a deputy head is not", () => {
    expect(codes(keyDetails)).toContain("headIsDsl");
    expect(codes(keyDetails.replace("Ada Finch, headteacher", "Ada Finch, deputy headteacher"))).not.toContain(
      "headIsDsl",
    );
  });

  test("each detail that is not there is asked for", () => {
    const findings = one("A Policy\n\nKey Details\n\n1. Aims\n\n- Be safe.\n").findings;
    const missing = findings.filter((finding) => finding.code === "missingKeyDetail").map((finding) => finding.path);
    expect(missing.sort()).toEqual(["dsl", "leadGovernor", "ratifiedOn", "reviewBy", "writtenOn"]);
  });

  test("a date that is none is left empty, with a finding on its line", () => {
    const text = keyDetails.replace("Date of next review: October 2023", "Date of next review: Autumn term 2023");
    const policy = one(text);
    expect(policy.values.reviewBy).toBeNull();
    expect(policy.findings).toContainEqual(
      expect.objectContaining({
        code: "unreadDate",
        path: "reviewBy",
        line: 13,
        message: expect.stringContaining("Autumn term 2023"),
      }),
    );
  });

  test("a review is past only after its last day, and only where today is known", () => {
    expect(codes(keyDetails, "2023-11-01")).toContain("nextReviewInPast");
    expect(codes(keyDetails, "2023-10-31")).not.toContain("nextReviewInPast");
    expect(codes(keyDetails)).not.toContain("nextReviewInPast");
  });

  test("published in the month of ratifying is no contradiction, the month before is one", () => {
    expect(codes("Published November 2022\n\n" + keyDetails)).not.toContain("publishedBeforeRatified");
    expect(codes("Published October 2022\n\n" + keyDetails)).toContain("publishedBeforeRatified");
  });

  test("a cover that says something else than the key details is pointed out, and the key details count", () => {
    const policy = one("Written May 2021\n\n" + keyDetails);
    expect(policy.values.writtenOn).toBe("2022-10-03");
    expect(policy.findings.map((finding) => finding.code)).toContain("coverDisagrees");
  });
});

describe("sections", () => {
  const body = (headings: string[]): string =>
    keyDetails + headings.map((h) => `\n${h}\n\n- Something is said here.\n`).join("");
  const numbering = (headings: string[]): string[] =>
    one(body(headings))
      .findings.filter((it) => it.code === "brokenNumbering")
      .map((it) => it.message);

  test("well numbered sections, and sections with no numbers at all, are left in peace", () => {
    expect(numbering(["1. Aims", "2. Links", "2.1 More", "3. End"])).toEqual([]);
    expect(numbering(["Aims", "Links"])).toEqual([]);
  });

  test("a gap, a repeat, an early part and a bare heading are each named", () => {
    expect(numbering(["1. Aims", "3. Links"])).toEqual(["Section 3, “Links”, follows section 1."]);
    expect(numbering(["1. Aims", "1. Links"])).toEqual(["There is more than one section 1: “Links”."]);
    expect(numbering(["1. Aims", "2.1 Links", "2. End"])).toEqual(["2.1, “Links”, stands before section 2."]);
    expect(numbering(["1. Aims", "General rules", "2. End"])).toEqual([
      "The heading “General rules”, after section 1, has no number.",
    ]);
  });

  test("bullets keep two depths, and a sentence cut by a page is joined with a finding", () => {
    const policy = one(keyDetails + "\n1. Aims\n\n- We act on:\n - worries\n- We keep to law and\n\nto custom.\n");
    expect(policy.sections[0]?.text).toBe("- We act on:\n  - worries\n- We keep to law and to custom.");
    expect(policy.findings).toContainEqual(expect.objectContaining({ code: "joinedLines", line: 21 }));
  });

  test("marks of a template are found; plain sentences that look a little like them are not", () => {
    const left = (line: string): boolean => codes(`${keyDetails}\n1. Aims\n\n- ${line}\n`).includes("templateTextLeft");
    expect(left("Amend the list as necessary.")).toBe(true);
    expect(left("See [insert policy].")).toBe(true);
    expect(left("**Pupils** recognises its duty.")).toBe(true);
    expect(left("Signs are in to tell people.")).toBe(true);
    expect(left("Pupils recognise their duty.")).toBe(false);
    expect(left("The headteacher may amend this list.")).toBe(false);
    expect(left("All members of the school community take part.")).toBe(false);
  });
});

describe("what is no policy document", () => {
  test.each([
    ["", "empty"],
    [" \n\t ", "empty"],
    ["PK\0\u0001", "not text"],
    ["A\r\ncaf\uFFFD", "Letters of this file were lost when it was saved: they show as “\uFFFD”, first in line 2."],
    ["12 --- 34", "no words"],
  ])("%j is refused with its path", (text, why) => {
    const attempt = (): unknown => readPolicyDocument(text);
    expect(attempt).toThrow(Failure);
    expect(attempt).toThrow(why);
    expect(attempt).toThrow(
      expect.objectContaining({ code: "INVALID_INPUT", problems: [expect.objectContaining({ path: "file" })] }),
    );
  });

  test("more policies than anybody reads at once are refused", () => {
    expect(readPolicyDocument(keyDetails.repeat(50)).policies).toHaveLength(50);
    expect(() => readPolicyDocument(keyDetails.repeat(51))).toThrow("more than 50 policies");
  });

  test("a text full of template marks tells of a hundred, and how many more", () => {
    const policy = one(`${keyDetails}\n1. Aims\n${"\n- Insert name of school.".repeat(140)}\n`);
    const left = policy.findings.filter((finding) => finding.code === "templateTextLeft");
    expect(left).toHaveLength(101);
    expect(left.at(-1)?.message).toBe("There are 40 more like these.");
  });

  test("a line with a colon is wording, unless it went into the record's fields whole", () => {
    const kept = [
      "We believe three things: every child is heard, every adult acts, and nobody waits.",
      "Read it at https://school.example/policies.",
      "The role of governors: they hold the head to account and check the filters.",
      "Date written: when the head was appointed",
      "Approved by: the full board",
    ];
    const lines = [...kept, "Named Governor: Cy Rowe", "Version: 2", "Date of next review: October 2023"];
    for (const text of [
      `Phones Policy\n\n${lines.join("\n\n")}\n`,
      `Phones Policy\n\nKey Details\n\n${lines.join("\n\n")}\n`,
      `# Phones Policy\n\n${lines.join("\n\n")}\n\n## 1. Aims\n\n- Be safe.\n`,
    ])
      expect(one(text).text.split("\n## ")[0]?.trim()).toBe(["# Phones Policy", ...kept].join("\n\n"));
  });

  test("what the cover says at length is pointed out, since it goes into no policy; a title and a name are not", () => {
    const long = "This school puts children first, and whoever works here or visits is asked to read what follows.";
    const left = (cover: string) =>
      one(`${cover}\n\n${keyDetails}`)
        .findings.filter(({ code }) => code === "coverLeftOut")
        .map(({ message, line }) => [message, line]);
    expect(left("# Our policies\n\nHilltop School\n\nWritten May 2021")).toEqual([]);
    expect(left(`Hilltop School\n\n${long}\n\n- ${long}`)).toEqual([
      [`Before the first policy stands “${long}” and 1 more paragraph: that was not taken into the text.`, 3],
    ]);
  });

  test("the rows of a table stay one below the other", () => {
    const table = "| Who | What |\n| --- | --- |\n| Ada | Keys |";
    expect(one(`# Keys\n\nAs follows\n\n${table}\n\n## 1. Doors\n\n${table}\n`).text).toBe(
      `# Keys\n\nAs follows\n\n${table}\n\n## 1. Doors\n\n${table}\n`,
    );
  });

  test("a text without key details is one policy that lacks them", () => {
    const { policies } = readPolicyDocument("# Homework policy\n\nWe set little.\n");
    expect(policies.map((policy) => policy.title)).toEqual(["Homework policy"]);
    expect(policies[0]?.text).toBe("# Homework policy\n\nWe set little.\n");
  });
});
