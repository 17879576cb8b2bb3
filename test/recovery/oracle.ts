/**
 * What must have happened, computed here from the definition and the records alone, and compared with what the tables say
 * and with the emails that arrived. It shares no code with the product: days and hours are counted anew.
 */
import type { Row } from "../../api/store/database";
import type { Arrived } from "./postbox";

export interface Kept {
  id: string;
  place: string;
  keeper: string;
  email: string;
  /** Epoch ms. */
  ringsAt: number;
  seenOn: string;
}

/** What clocks are counted from, and when it may have been in force: school time, epoch ms. */
export interface Edition {
  from: number;
  until: number;
  closed: readonly string[];
  reviewAt: string;
  checkAt: string;
}

/** How often people did this to a record, as they were told. */
export interface Done {
  remarks: number;
  inspections: number;
}

export interface Found {
  timers: Row[];
  histories: Row[];
  tasks: Row[];
  notices: Row[];
  states: Row[];
  mails: Row[];
  faults: Row[];
}

export interface Verdict {
  occurrences: number;
  /** Of occurrences and people: rows and emails that had to be there. */
  effects: number;
  lost: string[];
  doubled: string[];
  early: string[];
  /** Anything else that must not be. */
  wrong: string[];
  /** The same Message-ID again, where its sender could not know that it had arrived. */
  repeated: number;
  worstLateMs: number;
}

const DAY = 86_400_000;
const dayText = (day: number): string => new Date(day).toISOString().slice(0, 10);

/** The next school day after this one: a weekday that is not closed. The harness's school has no other holidays. */
export function schoolDayAfter(date: string, closed: readonly string[]): string {
  for (let day = Date.parse(`${date}T00:00:00Z`) + DAY; ; day += DAY) {
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !closed.includes(dayText(day))) return dayText(day);
  }
}

type Rule = "ring" | "echo" | "review" | "check";

/** When it is due in an edition; `rung` is when the record says that it rang. */
function dueIn(edition: Edition, rule: Rule, record: Kept, rung: number | undefined): number {
  if (rule === "ring") return record.ringsAt;
  if (rule === "echo") return rung === undefined ? Infinity : rung + 60_000;
  const at = rule === "review" ? edition.reviewAt : edition.checkAt;
  return Date.parse(`${schoolDayAfter(record.seenOn, edition.closed)}T${at}:00Z`);
}

export interface Question {
  records: Kept[];
  /** In order; the last is in force. */
  editions: Edition[];
  done: Map<string, Done>;
  arrived: Arrived[];
  /** School time of a moment of this machine, the latest it can have been. */
  schoolAt: (wall: number) => number;
  /** Moments of this machine in which a sender may not have learnt that its email arrived. */
  excuses: { from: number; until: number }[];
  /** Until when, in school time, everything must have happened. */
  end: number;
  /** Occurrences that fell due between these are punctual or late; others were passed by a jump of the clock. */
  watched: { from: number; until: number };
}

