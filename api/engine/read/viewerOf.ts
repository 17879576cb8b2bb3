/** As whom somebody reads who has not asked themselves: whoever is to be told of a record. */
import type { Sql } from "../../store/database";
import { organisationsById } from "../../store/organisations";
import { allOrganisations, heldBy } from "../../store/people";
import { scopeIn } from "../../store/scopeIn";
import type { Viewer } from "../../store/visibility";
import { accessIn } from "../access";
import type { Run } from "../run";

/** What a person may see who acts in this organisation, by what they hold today. Undefined where there is none such. */
export async function viewerOf(
  { tx, registry, today }: Pick<Run, "registry" | "today"> & { tx: Sql },
  person: string,
  organisation: string,
): Promise<Viewer | undefined> {
  const all = await allOrganisations(tx);
  const acting = all.find(({ id }) => id === organisation);
  const facts = (await organisationsById(tx, [organisation])).get(organisation);
  if (!acting || !facts) return undefined;
  return {
    registry,
    access: accessIn(person, acting, all, await heldBy(tx, person, today)),
    scopeOf: (await scopeIn(tx, registry, facts, today))(person),
  };
}
