/** Guessing passwords slows the guesser down: not the school behind the same address, and not the owner of the account. */
import { KNOWN_DEVICE_COOKIE } from "../../api/engine/knownDevice";
import { verifySecurityLog } from "../../api/store/securityLog";
import { demoPassword } from "../school";
import { emailOf, newSchoolApi, type SchoolApi, SIGN_IN } from "./schoolApi";

let school: SchoolApi;
beforeEach(async () => {
  school = await newSchoolApi({ demo: false });
  // A slow machine must not wait the delays out.
  const { world } = school.school;
  const now = world.machineNow();
  world.machineNow = () => now;
}, 60_000);
afterEach(() => school.close());

const signIn = (email: string, password: string, cookie?: string) =>
  school.anybody(SIGN_IN, { email, password }, cookie ? { cookie } : {});
const codeOf = (answer: Awaited<ReturnType<typeof signIn>>) => answer.errors[0]?.extensions.code ?? "in";

async function guess(emails: string[]): Promise<string[]> {
  const codes: string[] = [];
  for (const email of emails) codes.push(codeOf(await signIn(email, "a wrong guess")));
  return codes;
}

/** The cookie by which a browser is known again. */
async function knownDevice(name: string): Promise<string> {
  const answer = await signIn(emailOf(name), demoPassword);
  const found = new RegExp(`${KNOWN_DEVICE_COOKIE}=[^;]+`).exec(String(answer.headers["set-cookie"]))?.[0];
  if (!found) throw new Error("The browser is not known.");
  return found;
}

const kinds = async (about: string): Promise<string[]> =>
  (
    await school.school.query("SELECT kind FROM security_log WHERE about = ? OR actor = ? ORDER BY seq", [about, about])
  ).map((row) => String(row["kind"]));

test("sixty wrong guesses at one account hold back neither the others behind that address nor its owner's own device", async () => {
  const zoe = emailOf("Zoe King");
  const device = await knownDevice("Zoe King");
  const codes = await guess(Array.from({ length: 60 }, () => zoe));
  expect(codes.filter((code) => code === "UNAUTHENTICATED").length).toBeLessThanOrEqual(10);
  expect(codes.at(-1)).toBe("TOO_MANY_ATTEMPTS");
  // Everybody else at the school has the same address.
  for (const name of ["Harriet Stowting", "Tomas Elmstead", "Rowan Ashdown"])
    expect([name, codeOf(await signIn(emailOf(name), demoPassword))]).toEqual([name, "in"]);
  expect(codeOf(await signIn(zoe, demoPassword))).toBe("TOO_MANY_ATTEMPTS");
  expect(codeOf(await signIn(zoe, demoPassword, device))).toBe("in");
  // The cookie proves a device, not a password, and opens no other account.
  expect(codeOf(await signIn(zoe, "a wrong guess", device))).toBe("UNAUTHENTICATED");
  expect(codeOf(await signIn(zoe, demoPassword, `${device.slice(0, -2)}xx`))).toBe("TOO_MANY_ATTEMPTS");

  const told = await kinds(school.school.personId("Zoe King"));
  expect(told[0]).toBe("signedIn");
  expect(told).toEqual(expect.arrayContaining(["signInFailed", "signInHeld"]));
  // A flood of what is held back does not fill the log.
  expect(told.filter((kind) => kind === "signInHeld").length).toBeLessThanOrEqual(2);
  const log = JSON.stringify(await school.school.query("SELECT * FROM security_log"));
  for (const secret of [demoPassword, "a wrong guess", "127.0.0.1"]) expect(log).not.toContain(secret);
  expect(await verifySecurityLog(school.school.world.db, school.school.world.key)).toMatchObject({ problem: null });
});

test("a link lets the owner in while guesses hold the account, and another password ends what was held", async () => {
  const { personId } = school.school;
  const tomas = emailOf("Tomas Elmstead");
  await guess(Array.from({ length: 20 }, () => tomas));
  expect(codeOf(await signIn(tomas, demoPassword))).toBe("TOO_MANY_ATTEMPTS");
  const office = await school.as("Harriet Stowting");
  const made = await office("mutation ($people: [ID!]!) { makeSignInLinks(people: $people) { url problem } }", {
    people: [personId("Tomas Elmstead")],
  });
  const [link] = made.data["makeSignInLinks"] as { url: string | null }[];
  const secret = /welcome\/([\w-]+)/.exec(link?.url ?? "")?.[1];
  const password = "seven green lanterns swing";
  const chosen = await school.anybody(
    "mutation ($secret: String!, $password: String!) { choosePassword(secret: $secret, password: $password) { person { name } } }",
    { secret, password },
  );
  expect(chosen.errors).toEqual([]);
  expect(codeOf(await signIn(tomas, password))).toBe("in");
});

test("many different names from one address slow that address down, and not a device that is known", async () => {
  const device = await knownDevice("Zoe King");
  const codes = await guess(Array.from({ length: 60 }, (_, n) => `guess${n}@canterburyroad.invalid`));
  expect(codes.filter((code) => code === "UNAUTHENTICATED").length).toBeLessThanOrEqual(40);
  expect(codes.at(-1)).toBe("TOO_MANY_ATTEMPTS");
  expect(codeOf(await signIn(emailOf("Zoe King"), demoPassword, device))).toBe("in");
  // The wait is a minute at most, and the names leave the count a quarter of an hour later.
  const { world } = school.school;
  const later = world.machineNow() + 61_000;
  const clock = jest.spyOn(world, "machineNow").mockImplementation(() => later);
  expect(codeOf(await signIn(emailOf("Rowan Ashdown"), demoPassword))).toBe("in");
  clock.mockRestore();
});

test("a forgotten password is answered alike for anybody, and asked for a thousand times mails no more than a few", async () => {
  const ask = (email: string) => school.anybody(`mutation { forgottenPassword(email: "${email}") }`);
  const [known, unknown] = [await ask(emailOf("Zoe King")), await ask("nobody@nowhere.invalid")];
  expect([known.data, known.errors]).toEqual([unknown.data, unknown.errors]);
  await Promise.all(Array.from({ length: 12 }, () => ask(emailOf("Zoe King"))));
  const asked = await kinds(school.school.personId("Zoe King"));
  expect(asked.filter((kind) => kind === "passwordForgotten").length).toBeLessThanOrEqual(4);
});

test("a password is changed by the old one alone, ends other sessions, and may not be a common one", async () => {
  const cookie = await school.signIn("Tomas Elmstead");
  const other = await school.as("Tomas Elmstead");
  const change = (old: string, password: string) =>
    school.anybody(
      "mutation ($old: String!, $password: String!) { changePassword(old: $old, password: $password) }",
      { old, password },
      { cookie },
    );
  expect((await change("not mine", "seven green lanterns swing")).errors[0]?.extensions.problems?.[0]?.path).toBe(
    "old",
  );
  for (const common of ["password12", "1234567890", "qwertyuiop", "Tomas Elmstead"])
    expect([common, codeOf(await change(demoPassword, common))]).toEqual([common, "INVALID_INPUT"]);
  expect((await change(demoPassword, "seven green lanterns swing")).errors).toEqual([]);
  expect((await other("{ me { person { name } } }")).data).toEqual({ me: null });
  expect(codeOf(await signIn(emailOf("Tomas Elmstead"), demoPassword))).toBe("UNAUTHENTICATED");
  expect(codeOf(await signIn(emailOf("Tomas Elmstead"), "seven green lanterns swing"))).toBe("in");
});
