/**
 * What a page costs as the school's records grow: the same school with 1,000, 100,000 and 500,000 policies, of which the
 * askers' own open work and the month shown stay the same. The rest belongs to somebody else and to other years.
 */
import { startApi } from "../../api/graphql/server";
import { forCommands, openDatabase } from "../../api/store/database";
import { tableName } from "../../api/store/recordTable";
import { emailOf, SIGN_IN, asker, type Asker } from "../graphql/schoolApi";
import { demoPassword, newSchool, type School } from "../school";

const SIZES = [1_000, 100_000, 500_000];
const AT_ONCE = 20_000;
const TIMES = 40;
const WITHIN = 2;

/** Their totals are exact, so all of it is counted: printed, not bounded. */
const unbounded = new Set(["charts", "dashboard"]);

const askers = { teacher: "Tomas Elmstead", office: "Bea Wickhurst", head: "Zoe King" };

const pages = (policy: string): Record<string, string> => ({
  "My work": `{ myTasks(first: 50) { totalCount totalCountCapped nodes { id label dueOn recordTitle } }
    myWaiting(first: 50) { nodes { id label recordTitle } } myRequests(first: 20) { id recordTitle } }`,
  tasks: "{ tasks(state: open, first: 50) { totalCount totalCountCapped nodes { id label dueOn recordTitle } } }",
  month: '{ due(from: "2026-11-01", to: "2026-11-30", clocks: true) { more entries { id label on recordTitle } } }',
  timers: "{ timers(state: waiting, first: 50) { totalCount totalCountCapped nodes { id label dueAt recordTitle } } }",
  list: "{ policies(first: 25) { totalCount totalCountCapped nodes { id recordTitle state reviewBy owner { name } } } }",
  search: '{ search(text: "zebra crossing") { type } none: search(text: "grown") { hits { recordTitle } more } }',
  charts: "{ charts { points { label count } } }",
  dashboard: "{ standings { type states { label count } overdue } }",
  record: `{ policy(id: "${policy}") { recordTitle state reviewBy tasks { id label } timers { id dueAt } history(first: 20) { id summary } availableActions { name allowed } } }`,
});

/** Policies `from` to `to`, copied from one that stands, each with a party, an open task of another's and two clocks. */
async function grow(school: School, policy: string, from: number, to: number): Promise<void> {
  // What fills a school takes longer than anybody's request may.
  const db = openDatabase(school.databaseUrl, 1, undefined, forCommands);
  const table = tableName("policy");
  const columns = (await db.query(`SHOW COLUMNS FROM ${table}`)).map((row) => String(row["Field"]));
  const holder = school.personId("Owen Pluckley");
  const id = (kind: string): string => `CONCAT('01G${kind}', LPAD(seq, 22, '0'))`;
  const own: Record<string, string> = {
    id: id("R"),
    reference: "CONCAT('GRO-', seq)",
    title: "CONCAT('Grown ', LPAD(seq, 7, '0'))",
    title_folded: "CONCAT('grown ', LPAD(seq, 7, '0'))",
    created_by: `'${holder}'`,
    f_owner: `'${holder}'`,
    f_review_by: "'2031-06-30'",
  };
  for (let at = from; at < to; at += AT_ONCE) {
    const seq = `seq_${at + 1}_to_${Math.min(at + AT_ONCE, to)}`;
    await db.executeText(
      `INSERT INTO ${table} (${columns.join(", ")})
       SELECT ${columns.map((name) => own[name] ?? `r.${name}`).join(", ")} FROM ${table} r JOIN ${seq} WHERE r.id = ?`,
      [policy],
    );
    for (const word of ["'grown'", "LPAD(seq, 7, '0')", "CONCAT('gro-', seq)"])
      await db.executeText(
        `INSERT INTO record_word (record, word, organisation, type) SELECT ${id("R")}, ${word}, ?, 'policy' FROM ${seq}`,
        [school.organisation],
      );
    await db.executeText(
      `INSERT INTO record_party (organisation, type, record, person, kind) SELECT ?, 'policy', ${id("R")}, ?, 'owner' FROM ${seq}`,
      [school.organisation, holder],
    );
    await db.executeText(
      `INSERT INTO task (id, organisation, type, record, rule, label, state, opened_at, due_on, who, decides, because, unassigned)
       SELECT ${id("T")}, ?, 'policy', ${id("R")}, 'review', 'Review it', 'open', '2026-01-01', '2031-06-30', '[]', 0, '', 0 FROM ${seq}`,
      [school.organisation],
    );
    await db.executeText(
      `INSERT INTO task_holder (organisation, task, person, open) SELECT ?, ${id("T")}, ?, 1 FROM ${seq}`,
      [school.organisation, holder],
    );
    const [timer] = await db.query("SELECT * FROM timer WHERE type = 'policy' LIMIT 1");
    const timerColumns = Object.keys(timer ?? {});
    for (const kind of ["A", "B"]) {
      const set: Record<string, string> = {
        ...{ id: id(kind), record: id("R"), step: `'-P${kind === "A" ? 30 : 60}D'`, state: "'waiting'" },
        ...{ due_at: "'2031-05-01 07:00:00'", anchor_value: "'2031-06-30'", fired_at: "NULL", outcome: "NULL" },
      };
      await db.executeText(
        `INSERT INTO timer (${timerColumns.join(", ")})
         SELECT ${timerColumns.map((name) => set[name] ?? `t.${name}`).join(", ")} FROM timer t JOIN ${seq} WHERE t.id = ?`,
        [String(timer?.["id"])],
      );
    }
  }
  for (const name of [table, "task", "task_holder", "timer", "record_party", "record_word"])
    await db.queryText(`ANALYZE TABLE ${name}`);
  await db.close();
}

