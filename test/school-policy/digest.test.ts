/** The whole pack through a winter: nobody gets more than one digest a day beside what is urgent. */
import { newSchool, type School } from "../school";

let school: School;
beforeAll(async () => {
  school = await newSchool();
}, 60_000);
afterAll(() => school.close());

test("from November to February no day sends one person more than one digest, and each leaves in the morning", async () => {
  await school.clock.to("2027-02-12");
  const mails = await school.query(
    `SELECT m.person, m.created_at AS at, m.urgent, m.digest_on AS day, COUNT(n.id) AS notices
     FROM mail m JOIN notice n ON n.mail = m.id GROUP BY m.id`,
  );
  const digests = mails.filter((mail) => Number(mail["urgent"]) === 0);
  const days = digests.map((mail) => `${String(mail["person"])} ${String(mail["at"]).slice(0, 10)}`);
  expect(days.length).toBeGreaterThan(10);
  expect(new Set(days).size).toBe(days.length);
  // In winter London keeps UTC. The school is founded at nine, while the first day's digest may still go.
  expect(digests.filter((mail) => !/ (08:|09:00)/.test(String(mail["at"]))).map((mail) => mail["at"])).toEqual([]);
  expect(digests.some((mail) => Number(mail["notices"]) > 1)).toBe(true);
}, 300_000);
