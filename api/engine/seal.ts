/** Seals each organisation's history with a key that is not in the database. */
import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from "node:crypto";
import { isoOf } from "../store/database";
import { sealHistory, verifySeal } from "../store/history";
import { settleFaults } from "../store/faults";
import { ifFree } from "../store/lease";
import { isDatabaseTrouble } from "../store/trouble";
import { putAside } from "./faults";
import { schoolNow } from "./run";
import { newId, type World } from "./world";

/** DER of an Ed25519 private key up to its 32 bytes (RFC 8410). */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The signing key, derived from the installation's own. */
const signingKey = (key: Buffer): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([pkcs8, Buffer.from(hkdfSync("sha256", key, "", "duly history seals", 32))]),
    format: "der",
    type: "pkcs8",
  });

/**
 * Seals what is new. Returns how many history rows were sealed. One process at a time: two seals over the same rows
 * would belie each other. Where another is at it, none.
 */
export async function sealAll(world: World): Promise<number> {
  return (await ifFree(world, "seal", (isLost) => sealEach(world, isLost))) ?? 0;
}

async function sealEach(world: World, isLost: () => boolean): Promise<number> {
  const key = signingKey(world.key);
  const now = isoOf(await schoolNow(world));
  let sealed = 0;
  const signed = (text: string): string => sign(null, Buffer.from(text), key).toString("base64");
  for (const row of await world.db.query("SELECT id FROM organisation ORDER BY id")) {
    const organisation = String(row["id"]);
    if (isLost()) break;
    try {
      for (let some = 1; some !== 0 && !isLost(); sealed += some)
        some = await world.db.transaction((tx) => sealHistory(tx, organisation, now, newId(), signed));
      await settleFaults(world.db, "seal", [organisation], { how: "done", by: null, at: now });
    } catch (error) {
      if (isDatabaseTrouble(error)) throw error;
      world.log.error({ err: error, organisation }, "A school's history could not be sealed");
      const cause = "The history of a school could not be sealed. It is tried again every ten minutes.";
      await putAside(world, { kind: "seal", subject: organisation, organisation, cause, at: now });
    }
  }
  return sealed;
}

/** Does a seal still fit the history under it, and was it made with this installation's key? */
export const isSealIntact = (world: World, seal: string): Promise<boolean> =>
  verifySeal(world.db, seal, (text, signature) =>
    verify(null, Buffer.from(text), createPublicKey(signingKey(world.key)), Buffer.from(signature, "base64")),
  );
