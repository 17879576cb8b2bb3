/**
 * One day of the harness's school: records are made, the hour comes at which their clocks are due, and meanwhile people
 * work, faults come and go as the seed says, and sources change. Then all is whole again, two days pass, and the oracle
 * says what is missing or too much.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyChain } from "../../api/store/history";
import { instant, type Row } from "../../api/store/database";
import { ageLeases, type Fault, faults, type Ground } from "./faults";
import { alarm } from "./office";
import { type Done, type Edition, judge, type Kept, schoolDayAfter, type Verdict } from "./oracle";
import { type Random, randomFrom } from "./random";
import { type Person, type Stack, until } from "./stack";

export interface Outcome extends Verdict {
  seed: number;
  faults: string[];
  /** Requests of people that had to be sent again. */
  again: number;
}

interface Planned {
  fault: Fault;
  /** Seconds after the beginning. */
  at: number;
  seconds: number;
}

export interface Options {
  /** Records made before the faults begin. More than a hundred, so that a change of a source does not move all at once. */
  records?: number;
  /** These instead of what the seed picks. */
  plan?: { kind: string; at: number; seconds: number }[];
  /** How long to wait for everything to be done, once all is whole. */
  patienceSeconds?: number;
  /** Judged as soon as what was due in it is done: what comes later that day, and the next, is left out. */
  briefly?: boolean;
}

/** What the school has become through the schedules before: kept from one to the next. */
export interface School {
  day: string;
  closed: string[];
  reviewAt: string;
  checkAt: string;
  /** School time less this machine's, and since when. */
  offsets: { since: number; offset: number }[];
}

export const newYear = (): School => ({
  day: "2027-01-04",
  closed: [],
  reviewAt: "10:00",
  checkAt: "10:00",
  offsets: [],
});

const LASTS_SECONDS = 9;

function planOf(seed: number, random: Random): Planned[] {
  const planned: Planned[] = [];
  const add = (fault: Fault): void => {
    if (planned.some((other) => other.fault.on === fault.on)) return;
    const seconds = Math.max(1, Math.round(fault.longest * (0.3 + 0.7 * random.next())));
    planned.push({ fault, at: random.between(0, 60) / 10, seconds });
  };
  // Each kind in its turn, with others beside it.
  add(faults[seed % faults.length] as Fault);
  const many = random.between(1, 3);
  for (let n = 0; n < many; n++) add(random.pick(faults));
  return planned;
}

const named = (kind: string): Fault => {
  const fault = faults.find((one) => one.kind === kind);
  if (!fault) throw new Error(`There is no such fault: ${kind}`);
  return fault;
};

