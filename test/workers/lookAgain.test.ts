/** What waits to leave goes only to whom it is still for, where they are by now. */
import { deliverMails } from "../../api/engine/deliverMails";
import { composeMails } from "../../api/engine/composeMails";
import { LinkSlots, secretOf } from "../../api/engine/oneTimeLink";
import { updatePerson } from "../../api/engine/people";
import { retryProblem } from "../../api/engine/problems";
import { mailAtOnce } from "../../api/engine/putMail";
import { run, systemIdentity, type Run } from "../../api/engine/run";
import { makeSignInLinks } from "../../api/engine/signInLink";
import { readFaults } from "../../api/store/faults";
import { Markdown, markdown } from "../../schema/markdown";
import { type MailOffice, newMailOffice } from "./mailOffice";

const endsOn = "2027-05-28";
const firedAt = "2027-04-28T07:00:00.000Z";
const later = (minutes: number): string => new Date(Date.parse(firedAt) + minutes * 60_000).toISOString();

let mailing: MailOffice;
let { server, office, smtp } = {} as MailOffice;
let ada: string;

beforeEach(async () => {
  mailing = await newMailOffice();
  ({ server, office, smtp } = mailing);
  ada = await office.person("Ada Brook", "ada@elm.example");
});
afterEach(() => mailing.close());

const send = (at: string): Promise<void> => mailing.send(at);
/** Put together and offered once, to a server that does not take it yet. */
async function refusedOnce(code = 451): Promise<void> {
  server.refuse = { code, text: "Not now" };
  await send(firedAt);
  server.refuse = undefined;
}
const asOffice = <T>(verb: (current: Run) => Promise<T>, at = firedAt): Promise<T> =>
  run(office.world, systemIdentity(office.organisation), verb, Date.parse(at));
const mails = () => office.query("SELECT state, address FROM mail ORDER BY id");
const notices = () => office.query("SELECT outcome, outcome_why AS why FROM notice ORDER BY id");
const bar = (person: string, record: string) =>
  office.query(
    "INSERT INTO record_party (organisation, record, person, kind, type) VALUES (?, ?, ?, 'contested', 'licence')",
    [office.organisation, record, person],
  );
const moveTo = (email: string) =>
  asOffice((current) => updatePerson(current, { id: ada, name: "Ada Brook", email }), later(0.5));
const letters = () => server.delivered.map((mail) => [mail.to[0], mail.parts.get("text/plain") ?? ""] as const);

test("what is tried again tells nothing that its reader may not see any more, and the rest of it the same day", async () => {
  const secret = await office.licence("Secret licence", endsOn, { keeper: ada });
  await office.licence("Music licence", endsOn, { keeper: ada });
  await office.fire(firedAt);
  await refusedOnce();
  await bar(ada, secret);
  await send(later(1));
  await send(later(2));

  expect(letters()).toEqual([["ada@elm.example", expect.stringContaining("Music licence")]]);
  expect(letters()[0]?.[1]).not.toContain("Secret");
  expect(await mails()).toMatchObject([{ state: "replaced" }, { state: "sent" }]);
  expect(await notices()).toEqual([
    { outcome: "not needed", why: "The person may not see this record." },
    { outcome: "sent", why: null },
  ]);
});

test("what is tried again goes to nobody who has left", async () => {
  await office.licence("Music licence", endsOn, { keeper: ada });
  await office.fire(firedAt);
  await refusedOnce();
  await office.query("UPDATE person SET active = 0 WHERE id = ?", [ada]);
  await send(later(1));
  await send(later(2));
  expect(server.delivered).toEqual([]);
  expect(await notices()).toEqual([{ outcome: "not needed", why: "The person is no longer active." }]);
});

test("what waited for a while before its first try goes where its reader is by now", async () => {
  await office.licence("Music licence", endsOn, { keeper: ada });
  await office.fire(firedAt);
  await composeMails(office.world, firedAt);
  await moveTo("ada.brook@elm.example");
  await deliverMails(office.world, later(2), smtp);
  expect(letters()).toEqual([["ada.brook@elm.example", expect.stringContaining("Music licence")]]);
  expect(await mails()).toEqual([{ state: "sent", address: "ada.brook@elm.example" }]);
});

