import { mayAtAll } from "../../schema/access";
import { checkView } from "../../schema/check";
import type { View } from "../../schema/definition";
import { Failure, invalid } from "../../schema/failure";
import {
  deleteSavedView,
  type PreferenceKey,
  putPreference,
  putSavedView,
  savedViewById,
  type SavedViewRow,
  savedViewsOf,
} from "../store/savedViews";
import { activeNamed, activeType } from "./pinned";
import { mustAdminister, type Run } from "./run";

const MOST_VIEWS = 50;
/** Bytes of JSON that one view or preference may take: far beyond any that a screen makes. */
const MOST_JSON = 16_000;

/**
 * Keeps a view of a type's list for the acting person; `shared` shows it to everybody, which an administrator decides.
 * @throws NOT_FOUND (type, or a view that is not theirs), FORBIDDEN, INVALID_INPUT.
 */
export async function saveView(
  run: Run,
  input: { id?: string | null; type: string; view: unknown; shared?: boolean | null },
): Promise<SavedViewRow> {
  const { type } = activeType(run.registry, input.type).active;
  if (!mayAtAll(type, "see", run.identity.access.organisations, activeNamed(run.registry)))
    throw new Failure("NOT_FOUND", `There is no record type “${input.type}”.`);
  const person = personOf(run);
  const before = input.id ? await changeable(run, input.id) : undefined;
  if (before && before.type !== input.type) throw noSuchView();
  if (input.shared) mustAdminister(run);
  const types = [...run.registry.types.values()].map(({ active }) => active.type);
  const problems = checkView(input.view, type, { roles: run.registry.roles, types });
  if (problems.length) throw invalid(problems);
  mustFit(input.view, "view");
  if (!before) {
    const kept = await savedViewsOf(run.tx, run.organisation.id, input.type, person);
    if (kept.length >= MOST_VIEWS)
      throw new Failure("INVALID_INPUT", `There are ${MOST_VIEWS} saved views of this list: delete one first.`);
  }
  const row: SavedViewRow = {
    id: before?.id ?? run.newId(),
    type: input.type,
    person: before?.person ?? person,
    shared: input.shared === true,
    view: input.view as View,
  };
  await putSavedView(run.tx, run.organisation.id, row);
  return row;
}

/** @throws NOT_FOUND, FORBIDDEN. */
export async function deleteView(run: Run, input: { id: string }): Promise<void> {
  const { id } = await changeable(run, input.id);
  await deleteSavedView(run.tx, id);
}

/** One's own, or one that everybody has where one administers. What others keep for themselves does not exist. */
async function changeable(run: Run, id: string): Promise<SavedViewRow> {
  const row = await savedViewById(run.tx, run.organisation.id, id);
  if (!row || (!row.shared && row.person !== run.identity.access.person)) throw noSuchView();
  if (row.shared) mustAdminister(run);
  return row;
}

const noSuchView = () => new Failure("NOT_FOUND", "There is no such saved view.");

const PREFERENCE = /^[A-Za-z][A-Za-z0-9.]{0,63}$/;

/** Keeps something of how the acting person likes a page. The screens say what it means. @throws INVALID_INPUT. */
export async function setPreference(run: Run, input: { name: string; value: unknown }): Promise<void> {
  if (!PREFERENCE.test(input.name))
    throw invalid([{ path: "name", message: "A preference is named with letters, digits and points, 64 at most." }]);
  mustFit(input.value, "value");
  const key: PreferenceKey = { organisation: run.organisation.id, person: personOf(run), name: input.name };
  await putPreference(run.tx, key, input.value ?? null);
}

function personOf(run: Run): string {
  const { person } = run.identity.access;
  if (person === null) throw new Failure("FORBIDDEN", "Only a person keeps views and preferences.");
  return person;
}

function mustFit(value: unknown, path: string): void {
  if (Buffer.byteLength(JSON.stringify(value ?? null)) > MOST_JSON)
    throw invalid([{ path, message: `This is longer than ${MOST_JSON.toLocaleString("en-GB")} bytes.` }]);
}
