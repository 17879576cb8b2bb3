/** One-time links are data in a mail: no text becomes one, the secret of one page opens no other, and old links stay good. */
import { createHmac } from "node:crypto";
import type { QueryRunner } from "typeorm";
import { deliverMails } from "../../api/engine/deliverMails";
import { smtpTransport } from "../../api/engine/mailTransport";
import { isOurs, LinkSlots, opens, secretOf } from "../../api/engine/oneTimeLink";
import { run, systemIdentity } from "../../api/engine/run";
import { linkHolder, makeSignInLinks } from "../../api/engine/signInLink";
import { fillSlots } from "../../api/store/mails";
import { LinkSlots1700000000018 } from "../../api/store/migrations/0018-link-slots";
import { type MailServer, startMailServer } from "../workers/mailServer";
import { newOffice, type Office } from "../workers/office";
import { setTime } from "../time";

const now = "2027-04-28T07:00:00.000Z";
let office: Office;
let server: MailServer;

beforeEach(async () => {
  server = await startMailServer();
  office = await newOffice({ SMTP_URL: server.url });
  setTime(office.world, () => Date.parse(now));
});
afterEach(async () => {
  await office.close();
  await server.close();
});

const deliver = async (): Promise<void> => {
  const smtp = smtpTransport(server.url);
  await deliverMails(office.world, now, smtp);
  smtp.close();
};
const former = (id: string): string =>
  id + createHmac("sha256", office.world.key).update(`one-time link ${id}`).digest("base64url").slice(0, 32);
const appointed = async (name: string): Promise<string> => {
  const id = await office.person(name, `${name.toLowerCase()}@elm.example`);
  await office.query(
    "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES (?, ?, ?, 'secretary', '2027-01-01')",
    [`01APPOINT${id.slice(9)}`, office.organisation, id],
  );
  return id;
};
const invite = (person: string, as = "Duly") =>
  run(office.world, systemIdentity(office.organisation, as), (current) => makeSignInLinks(current, [person]));
const linkOf = async (person: string): Promise<string> =>
  String((await office.query("SELECT id FROM sign_in_link WHERE person = ?", [person]))[0]?.["id"]);

test("each place of a link gets its secret, and only there", () => {
  const slots = new LinkSlots();
  const url = slots.urlOf("welcome", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
  const { words, slots: found } = slots.take("text", `a ${url} b ${url}`);
  expect(words).toBe("a  b ");
  expect(fillSlots(words, "text", found, ({ link }) => `<${link.slice(-3)}>`)).toBe("a <FAV> b <FAV>");
  expect(fillSlots(words, "html", found, () => "x")).toBe(words);
});

test("the secret of one page opens no other, and that of a new link is none of the former kind", () => {
  const { key } = office.world;
  const id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  expect(opens(key, "guest", { id, former: false }, secretOf(key, "guest", id))).toBe(true);
  expect(opens(key, "welcome", { id, former: true }, secretOf(key, "guest", id))).toBe(false);
  expect(opens(key, "welcome", { id, former: false }, former(id))).toBe(false);
  expect(opens(key, "welcome", { id, former: true }, former(id))).toBe(true);
  expect(opens(key, "guest", { id, former: false }, secretOf(Buffer.alloc(32), "guest", id))).toBe(false);
  expect([former(id), secretOf(key, "welcome", id)].map((secret) => isOurs(key, secret))).toEqual([true, true]);
  expect(["", "x", id, `${id}${"0".repeat(32)}`].map((secret) => isOurs(key, secret))).toEqual(Array(4).fill(false));
});

test("an administrator who writes another's link into every text they may write is mailed those words", async () => {
  const [head, admin] = [await appointed("Head"), await appointed("Ada")];
  await invite(head);
  const link = await linkOf(head);
  const forged = `link-for-${link} https://duly.elm.example/#/welcome/link-for-${link}`;
  await office.query("UPDATE organisation SET name = ?", [forged.slice(0, 190)]);
  await office.query("UPDATE person SET name = ? WHERE id = ?", [forged, admin]);
  await invite(admin, forged);
  await deliver();
  const own = server.delivered.find(({ to }) => to[0] === "ada@elm.example");
  const secret = secretOf(office.world.key, "welcome", link);
  for (const part of own?.parts.values() ?? []) {
    expect(part).not.toContain(secret);
    expect(part).not.toContain(former(link));
  }
  expect(own?.parts.get("text/plain")).toContain(
    `https://duly.elm.example/#/welcome/${secretOf(office.world.key, "welcome", await linkOf(admin))}`,
  );
  const theirs = server.delivered.find(({ to }) => to[0] === "head@elm.example");
  expect(theirs?.parts.get("text/html")).toContain(`href="https://duly.elm.example/#/welcome/${secret}"`);
  expect(await linkHolder(office.world, secret)).toMatchObject({ email: "head@elm.example" });
  expect(await linkHolder(office.world, former(link))).toBeUndefined();
});

test("mails that wait at the upgrade leave with their links, once; what only looked like a link stays words", async () => {
  const [head, admin] = [await appointed("Head"), await appointed("Ada")];
  for (const person of [head, admin]) await invite(person);
  const [ofHead, ofAdmin] = [await linkOf(head), await linkOf(admin)];
  // As the installation stood before.
  const written = (id: string): string => `https://duly.elm.example/#/welcome/link-for-${id}`;
  for (const [person, link] of [
    [head, ofHead],
    [admin, ofAdmin],
  ] as const)
    await office.query("UPDATE mail SET text_body = ?, html_body = ?, slots = NULL WHERE person = ?", [
      `See ${written(ofHead)} or ${written(link)} now`,
      `<a href="${written(link)}">See</a> ${written(ofHead)}`,
      person,
    ]);
  await office.query("UPDATE sign_in_link SET former = 1");
  await office.query("ALTER TABLE guest_link DROP KEY handle, DROP COLUMN handle");
  const runner = { query: (sql: string, params: string[] = []) => office.world.db.queryText(sql, params) };
  const migration = new LinkSlots1700000000018();
  for (let i = 0; i < 2; i++) await migration.up(runner as unknown as QueryRunner);
  await deliver();
  const [toHead, toAdmin] = ["head@elm.example", "ada@elm.example"].map((address) =>
    server.delivered.find(({ to }) => to[0] === address),
  );
  const url = (id: string): string => `https://duly.elm.example/#/welcome/${secretOf(office.world.key, "welcome", id)}`;
  expect(toHead?.parts.get("text/plain")?.trim()).toBe(`See ${url(ofHead)} or ${url(ofHead)} now`);
  expect(toAdmin?.parts.get("text/plain")?.trim()).toBe(`See ${written(ofHead)} or ${url(ofAdmin)} now`);
  expect(toAdmin?.parts.get("text/html")?.trim()).toBe(`<a href="${url(ofAdmin)}">See</a> ${written(ofHead)}`);
  // Those that were mailed before stay good.
  for (const secret of [former(ofHead), secretOf(office.world.key, "welcome", ofHead)])
    expect(await linkHolder(office.world, secret)).toMatchObject({ email: "head@elm.example" });
});
