/**
 * A mail holds its one-time links as data instead of as text that looks like one; staff name a guest's link by a handle
 * that is no part of it; links made until now are known by the MAC that they had. What has been written is converted.
 */
import type { MigrationInterface, QueryRunner } from "typeorm";
import { ulid } from "ulid";

const id = "CHAR(26) CHARACTER SET ascii COLLATE ascii_bin";

/** The address of a page with a placeholder, as mails were written until now. */
const WRITTEN = /https?:\/\/[^\s"'<>()]{1,500}?\/#\/(welcome|guest)\/link-for-(\w{26})/g;

interface Slot {
  page: string;
  link: string;
  part: "text" | "html";
  at: number;
}

interface MailRow {
  id: string;
  person: string;
  text_body: string;
  html_body: string;
}

export class LinkSlots1700000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE mail ADD COLUMN IF NOT EXISTS slots MEDIUMTEXT NULL AFTER html_body");
    await runner.query("ALTER TABLE guest_link ADD COLUMN IF NOT EXISTS former TINYINT(1) NOT NULL DEFAULT 1");
    await runner.query("ALTER TABLE sign_in_link ADD COLUMN IF NOT EXISTS former TINYINT(1) NOT NULL DEFAULT 1");
    await runner.query(`ALTER TABLE guest_link ADD COLUMN IF NOT EXISTS handle ${id} NULL AFTER id`);
    const links = (await runner.query("SELECT id FROM guest_link WHERE handle IS NULL")) as { id: string }[];
    for (const link of links) await runner.query("UPDATE guest_link SET handle = ? WHERE id = ?", [ulid(), link.id]);
    await runner.query("CREATE UNIQUE INDEX IF NOT EXISTS handle ON guest_link (handle)");
    await convertMails(runner);
  }

  async down(): Promise<void> {
    throw new Error("Migrations go forward only: restore a backup to go back.");
  }
}

/** Each in one statement, so that a migration that is killed goes on with the rest. */
async function convertMails(runner: QueryRunner): Promise<void> {
  for (let after = ""; ;) {
    const mails = (await runner.query(
      `SELECT id, person, text_body, html_body FROM mail
       WHERE id > ? AND slots IS NULL AND (text_body LIKE '%/link-for-%' OR html_body LIKE '%/link-for-%')
       ORDER BY id LIMIT 100`,
      [after],
    )) as MailRow[];
    for (const mail of mails) await convertMail(runner, mail);
    const last = mails.at(-1);
    if (!last) return;
    after = last.id;
  }
}

/** A placeholder becomes a slot only for a link of the mail's own reader: any other is text that somebody wrote. */
async function convertMail(runner: QueryRunner, mail: MailRow): Promise<void> {
  const slots: Slot[] = [];
  const convert = async (part: Slot["part"], words: string): Promise<string> => {
    let [converted, from] = ["", 0];
    for (const match of words.matchAll(WRITTEN)) {
      const [written, page = "", link = ""] = match;
      const table = page === "guest" ? "guest_link" : "sign_in_link";
      const own = (await runner.query(`SELECT 1 FROM ${table} WHERE id = ? AND person = ?`, [link, mail.person])) as [];
      if (!own.length) continue;
      converted += words.slice(from, match.index);
      slots.push({ page, link, part, at: converted.length });
      from = match.index + written.length;
    }
    return converted + words.slice(from);
  };
  const [text, html] = [await convert("text", mail.text_body), await convert("html", mail.html_body)];
  if (slots.length)
    await runner.query("UPDATE mail SET text_body = ?, html_body = ?, slots = ? WHERE id = ?", [
      text,
      html,
      JSON.stringify(slots),
      mail.id,
    ]);
}
