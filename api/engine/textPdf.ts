/** A version of a text as a PDF for the file or the noticeboard: what it is, since when it holds, and its pages counted. */
import { formatDate } from "../../schema/dates";
import { organisationsById } from "../store/organisations";
import { dateIn } from "./access";
import { crestPicture } from "./crestPicture";
import { heavily } from "./heavy/pool";
import { type OpenText, ratifiedOnOf } from "./read/openText";
import { publishedType, type Reader } from "./read/reader";

export interface TextPdf {
  /** "Mobile policy, version 2.pdf" */
  name: string;
  bytes: Uint8Array;
}

/** @throws INVALID_INPUT for a text that cannot be drawn within the bounds of a job, UNAVAILABLE where too many wait. */
export async function textPdf(reader: Reader, opened: OpenText): Promise<TextPdf> {
  const { version, row } = opened;
  const school = (await organisationsById(reader.db, [row.organisation])).get(row.organisation);
  const zone = school?.calendar.zone ?? "Europe/London";
  const edition = `Version ${version.number}`;
  const drawing = {
    title: row.recordTitle,
    edition,
    saved: `${edition}, saved on ${dayOf(version.createdAt, zone)}. `,
    standing: standingOf(reader, opened, zone),
    text: version.text,
    hash: version.hash,
    school: { name: school?.name ?? "", colour: school?.colour ?? null },
    crest: (await crestPicture(reader.db, row.organisation))?.bytes ?? null,
    at: reader.now,
  };
  const bytes = await heavily("textPdf", drawing, reader.identity.person.id);
  return { name: `${row.recordTitle}, ${edition.toLowerCase()}.pdf`, bytes };
}

const dayOf = (instant: string, zone: string): string => formatDate(dateIn(zone, Date.parse(instant)));

function standingOf(reader: Reader, { version, inForce, row }: OpenText, zone: string): string {
  const since = version.inForceAt && dayOf(version.inForceAt, zone);
  if (version.id !== inForce) return since ? `In force from ${since}, and replaced since` : "Not ratified";
  const name = ratifiedOnOf(reader, version);
  const on = name === undefined ? null : row.fields[name];
  const label = name !== undefined && publishedType(reader, row.type).type.fields[name]?.label;
  return typeof on === "string" && label ? `${label} ${formatDate(on)}` : `In force since ${since ?? "it was saved"}`;
}
