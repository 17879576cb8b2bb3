/** `GET /calendars/<secret>.ics`: calendars send no cookie and no header, so the address is what says who asks. */
import type { ServerResponse } from "node:http";
import { Failure } from "../../schema/failure";
import { calendarFeed } from "../engine/calendarFeed";
import { recordLooks } from "../engine/read/reader";
import type { Context } from "./context";

const route = /^\/calendars\/([\w-]{43})\.ics$/;

/** The link says in which organisation its reader acts, as that of a file does. */
export const feedPath = (secret: string, organisation: string): string =>
  `/calendars/${secret}.ics?organisation=${organisation}`;

export const feedSecret = (path: string): string | undefined => route.exec(path)?.[1];

export async function giveCalendar(response: ServerResponse, { reader }: Context, head: boolean): Promise<void> {
  const text = reader && (await calendarFeed(reader));
  if (!reader || !text) throw new Failure("NOT_FOUND", "This calendar link does not work any more.");
  await recordLooks(reader, { via: "calendar", operation: "GET /calendars", hash: null });
  response.writeHead(200, {
    "content-type": "text/calendar; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "content-disposition": 'inline; filename="duly.ics"',
  });
  response.end(head ? undefined : text);
}