export function judge(found: Found, question: Question): Verdict {
  const { records, editions, end, watched } = question;
  const verdict: Verdict = {
    occurrences: 0,
    effects: 0,
    lost: [],
    doubled: [],
    early: [],
    wrong: [],
    repeated: 0,
    worstLateMs: 0,
  };
  const last = editions.at(-1);
  if (!last) throw new Error("No edition is in force.");
  const counted = (rows: Row[], key: (row: Row) => string): Map<string, Row[]> => {
    const groups = new Map<string, Row[]>();
    for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
    return groups;
  };
  const timers = counted(found.timers, (row) => `${String(row["record"])} ${String(row["rule"])}`);
  const histories = counted(found.histories, (row) => `${String(row["record"])} ${String(row["what"])}`);
  const tasks = counted(found.tasks, (row) => String(row["record"]));
  const notices = counted(found.notices, (row) => `${String(row["record"])} ${String(row["template"])}`);
  const states = counted(found.states, (row) => String(row["id"]));
  const letters = new Map<string, Arrived[]>();
  for (const letter of question.arrived)
    for (const [token] of letter.text.matchAll(/\w+x(?:ring|echo|review|check)\b/g))
      letters.set(token, [...(letters.get(token) ?? []), letter]);

  const expect = (what: string, is: number, must = 1): void => {
    verdict.effects += must;
    if (is < must) verdict.lost.push(`${what}: ${is} of ${must}`);
    if (is > must) verdict.doubled.push(`${what}: ${is} for ${must}`);
  };

  for (const record of records) {
    if (!states.has(record.id)) {
      verdict.lost.push(`${record.place}: the record itself`);
      continue;
    }
    const rungAt = (timers.get(`${record.id} ring`) ?? []).find((row) => row["state"] === "fired")?.["fired_at"];
    const rung =
      rungAt === undefined || rungAt === null ? undefined : Date.parse(`${String(rungAt).replace(" ", "T")}Z`);
    for (const rule of ["ring", "echo", "review", "check"] as const) {
      const due = dueIn(last, rule, record, rung);
      const fired = (timers.get(`${record.id} ${rule}`) ?? []).filter((row) => row["state"] === "fired");
      const must = due <= end || fired.length > 0;
      if (!must) continue;
      const what = `${record.place} ${rule}`;
      verdict.occurrences++;
      expect(`${what}, fired`, fired.length);
      for (const row of fired) {
        const at = Date.parse(`${String(row["fired_at"]).replace(" ", "T")}Z`);
        const dues = editions
          .filter(({ from, until }) => from <= at && at <= until)
          .map((edition) => dueIn(edition, rule, record, rung));
        const set = Math.min(...dues.filter((one) => one <= at), Infinity);
        if (set === Infinity)
          verdict.early.push(
            `${what}, at ${new Date(at).toISOString()}, due ${new Date(Math.min(...dues)).toISOString()}`,
          );
        else if (set >= watched.from && set <= watched.until)
          verdict.worstLateMs = Math.max(verdict.worstLateMs, at - Math.max(...dues.filter((one) => one <= at)));
      }
      expect(`${what}, in the history`, histories.get(`${record.id} timer ${rule}`)?.length ?? 0);
      const told = notices.get(`${record.id} ${rule}`) ?? [];
      expect(
        `${what}, notice`,
        told.filter((row) => row["person"] === record.keeper && row["outcome"] === "sent").length,
      );
      if (told.length > 1) verdict.doubled.push(`${what}, notices: ${told.length}`);
      if (rule === "ring") expect(`${what}, task`, tasks.get(record.id)?.length ?? 0);
      const arrived = letters.get(`${record.place}x${rule}`) ?? [];
      expect(`${what}, email`, new Set(arrived.map(({ messageId }) => messageId)).size);
      for (const letter of arrived) {
        if (letter.to !== record.email) verdict.wrong.push(`${what}, email to ${letter.to}`);
        const at = question.schoolAt(letter.at);
        const earliest = Math.min(
          ...editions.filter(({ from }) => from <= at).map((one) => dueIn(one, rule, record, rung)),
        );
        if (at < earliest) verdict.early.push(`${what}, email at ${new Date(at).toISOString()}`);
      }
    }
    const [state] = states.get(record.id) ?? [];
    if (state?.["state"] !== (record.ringsAt <= end ? "rung" : "set"))
      verdict.lost.push(`${record.place}: is ${String(state?.["state"])}`);
    const own = question.done.get(record.id) ?? { remarks: 0, inspections: 0 };
    expect(`${record.place}, remarks`, histories.get(`${record.id} updated`)?.length ?? 0, own.remarks);
    expect(`${record.place}, inspections`, histories.get(`${record.id} action`)?.length ?? 0, own.inspections);
    expect(`${record.place}, created`, histories.get(`${record.id} created`)?.length ?? 0);
  }
  for (const row of found.states)
    if (!records.some(({ id }) => id === row["id"]))
      verdict.doubled.push(`${String(row["place"])}: a record nobody made`);

  // The same envelope twice: only where its sender could not know.
  const envelopes = new Map<string, Arrived[]>();
  for (const letter of question.arrived)
    envelopes.set(letter.messageId, [...(envelopes.get(letter.messageId) ?? []), letter]);
  for (const [id, arrivals] of envelopes)
    arrivals.slice(0, -1).forEach((letter) => {
      const excused =
        letter.unanswered || question.excuses.some(({ from, until }) => letter.at >= from && letter.at <= until);
      if (excused) verdict.repeated++;
      else verdict.doubled.push(`the email ${id} left again although its sender knew`);
    });

  for (const row of found.timers) {
    if (row["state"] === "dead") verdict.wrong.push(`a clock of ${String(row["record"])} is dead`);
    if (Number(row["attempts"]) > 0)
      verdict.wrong.push(`a fault of the machine was counted against ${String(row["rule"])}`);
  }
  for (const row of found.faults) verdict.wrong.push(`put aside: ${String(row["kind"])}, ${String(row["cause"])}`);
  for (const row of found.mails)
    if (row["state"] !== "sent" && row["state"] !== "replaced")
      verdict.wrong.push(
        `an email is ${String(row["state"])} after ${String(row["attempts"])} tries: ${String(row["answer"])}`,
      );
  return verdict;
}
