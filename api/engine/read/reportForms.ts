/** What somebody who has named themselves on a shared device may report there, and what their answers may name. */
import { mayAtAll } from "../../../schema/access";
import type { RecordType } from "../../../schema/definition";
import { Failure } from "../../../schema/failure";
import { fold, normal } from "../../../schema/text";
import { Looks } from "../../store/looks";
import { peopleIn } from "../../store/people";
import { searchRecords } from "../../store/searchQuery";
import { activeNamed } from "../pinned";
import { askedOnDevice, type SharedDevice, viewerOn } from "../sharedDevice";
import { schoolNow } from "../run";
import type { World } from "../world";
import { circleOf } from "./circle";

const SHOWN = 10;

interface ReportForm {
  type: string;
  label: string;
  form: Pick<RecordType, "quick" | "fields">;
}

export async function reportForms(world: World, device: SharedDevice): Promise<ReportForm[]> {
  const { access } = await viewerOn(world, device);
  const here = access.organisations.filter(({ id }) => id === access.acting);
  const named = activeNamed(world.registry);
  return [...world.registry.types.values()].flatMap(({ active: { type } }): ReportForm[] => {
    const asked = askedOnDevice(type);
    if (!type.quick || !asked.length || !mayAtAll(type, "create", here, named)) return [];
    const fields = Object.fromEntries(Object.entries(type.fields).filter(([name]) => asked.includes(name)));
    return [{ type: type.name, label: type.quick.label, form: { quick: { ...type.quick, fields: asked }, fields } }];
  });
}

/** In the rights of who is named: whom they find, and which records they see. @throws FORBIDDEN, NOT_FOUND. */
export async function reportChoices(
  world: World,
  device: SharedDevice,
  { type, field, search }: { type: string; field: string; search: string },
): Promise<{ id: string; name: string }[]> {
  const viewer = await viewerOn(world, device);
  const definition = world.registry.types.get(type)?.active.type;
  const asked = definition && askedOnDevice(definition).includes(field) ? definition.fields[field] : undefined;
  if (!asked) throw new Failure("NOT_FOUND", "This is not asked on a shared device.");
  const { db } = world;
  if (asked.kind === "person" || asked.kind === "people") {
    const page = { search: fold(normal(search)) || null, after: null, limit: SHOWN };
    const found = await peopleIn(db, device.organisation, circleOf(viewer), page);
    return found.map(({ person }) => ({ id: person.id, name: person.name }));
  }
  if (asked.kind !== "link" && asked.kind !== "links") return [];
  const looks = new Looks();
  const hits = await searchRecords(db, { ...viewer, looks }, search, SHOWN, asked.to);
  const looker = { person: device.person?.id ?? "", organisation: device.organisation, actor: "device" };
  const at = await schoolNow(world);
  await world.views.write(looks, { ...looker, at }, { via: "graphql", operation: "reportChoices", hash: null });
  return hits.map(({ id, recordTitle }) => ({ id, name: recordTitle }));
}