/** What one asker's page costs in one school: each time in ms, and the rows that the database read for it. */
class Cost {
  readonly times: number[] = [];
  rows = Infinity;

  constructor(
    private readonly school: School,
    private readonly ask: Asker,
    private readonly query: string,
  ) {}

  async ask1(): Promise<void> {
    const began = performance.now();
    const { errors, text } = await this.ask(this.query);
    if (errors.length) throw new Error(text);
    this.times.push(performance.now() - began);
  }

  /** Of the whole server, on which nothing else is asked just now. */
  async countRows(): Promise<void> {
    const before = await rowsRead(this.school);
    await this.ask1();
    this.rows = Math.min(this.rows, (await rowsRead(this.school)) - before);
  }

  get p95(): number {
    const sorted = this.times.toSorted((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
  }
}

async function rowsRead(school: School): Promise<number> {
  const counters = await school.query("SHOW GLOBAL STATUS LIKE 'Handler_read%'");
  return counters.reduce((sum, row) => sum + Number(row["Value"]), 0);
}

interface Standing {
  school: School;
  policy: string;
  asks: Map<string, Asker>;
  close(): Promise<void>;
}

async function standing(): Promise<Standing> {
  const school = await newSchool();
  const api = await startApi(school.world, 0, { adminFolder: "nowhere", host: "127.0.0.1" });
  const asks = new Map<string, Asker>();
  for (const [role, name] of Object.entries(askers)) {
    const answer = await asker(api.port)(SIGN_IN, { email: emailOf(name), password: demoPassword });
    asks.set(role, asker(api.port, { cookie: /^duly=[^;]+/.exec(String(answer.headers["set-cookie"]))?.[0] ?? "" }));
  }
  const [row] = await school.query(
    `SELECT id FROM ${tableName("policy")} WHERE state = 'ratified' ORDER BY id LIMIT 1`,
  );
  const close = async (): Promise<void> => {
    await api.close();
    await school.close();
  };
  return { school, policy: String(row?.["id"]), asks, close };
}

/** Asked in turns, so that whatever else the machine does weighs on both alike. */
async function compare(small: Standing, large: Standing, role: string, page: string): Promise<string> {
  const [a, b] = [small, large].map(({ school, policy, asks }) => {
    const ask = asks.get(role);
    const query = pages(policy)[page];
    if (!ask || query === undefined) throw new Error(`Nobody asks ${page} as ${role}.`);
    return new Cost(school, ask, query);
  }) as [Cost, Cost];
  for (const cost of [a, b, a, b]) await cost.countRows();
  a.times.length = b.times.length = 0;
  for (let time = 0; time < TIMES; time++) for (const cost of time % 2 ? [a, b] : [b, a]) await cost.ask1();
  const ratio = b.p95 / a.p95;
  const beyond = ratio > WITHIN && !unbounded.has(page) ? " !" : "";
  return `${a.p95.toFixed(1)} → ${b.p95.toFixed(1)} (×${ratio.toFixed(1)}${beyond}; ${a.rows} → ${b.rows} rows)`;
}

/** Says, line by line, p95 in milliseconds beside that of the smallest school, and the rows that the database read. */
export async function benchGrowth(say: (line: string) => void, sizes = SIZES): Promise<void> {
  const [least = 1_000, ...others] = sizes;
  const [small, large] = [await standing(), await standing()];
  try {
    await grow(small.school, small.policy, 0, least);
    say(
      `Growth: p95 in ms of ${TIMES} with ${least.toLocaleString("en-GB")} records → with more, asked in turns; × ${WITHIN} at most wanted.`,
    );
    let size = 0;
    for (const next of others) {
      await grow(large.school, large.policy, size, next);
      size = next;
      say(`${size.toLocaleString("en-GB")} records`);
      for (const page of Object.keys(pages("")))
        for (const role of Object.keys(askers)) {
          const found = await compare(small, large, role, page).catch((error: unknown) => String(error).slice(0, 200));
          say(`  ${page.padEnd(12)} ${role.padEnd(7)} ${found}`);
        }
    }
  } finally {
    await small.close();
    await large.close();
  }
}
