/** Conduct that no system sees: it stands in the texts that people agree to, and is asked about in checks. */
import { refused, type Story, story } from "./world";

let s: Story;
beforeAll(async () => {
  s = await story();
}, 120_000);

/** The rules of the draft that the office has made of a model text. */
async function taken(name: string): Promise<string[]> {
  const office = s.as("Harriet Stowting");
  const { takeModelText } = await office.ask<{ takeModelText: { id: string } }>(
    "mutation ($name: String!) { takeModelText(name: $name) { id } }",
    { name },
  );
  const draft = await office.record<{ state: string; owner: { name: string }; text: { text: string } }>(
    "policy",
    takeModelText.id,
    "state owner { name } text { text }",
  );
  expect(draft).toMatchObject({ state: "draft", owner: { name: "Harriet Stowting" } });
  return [...(draft?.text.text ?? "").matchAll(/^## \d+\. (.*)$/gm)].map(([, heading = ""]) => heading);
}

test("O19 O20 O21 O24 O26 O30 O31 O32 O34 O35 O36 O37 O38 O39 O40 O78 O83 O91: what staff agree to says every rule on devices", async () => {
  expect(await taken("staffAup")).toEqual([
    "Your own phone and devices",
    "Your devices are your own risk",
    "Only the school's equipment with children",
    "Only the school's lines with families",
    "Teaching from afar",
    "Within the law and your role",
    "Say when something is wrong",
  ]);
});

test("O85 O86 O91 O92 O96 O97 O98 O99 O100 O101 O102 O103 O104 O106: the code of conduct says every rule on being online", async () => {
  expect(await taken("codeOfConduct")).toEqual([
    "The same standards online",
    "When you may use social media",
    "What you know from work stays at work",
    "Pupils and families are not online friends",
    "Look after yourself",
    "What may follow",
  ]);
});

test("O30 O73 O76 O87: the notice of monitoring says what is looked at and how", async () => {
  expect(await taken("monitoringNotice")).toEqual(["What may be looked at", "How we check"]);
});

test("O21 O67 O69 O70 O72 O78: visitors are told where a phone may be used", async () => {
  expect(await taken("visitorAup")).toEqual(["Where you may use a phone", "If you are often here"]);
});

test("O43 O44 O45 O46 O47 O48 O49 O52 O53 O124 O125 O126 O127 O128: pupils and parents are told every rule of theirs", async () => {
  expect(await taken("pupilAup")).toEqual([
    "Your phone at school",
    "If you need to ring home",
    "Social media",
    "Staying safe",
    "In exams",
  ]);
});

test("O110 O111 O113 O114 O116 O117 O118 O120 O121 O122 O123: whoever runs a channel agrees to how it is run", async () => {
  expect(await taken("socialMediaAup")).toEqual([
    "An official channel is official",
    "Speaking for the school",
    "No private messages",
    "Nobody is left out",
  ]);
});

test("O21 O26 O34 O36 O37 O44 O46 O67 O91 O100 O102 O122 O124 O127: a check asks whether each rule is kept", async () => {
  const head = s.as("Zoe King");
  const asked = [
    ...["places", "remote", "ownPhone", "pictures", "lessons", "pupilPhones", "handedIn", "visitors"],
    ...["staffSocial", "workInfo", "friending", "directMessages", "schoolHours", "underAge"],
  ];
  const check = await head.create("spotCheck", {});
  expect(await head.act("spotCheck", check, "record", { place: "Everywhere", asked, seen: "All is well." })).toBe(
    "done",
  );
  expect(await head.record("spotCheck", check, "asked")).toEqual({ asked });
});

test("a text is taken by who may fill the register, and only one that there is", async () => {
  const take = "mutation ($name: String!) { takeModelText(name: $name) { id } }";
  expect(await refused(s.as("Tomas Elmstead").ask(take, { name: "staffAup" }))).toMatchObject({ code: "FORBIDDEN" });
  expect(await refused(s.as("Harriet Stowting").ask(take, { name: "no such" }))).toMatchObject({ code: "NOT_FOUND" });
});