test("an email that failed and is sent again weeks later is looked at again", async () => {
  const secret = await office.licence("Secret licence", endsOn, { keeper: ada });
  await office.fire(firedAt);
  server.refuseSender = { code: 550, text: "Your host is blocked" };
  await send(firedAt);
  server.refuseSender = undefined;
  await bar(ada, secret);
  const [fault] = await readFaults(office.world.db, { organisations: [office.organisation], first: 1 });
  const weeks = later(21 * 24 * 60);
  expect(await asOffice((current) => retryProblem(current, { id: fault?.id ?? "" }), weeks)).toMatchObject({
    repeated: true,
  });
  await send(weeks);
  await send(weeks);
  expect(server.delivered).toEqual([]);
  expect(await notices()).toEqual([{ outcome: "not needed", why: "The person may not see this record." }]);
});

test("what cannot be looked at again waits, and is a problem in the end; the others of its batch leave", async () => {
  const ben = await office.person("Ben Cole", "ben@elm.example");
  await office.licence("Film licence", endsOn, { keeper: ben });
  await office.licence("Music licence", endsOn, { keeper: ada });
  await office.fire(firedAt);
  await refusedOnce();
  // Of a record that no table holds.
  await office.query("DROP TABLE r_trouble");
  await office.query("UPDATE notice SET type = 'trouble' WHERE person = ?", [ben]);
  await deliverMails(office.world, later(1), smtp);
  expect(letters().map(([to]) => to)).toEqual(["ada@elm.example"]);
  for (let day = 1; day <= 10; day++) await deliverMails(office.world, later(day * 24 * 60), smtp);
  expect(server.delivered).toHaveLength(1);
  expect(await readFaults(office.world.db, { organisations: [office.organisation], first: 9 })).toMatchObject([
    { kind: "email", cause: expect.stringContaining("could not prepare") },
  ]);
});

test("what tells somebody of their own address stays with the one it was written to; what they asked for follows them", async () => {
  const person = { id: ada, name: "Ada Brook", email: "ada@elm.example" };
  const body = [
    markdown`
Some words.
    `,
  ];
  await asOffice((current) => mailAtOnce(current, person, { subject: "About your power", body, fixedAddress: true }));
  const slots = new LinkSlots();
  const link = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const copy = { subject: "Your copy", body: [markdown`[Read it](${new Markdown(slots.urlOf("guest", link))})`] };
  await asOffice((current) => mailAtOnce(current, person, copy, slots));
  await moveTo("ada.brook@elm.example");
  await deliverMails(office.world, later(5), smtp);
  expect(server.delivered.map((mail) => [mail.header("Subject"), mail.to[0]]).sort()).toEqual([
    ["About your power", "ada@elm.example"],
    ["Your copy", "ada.brook@elm.example"],
  ]);
  expect(letters().map(([, text]) => text)).toContainEqual(
    expect.stringContaining(secretOf(office.world.key, "guest", link)),
  );
});

test("a link that opens nothing any more is kept, and so is what nobody is there to read", async () => {
  await office.query(
    "INSERT INTO appointment (id, organisation, person, role, from_on) VALUES ('01APPOINTMENT0000000000001', ?, ?, 'secretary', '2027-01-01')",
    [office.organisation, ada],
  );
  await asOffice((current) => makeSignInLinks(current, [ada]));
  const ben = { id: await office.person("Ben Cole", "ben@elm.example"), name: "Ben Cole", email: "ben@elm.example" };
  await asOffice((current) =>
    mailAtOnce(current, ben, {
      subject: "Your copy",
      body: [
        markdown`
Some words.
        `,
      ],
    }),
  );
  await moveTo("ada.brook@elm.example");
  await office.query("UPDATE person SET active = 0 WHERE id = ?", [ben.id]);
  await deliverMails(office.world, later(5), smtp);
  expect(server.delivered).toEqual([]);
  expect(await office.query("SELECT state, answer FROM mail ORDER BY id")).toEqual([
    { state: "kept", answer: "Kept here: the person has another address by now, and its link opens nothing any more." },
    { state: "kept", answer: "Kept here: the person is no longer active." },
  ]);
});
