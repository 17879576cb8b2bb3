import type { RecordType } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import { withPart } from "../../schema/mergeDefinitions";
import { withLease } from "../store/lease";
import { lockClash, packTypes, type PackClash, savePackType, settleClash as settle } from "../store/packTypes";
import type { Objections } from "./checkPublish";
import { activeType } from "./pinned";
import { publishDefinition } from "./publishDefinition";
import { type Identity, mustAdminister, mustAdministerAll, run } from "./run";
import type { World } from "./world";

/**
 * An administrator chooses between the school's part of a definition and the pack's: the pack's is published as any
 * change is, the school's is what is in force already. Either way the clash does not come again for these two versions.
 * False where the pack's part opens confidential records, so that its publish waits for a second person: it stays open.
 * @throws FORBIDDEN, NOT_FOUND, WRONG_STATE (settled already), BAD_DEFINITION with every problem that the pack's part brings.
 */
export async function settleClash(
  world: World,
  identity: Identity,
  input: { id: string; take: "ours" | "theirs"; objections?: Objections },
): Promise<boolean> {
  mustAdminister({ identity });
  return withLease(world, "clash", async () => {
    const clash = await run(world, identity, async (current) => {
      await mustAdministerAll(current);
      return stillOpen(lockClash(current.tx, input.id));
    });
    if (input.take === "theirs") {
      const inForce = activeType(world.registry, clash.type).active.type;
      const json = withPart(inForce, clash.path, clash.theirs);
      const { waits } = await publishDefinition(world, identity, {
        json,
        lenient: true,
        ...(input.objections && { objections: input.objections }),
      });
      // It stays to be chosen: once the request has taken effect, choosing it again changes nothing more, and settles it.
      if (waits) return false;
    }
    await run(world, identity, async ({ tx, actor, nowIso }) => {
      const base = (await packTypes(tx)).get(clash.type);
      // The next version is compared with this one. A type of the school's own has no such base until it takes the pack's.
      if (base) await savePackType(tx, withPart(base, clash.path, clash.theirs));
      else if (input.take === "theirs") await savePackType(tx, clash.theirs as unknown as RecordType);
      await settle(tx, clash.id, { at: nowIso, by: actor.kind === "person" ? actor.id : null, outcome: input.take });
    });
    return true;
  });
}

async function stillOpen(found: Promise<PackClash | undefined>): Promise<PackClash> {
  const clash = await found;
  if (!clash) throw new Failure("NOT_FOUND", "There is no such choice.");
  if (clash.settledAt) throw new Failure("WRONG_STATE", "Somebody has chosen here already.");
  return clash;
}