export async function runSchedule(stack: Stack, school: School, seed: number, options: Options = {}): Promise<Outcome> {
  const random = randomFrom(seed);
  const plan = options.plan?.map(({ kind, ...when }) => ({ fault: named(kind), ...when })) ?? planOf(seed, random);
  const wrong: string[] = [];
  const day = schoolDayAfter(school.day, school.closed);
  const iso = (time: string): number => Date.parse(`${day}T${time}Z`);
  let again = 0;

  // -------------------------------------------------------------------------------------------------- school time
  const schoolNow = async (): Promise<number> => {
    const [row] = await stack.db.query(
      "SELECT clock_offset_ms AS o, CAST(UTC_TIMESTAMP(3) AS CHAR) AS t FROM installation WHERE id = 1",
    );
    return Date.parse(instant(String(row?.["t"]))) + Number(row?.["o"]);
  };
  const jump = async (to: number): Promise<void> => {
    const now = await schoolNow();
    const since = Date.now();
    const [row] = await stack.db.query("SELECT clock_offset_ms AS o FROM installation WHERE id = 1");
    const offset = Number(row?.["o"]) + Math.max(0, to - now);
    await stack.db.execute("UPDATE installation SET clock_offset_ms = ? WHERE id = 1", [offset]);
    school.offsets.push({ since, offset });
  };
  const schoolAt = (wall: number): number =>
    wall + Math.max(...school.offsets.filter(({ since }) => since <= wall).map(({ offset }) => offset));

  // ------------------------------------------------------------------------------------------------ asking the API
  const apis = stack.processes.filter(({ kind }) => kind === "api");
  let healed = false;
  /** Asks until it is answered for good, with one key. Undefined: it was refused. */
  const change = async <T>(
    person: Person,
    query: string,
    variables: Record<string, unknown>,
  ): Promise<T | undefined> => {
    const key = randomUUID();
    for (let tries = 0; ; tries++) {
      const api = apis[(random.between(0, 1) + tries) % apis.length];
      try {
        const response = await fetch(`${api?.url}/graphql`, {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "x-duly": "1",
            cookie: person.cookie,
            "x-idempotency-key": key,
          },
          body: JSON.stringify({ query, variables }),
          signal: AbortSignal.timeout(healed ? 30_000 : 12_000),
        });
        const { data, errors } = (await response.json()) as {
          data?: T | null;
          errors?: { message: string; extensions?: { code?: string } }[];
        };
        if (data && !errors?.length) return data;
        const [error] = errors ?? [];
        const code = error?.extensions?.code ?? String(response.status);
        if (!["UNAVAILABLE", "OUTCOME_UNKNOWN", "TOO_MANY_REQUESTS", "429", "503"].includes(code)) {
          wrong.push(`a person was answered ${code}: ${error?.message}`);
          return undefined;
        }
      } catch {
        // Nobody there, or no answer: whether it was done is found out by asking again.
      }
      again++;
      if (healed && tries > 60) throw new Error(`Nobody could be answered: ${query}`);
      await sleep(250);
    }
  };

  // ------------------------------------------------------------------------------------------------------- records
  const records: Kept[] = [];
  const done = new Map<string, Done>();
  const seenOn = previousDay(day);
  const make = async (ringsAt: number): Promise<void> => {
    const keeper = random.pick(stack.keepers);
    const place = `S${seed}n${records.length}`;
    const kept: Kept = { id: "", place, keeper: keeper.id, email: keeper.email, ringsAt, seenOn };
    records.push(kept);
    const made = await change<{ createAlarm: { id: string } }>(
      random.pick(stack.keepers),
      "mutation ($input: CreateAlarmInput!) { createAlarm(input: $input) { id } }",
      { input: { place, ringsAt: new Date(ringsAt).toISOString(), seenOn, keeper: keeper.id } },
    );
    kept.id = made?.createAlarm.id ?? "";
    done.set(kept.id, { remarks: 0, inspections: 0 });
  };
  await jump(iso("09:30:00"));
  const count = options.records ?? 130;
  const ringing = Array.from({ length: count }, () => iso("09:59:58") + random.between(0, 12_000));
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let at = ringing.pop(); at !== undefined; at = ringing.pop()) await make(at);
    }),
  );
  const before = records.slice();

  // ------------------------------------------------------------------------------------------------------- sources
  const editions: Edition[] = [
    { from: 0, until: Infinity, closed: school.closed.slice(), reviewAt: school.reviewAt, checkAt: school.checkAt },
  ];
  let changing = Promise.resolve();
  /** One after the other, so that it is known what was in force when. */
  const inForce = (next: Partial<Edition>, query: string, variables: Record<string, unknown>): Promise<void> =>
    (changing = changing.then(async () => {
      const last = editions.at(-1) as Edition;
      const edition: Edition = { ...last, ...next, from: schoolAt(Date.now()), until: Infinity };
      editions.push(edition);
      await change(stack.admin, query, variables);
      last.until = schoolAt(Date.now());
      Object.assign(school, { closed: edition.closed, reviewAt: edition.reviewAt, checkAt: edition.checkAt });
    }));
  const other = (hour: string): string => (hour === "10:00" ? "10:01" : "10:00");
  const closure = (date: string) => ({ name: "Closed", kind: "closure", from: date, to: date });

  // -------------------------------------------------------------------------------------------------------- people
  let stopped = false;
  const person = async (n: number): Promise<void> => {
    const who = stack.keepers[n] as Person;
    // Each keeps to their own records, so that only clocks come between.
    const theirs = before.filter((_, i) => i % stack.keepers.length === n);
    for (let turn = 0; !stopped; turn++) {
      await sleep(random.between(20, 120));
      if (turn % 5 === 1) {
        await make((await schoolNow().catch(() => iso("10:00:10"))) + 1_000);
        continue;
      }
      const kept = theirs[(turn * 7) % theirs.length];
      const own = kept && done.get(kept.id);
      if (!own || !kept) continue;
      if (turn % 2) {
        if (await change(who, "mutation ($id: ID!) { inspectAlarm(id: $id) { id } }", { id: kept.id }))
          own.inspections++;
      } else {
        const found = await change<{ alarm: { version: number } }>(
          who,
          "query ($id: ID!) { alarm(id: $id) { version } }",
          { id: kept.id },
        );
        const changed = await change(
          who,
          "mutation ($id: ID!, $version: Int!, $remark: String!) { updateAlarm(id: $id, expectedVersion: $version, input: { remark: $remark }) { id } }",
          { id: kept.id, version: found?.alarm.version, remark: `${n}, ${turn}` },
        );
        if (changed) own.remarks++;
      }
    }
  };

  // -------------------------------------------------------------------------------------------------------- faults
  const excuses: { from: number; until: number }[] = [];
  const ground: Ground = {
    stack,
    random,
    records: () => before.map(({ id }) => id),
    complain: (what) => void wrong.push(what),
    change: {
      calendar: () => {
        const closed = [...(editions.at(-1)?.closed ?? []), day];
        return inForce({ closed }, "mutation ($input: CalendarInput!) { setCalendar(input: $input) { moved } }", {
          input: { terms: [], closures: closed.map(closure) },
        });
      },
      setting: () => {
        const reviewAt = other(school.reviewAt);
        return inForce(
          { reviewAt },
          'mutation ($value: JSON!) { setSetting(type: "alarm", name: "hour", value: $value) { moved } }',
          { value: reviewAt },
        );
      },
      publish: () => {
        const checkAt = other(school.checkAt);
        return inForce(
          { checkAt },
          "mutation ($json: JSON!) { publishDefinition(json: $json, inFlight: MOVE) { version } }",
          { json: alarm(checkAt) },
        );
      },
    },
  };
  const carryOut = async ({ fault, at, seconds }: Planned): Promise<void> => {
    await sleep(at * 1_000);
    const from = Date.now();
    const excuse = { from: from - 5_000, until: Infinity };
    if (fault.excuses) excuses.push(excuse);
    try {
      const end = await fault.begin(ground);
      await sleep(seconds * 1_000);
      await end?.();
    } catch (error) {
      throw new Error(`The harness could not carry out “${fault.kind}”: ${String(error)}`, { cause: error });
    } finally {
      // Who was cut off learns of it within the time-outs.
      excuse.until = Date.now() + 30_000;
    }
  };

  await jump(iso("09:59:56"));
  const watched = { from: iso("09:59:56"), until: 0 };
  const working = Promise.all(stack.keepers.map((_, n) => person(n)));
  working.catch(() => undefined);
  const carried = await Promise.allSettled([sleep(LASTS_SECONDS * 1_000), ...plan.map(carryOut)]);
  for (const { status, ...result } of carried)
    if (status === "rejected") wrong.push(String((result as { reason: unknown }).reason));
  stopped = true;
  healed = true;
  for (const one of stack.processes)
    if (!one.child || one.child.exitCode !== null || one.child.signalCode !== null) {
      if (!one.meant) wrong.push(`${one.name} ended by itself: ${one.said.slice(-3).join("").slice(-500)}`);
      await stack.start(one);
    }
  await working.catch((error: unknown) => wrong.push(String(error)));
  await changing;
  watched.until = Math.min(await schoolNow(), iso("10:00:59"));

  // ---------------------------------------------------------------------------------------------------- and after it
  let patience = options.patienceSeconds ?? 90;
  const quiet = async (): Promise<void> => {
    let [sending, since] = ["", Date.now()];
    await until(
      "nothing is left to do",
      async () => {
        const now = new Date(await schoolNow()).toISOString().slice(0, 23).replace("T", " ");
        const [row] = await stack.db.query(
          `SELECT (SELECT COUNT(*) FROM timer WHERE state = 'waiting' AND due_at <= ?)
             + (SELECT COUNT(*) FROM notice WHERE outcome = 'planned' AND send_at <= ?)
             + (SELECT COUNT(*) FROM mail WHERE state = 'queued' AND next_at <= ?)
             + (SELECT COUNT(*) FROM rederive WHERE done_at IS NULL) AS n,
             (SELECT GROUP_CONCAT(id, attempts ORDER BY id) FROM mail WHERE state = 'sending') AS sending`,
          [now, now, now],
        );
        const busy = String(row?.["sending"] ?? "");
        if (busy !== sending) [sending, since] = [busy, Date.now()];
        // Whoever held it has ended: ten minutes pass.
        if (busy && Date.now() - since > 8_000) {
          excuses.push({ from: 0, until: Date.now() });
          await ageLeases(stack);
          since = Date.now();
        }
        return Number(row?.["n"]) === 0 && !busy;
      },
      patience,
    ).catch((error: unknown) => {
      wrong.push(String(error));
      // What did not come about in that time is lost.
      patience = 3;
    });
  };
  await quiet();
  const next = schoolDayAfter(day, school.closed);
  // A minute later, an hour for what the mail server refused, the next morning's digest, and the next school day's.
  const later = [
    iso("10:02:30"),
    iso("10:40:00"),
    Date.parse(`${next}T10:05:00Z`),
    Date.parse(`${schoolDayAfter(next, school.closed)}T08:10:00Z`),
  ];
  for (const at of options.briefly ? [] : later) {
    await jump(at);
    await quiet();
  }
  const end = await schoolNow();
  school.day = new Date(end).toISOString().slice(0, 10);

  // -------------------------------------------------------------------------------------------------------- verdict
  const tokens = `S${seed}n`;
  const of = (sql: string): Promise<Row[]> => stack.db.query(sql, [`${tokens}%`]);
  const mine = "IN (SELECT id FROM r_alarm WHERE f_place LIKE ?)";
  const found = {
    timers: await of(
      `SELECT record, rule, state, attempts, CAST(fired_at AS CHAR) AS fired_at FROM timer WHERE record ${mine}`,
    ),
    histories: await of(
      `SELECT record, IF(kind = 'timer', CONCAT('timer ', SUBSTRING_INDEX(rule, '.', -1)), kind) AS what FROM history WHERE record ${mine}`,
    ),
    tasks: await of(`SELECT record FROM task WHERE record ${mine}`),
    notices: await of(`SELECT record, template, person, outcome FROM notice WHERE record ${mine}`),
    states: await of("SELECT id, state, f_place AS place FROM r_alarm WHERE f_place LIKE ?"),
    mails: await of(
      `SELECT DISTINCT m.id, m.state, m.attempts, m.answer FROM mail m JOIN notice n ON n.mail = m.id WHERE n.record ${mine}`,
    ),
    faults: await stack.db.query("SELECT kind, cause FROM fault WHERE settled_at IS NULL"),
  };
  const verdict = judge(found, {
    records,
    editions,
    done,
    arrived: stack.postbox.arrived.splice(0),
    schoolAt,
    excuses,
    end,
    watched,
  });
  for (const { id } of records)
    if (id && (await verifyChain(stack.db, { type: "alarm", id })).length)
      verdict.wrong.push(`the history of ${id} is broken`);
  verdict.wrong.push(...wrong);
  return {
    seed,
    faults: plan.map(({ fault, at, seconds }) => `${fault.kind} (${at} s, ${seconds} s)`),
    again,
    ...verdict,
  };
}

function previousDay(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  // So that the next school day after it is this one, whatever was closed in between.
  do day.setUTCDate(day.getUTCDate() - 1);
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6);
  return day.toISOString().slice(0, 10);
}

export const isRight = ({ lost, doubled, early, wrong }: Verdict): boolean =>
  lost.length + doubled.length + early.length + wrong.length === 0;

const some = (what: string, items: string[]): string[] =>
  items.length ? [`  ${items.length} ${what}: ${items.slice(0, 5).join("; ")}`] : [];

/** What came of a schedule: one line, and what went wrong. */
export const told = (outcome: Outcome): string =>
  [
    `${isRight(outcome) ? "ok   " : "WRONG"} ${outcome.seed}: ${outcome.occurrences} occurrences, ${outcome.effects} effects, worst ` +
      `${(outcome.worstLateMs / 1_000).toFixed(1)} s late, ${outcome.repeated} repeated, ${outcome.again} asked again · ${outcome.faults.join(", ")}`,
    ...some("lost", outcome.lost),
    ...some("doubled", outcome.doubled),
    ...some("early", outcome.early),
    ...some("wrong", outcome.wrong),
  ].join("\n");
