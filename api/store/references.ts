/** References people say aloud: "POL-2026-0012", counted per organisation and year. */
import { randomInt } from "node:crypto";
import type { RecordType } from "../../schema/definition";
import type { Tx } from "./database";

const letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789";

/** Confidential types get letters instead of a count: how many there are must not show. */
export async function nextReference(tx: Tx, type: RecordType, organisation: string, today: string): Promise<string> {
  const year = today.slice(0, 4);
  let n: string;
  if (type.confidential) n = Array.from({ length: 6 }, () => letters[randomInt(letters.length)]).join("");
  else {
    await tx.execute(
      `INSERT INTO reference_counter (organisation, type, year, last) VALUES (?, ?, ?, LAST_INSERT_ID(1))
       ON DUPLICATE KEY UPDATE last = LAST_INSERT_ID(last + 1)`,
      [organisation, type.name, Number(year)],
    );
    const [row] = await tx.query("SELECT LAST_INSERT_ID() AS n");
    n = String(row?.["n"]).padStart(4, "0");
  }
  return type.reference.replaceAll("{year}", year).replaceAll("{n}", n);
}
