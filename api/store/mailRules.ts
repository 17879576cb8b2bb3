/** How an organisation mails, and what a person has chosen for themselves. */
import type { MailChoice, MailRules } from "../../schema/mailing";
import type { Row, Sql, Tx } from "./database";

export interface OwnMail extends MailChoice {
  /** Also what is for information only. */
  optional: boolean;
}

/** Undefined where the person leaves everything to the organisation. */
export function mailChoiceOf(row: Row): MailChoice | undefined {
  const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));
  const [pace, from, to] = [row["mail_pace"], text(row["mail_from"]), text(row["mail_to"])];
  if (pace === null && from === null) return undefined;
  return { pace: pace === "digest" || pace === "atOnce" ? pace : null, from, to };
}

export async function ownMail(sql: Sql, person: string): Promise<OwnMail> {
  const [row] = await sql.query("SELECT mail_pace, mail_from, mail_to, mail_optional FROM person WHERE id = ?", [
    person,
  ]);
  const none = { pace: null, from: null, to: null };
  return row
    ? { ...none, ...mailChoiceOf(row), optional: Number(row["mail_optional"]) === 1 }
    : { ...none, optional: true };
}

export async function saveOwnMail(tx: Tx, person: string, own: OwnMail): Promise<void> {
  await tx.execute("UPDATE person SET mail_pace = ?, mail_from = ?, mail_to = ?, mail_optional = ? WHERE id = ?", [
    own.pace,
    own.from,
    own.to,
    own.optional ? 1 : 0,
    person,
  ]);
}

export async function saveMailRules(tx: Tx, organisation: string, rules: MailRules): Promise<void> {
  await tx.execute(
    `UPDATE organisation SET mail_pace = ?, send_from = ?, send_to = ?, digest_at = ?, mail_days = ?
     WHERE id = ?`,
    [rules.pace, rules.from, rules.to, rules.digestAt, rules.days, organisation],
  );
}
