/**
 * Members of a roster whose record was refused. Each is a fault about the roster's record until the member is served or no
 * longer belongs; every filling of the roster tries them again.
 */
import { Failure, RuleBroken } from "../../schema/failure";
import type { Change, RecordData, StepEvent } from "../../schema/record";
import { openFaultsOf, recordFault, settleFaults } from "../store/faults";
import type { Run } from "./run";

interface Member {
  roster: string;
  person: string;
}

const subjectOf = (record: string, { roster, person }: Member): string => `${record}:${roster}:${person}`;

/** Whom a fault of the kind `member` is about, and on which roster. */
export function memberOf(subject: string): Member {
  const [, roster = "", person = ""] = subject.split(":");
  return { roster, person };
}

/** The sentence of a rule is the definition's; any other may quote what the reader of a fault may not see. */
const causeOf = (error: unknown): string => {
  if (error instanceof RuleBroken) return `A rule of the record to be made forbids it: ${error.message}`;
  if ((error as { errno?: number }).errno === 1062)
    return "Another record already holds a value that only one record may hold.";
  return error instanceof Failure ? "The record to be made was refused." : "Something unexpected went wrong.";
};

export const putMemberAside = (
  run: Run,
  record: RecordData,
  roster: string,
  person: string,
  error: unknown,
): Promise<void> =>
  recordFault(run.tx, {
    organisation: record.organisation,
    kind: "member",
    subject: subjectOf(record.id, { roster, person }),
    about: { type: record.type, record: record.id },
    cause: causeOf(error),
    at: run.nowIso,
  });

/** Of one roster of a record, but for those who are `missing` still. */
export async function settleMembers(
  run: Run,
  record: RecordData,
  roster: string,
  missing: (person: string) => boolean,
): Promise<void> {
  const open = await openFaultsOf(run.tx, "member", [record]);
  const settled = open.filter(({ subject }) => {
    const member = memberOf(subject);
    return member.roster === roster && !missing(member.person);
  });
  await settle(run, settled);
}

/** Of rosters that these records keep up no more: they have left its states, or their definition has dropped it. */
export async function settleLeft(
  run: Run,
  works: { record: RecordData | undefined; event: StepEvent }[],
  changes: Change[],
): Promise<void> {
  const left = changes.filter(
    ({ before, after, type }) =>
      before &&
      (works.some(({ record, event }) => record?.id === after.id && event.kind === "rederive") ||
        Object.values(type.rosters ?? {}).some(
          ({ while: states }) => states.includes(before.state) && !states.includes(after.state),
        )),
  );
  const open = await openFaultsOf(
    run.tx,
    "member",
    left.map(({ after }) => after),
  );
  const settled = open.filter(({ subject, record }) => {
    const change = left.find(({ after }) => after.id === record);
    return change && !change.type.rosters?.[memberOf(subject).roster]?.while.includes(change.after.state);
  });
  await settle(run, settled);
}

async function settle(run: Run, faults: { subject: string }[]): Promise<void> {
  const subjects = faults.map(({ subject }) => subject);
  await settleFaults(run.tx, "member", subjects, { how: "done", by: null, at: run.nowIso });
}
