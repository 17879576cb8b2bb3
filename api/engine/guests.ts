/**
 * Pages of one record for people without an account, each opened by a one-time link. Opening one changes nothing;
 * answering does, as the person it was made for, and ends the link. Links end by school time, or when they are revoked.
 */
import { calendar } from "../../schema/calendar";
import { formatInstant } from "../../schema/dates";
import type { Guests, RecordType } from "../../schema/definition";
import { Failure } from "../../schema/failure";
import { markdown, Markdown } from "../../schema/markdown";
import type { DocumentValue, RecordData } from "../../schema/record";
import { maySeeField } from "../../schema/refusals";
import { shownField, wordsOf } from "../../schema/templateValues";
import { personsIn } from "../../schema/language/who";
import { personOf, personsOf } from "../../schema/who";
import { isoOf, type Sql } from "../store/database";
import { settingsOf, withFacts } from "../store/facts";
import {
  guestLink,
  guestLinkByHandle,
  type GuestLinkRow,
  guestLinksOf,
  insertGuestLink,
  revokeGuestLink as endLink,
  useGuestLink,
  withoutAccount,
} from "../store/guestLinks";
import { type Letterhead, letterheadOf } from "../store/letterhead";
import { Looks, noteLooks } from "../store/looks";
import { recipients } from "../store/mails";
import { documentsByIds } from "../store/noticeQuery";
import { organisationsById } from "../store/organisations";
import { loadRecords } from "../store/records";
import { act } from "./act";
import { actionsOf, type AvailableAction, meet, type Seen } from "./availableActions";
import type { Input } from "./input";
import { maySee } from "./may";
import { handled } from "./mayHold";
import { idIn, opens } from "./oneTimeLink";
import { activeType } from "./pinned";
import { type Handed, handLink, mailAtOnce } from "./putMail";
import type { Reader } from "./read/reader";
import { viewerOf } from "./read/viewerOf";
import { type Identity, run, type Run } from "./run";
import type { World } from "./world";

const PAGE = "guest" as const;
const ended = "This link has ended. Ask the school for another.";

/** The guests of a type as it stands: a link never outlives the rule that it was made by. */
const guestsOf = ({ registry }: Pick<Run, "registry">, type: string): Guests | undefined =>
  registry.types.get(type)?.active.type.guests;

const namedIn = (record: RecordData, { to }: Guests): string[] => [
  ...new Set(to.flatMap((name) => personsIn(record, name))),
];

// ------------------------------------------------------------------------------------------------------- making links

export interface GuestAccess {
  /** May whoever asks make and revoke links? */
  may: boolean;
  /** For whom: those named who sign in nowhere. */
  people: { id: string; name: string; email: string | null }[];
  links: GuestLinkRow[];
}

/** What stands on a record's page about its guests; undefined where its type has none. */
export async function guestAccess(reader: Reader, type: string, id: string): Promise<GuestAccess | undefined> {
  const guests = guestsOf(reader, type);
  const seen = guests && (await meet({ ...reader.world, db: reader.db }, type, id));
  if (!guests || !seen) return undefined;
  const may = personsOf(guests.by, seen.record, seen.facts).includes(reader.identity.person.id);
  const people = may ? await withoutAccount(reader.db, namedIn(seen.record, guests)) : [];
  return { may, people, links: may ? await guestLinksOf(reader.db, id) : [] };
}

/** A link for one of those named. @throws FORBIDDEN, NOT_FOUND, INVALID_INPUT. */
export async function makeGuestLink(
  run: Run,
  input: { type: string; record: string; person: string },
): Promise<Handed> {
  const { record, guests } = await mustKeep(run, input);
  const person = (await withoutAccount(run.tx, namedIn(record, guests))).find(({ id }) => id === input.person);
  if (!person)
    throw new Failure("INVALID_INPUT", "A link is for somebody whom the record names and who has no account.", [
      { path: "person", message: "Choose one of the people named there. Whoever has an account signs in." },
    ]);
  const id = await insertLink(run, record, guests, person.id, personOf(run.actor));
  return handLink(run, person, { page: PAGE, id }, (url) => ({
    subject: `Please read and answer: ${record.title}`,
    body: [
      markdown`${run.actor.name} of ${run.organisation.name} asks you to read this and to answer.`,
      markdown`[Read it and answer](${url})`,
      markdown`
You need no account. Opening the link changes nothing; your answer does. The link is yours alone: do not pass it on.
      `,
    ],
  }));
}

/** @throws FORBIDDEN, NOT_FOUND. */
export async function revokeGuestLink(run: Run, { handle }: { handle: string }): Promise<void> {
  const link = await guestLinkByHandle(run.tx, handle);
  if (!link) throw new Failure("NOT_FOUND", "There is no such link.");
  await mustKeep(run, link);
  if (!(await endLink(run.tx, link.id, run.nowIso))) throw new Failure("NOT_FOUND", "This link has ended already.");
}

/** The record, for whoever makes and revokes its links. */
async function mustKeep(
  run: Run,
  { type, record: id }: { type: string; record: string },
): Promise<{ record: RecordData; guests: Guests }> {
  const guests = guestsOf(run, type);
  const [record] = guests ? await loadRecords(run.tx, run.registry, [{ type, id }]) : [];
  const of = record && (await maySee(run, record)) ? await handled(run, record) : undefined;
  if (!guests || !of) throw new Failure("NOT_FOUND", "There is no such record, or nobody answers it by a link.");
  if (!personsOf(guests.by, of.record, of.facts).includes(personOf(run.actor) ?? ""))
    throw new Failure("FORBIDDEN", "Links for people without an account are made by others here.");
  return { record: of.record, guests };
}

async function insertLink(
  run: Run,
  record: RecordData,
  { within }: Guests,
  person: string,
  madeBy: string | null,
): Promise<string> {
  // Its own school's figure and calendar, whoever makes the link: mails are put together for all schools of a trust.
  const school = (await organisationsById(run.tx, [record.organisation])).get(record.organisation);
  if (!school) throw new Failure("NOT_FOUND", "There is no such organisation.");
  const cal = calendar(school.calendar);
  const { type } = activeType(run.registry, record.type).active;
  const settings = await settingsOf(run.tx, school, type, cal.dateOf(run.now));
  const offset = typeof within === "string" ? within : String(settings[within.setting]);
  const id = run.newId();
  await insertGuestLink(run.tx, {
    id,
    handle: run.newId(),
    organisation: record.organisation,
    person,
    type: record.type,
    record: record.id,
    madeBy,
    madeAt: run.nowIso,
    expiresAt: isoOf(cal.addInstant(run.now, offset).at),
  });
  return id;
}

/**
 * The link by which somebody without an account reads what a notice is about: one of theirs that stands, or a new one.
 * Undefined for who is no guest of that record.
 */
export async function guestLinkFor(
  run: Run,
  notice: { type: string; record: string; person: string },
): Promise<string | undefined> {
  const guests = guestsOf(run, notice.type);
  if (!guests) return undefined;
  const [record] = await loadRecords(run.tx, run.registry, [{ type: notice.type, id: notice.record }]);
  if (!record || !namedIn(record, guests).includes(notice.person)) return undefined;
  const standing = (await guestLinksOf(run.tx, record.id)).find(
    (link) => link.person === notice.person && link.madeBy === null && isOpen(link, run.now),
  );
  return standing?.id ?? insertLink(run, record, guests, notice.person, null);
}

const isOpen = ({ usedAt, revokedAt, expiresAt }: GuestLinkRow, now: number): boolean =>
  usedAt === null && revokedAt === null && Date.parse(expiresAt) > now;

// ---------------------------------------------------------------------------------------------------------- the page

export interface GuestPage {
  letterhead: Letterhead;
  zone: string;
  person: string;
  label: string;
  title: string;
  shows: { label: string; value: string }[];
  /** The exact words, in Markdown, and their hash. */
  text: { title: string; text: string; hash: string } | null;
  /** A copy of it can be mailed: they have an address. Which is not said to whoever holds the link. */
  copied: boolean;
  /** What may be answered now. */
  actions: AvailableAction[];
  /** What was answered by this link. */
  answered: { label: string; help: string | null; at: string } | null;
  expiresAt: string;
}

interface Opened extends Seen {
  link: GuestLinkRow;
  guests: Guests;
  identity: Identity;
  person: { id: string; name: string; email: string | null };
}

/** Null for a link that has ended or never was: which of the two is not said. */
export async function guestPage(world: World, secret: string): Promise<GuestPage | null> {
  const opened = await open(world, secret);
  if (!opened) return null;
  const { link, guests, type, record, identity, person, organisation } = opened;
  const letterhead = (await letterheadOf(world.db, organisation.id)) ?? { ...organisation, crest: null };
  const looks = new Looks();
  const text = await textOf(world, world.db, guests, record, looks);
  noteLooks({ registry: world.registry, looks }, record.type, [record.id]);
  looks.opened.add(record.id);
  await world.views.write(
    looks,
    { person: person.id, organisation: organisation.id, actor: "guest", at: opened.now },
    { via: "graphql", operation: "guestPage", hash: null },
  );
  const offered = link.usedAt ? [] : await actionsOf(world, opened, identity);
  return {
    letterhead,
    zone: organisation.calendar.zone,
    person: person.name,
    label: type.label,
    title: record.title,
    shows: await withFacts(world.db, opened.source, opened.facts, () => shown(opened, guests)),
    text,
    copied: text !== null && person.email !== null,
    actions: offered.filter(({ name, allowed }) => allowed && guests.actions.includes(name)),
    answered: answeredBy(link, type),
    expiresAt: link.expiresAt,
  };
}

function shown({ type, record, facts, identity }: Opened, { shows = [] }: Guests): GuestPage["shows"] {
  return shows.flatMap((name) => {
    const field = type.fields[name];
    if (!field || field.sealed || (field.see && !maySeeField(field, record, facts, identity.actor))) return [];
    // Whoever holds the link may see what the record's templates withhold from its other readers.
    const value = wordsOf(shownField(field, record.fields[name] ?? null, facts));
    return value === "" ? [] : [{ label: field.label, value }];
  });
}

function answeredBy({ usedAt, usedFor }: GuestLinkRow, { actions }: RecordType): GuestPage["answered"] {
  if (usedAt === null) return null;
  const { label = "Answered", help = null } = actions[usedFor ?? ""] ?? {};
  return { label, help, at: usedAt };
}

/**
 * Answers as the person the link was made for, and ends it. `textHash`: of the words they were shown.
 * @throws NOT_FOUND, STALE where the words have changed since, and what the action throws.
 */
export async function answerAsGuest(
  world: World,
  secret: string,
  answer: { action: string; input: Input; textHash: string | null; copy: boolean },
): Promise<void> {
  const opened = await open(world, secret);
  if (!opened) throw new Failure("NOT_FOUND", ended);
  await run(world, opened.identity, async (current) => {
    const link = await guestLink(current.tx, opened.link.id, "FOR UPDATE");
    if (!link || !isOpen(link, current.now)) throw new Failure("NOT_FOUND", ended);
    const { guests } = opened;
    if (!guests.actions.includes(answer.action)) throw new Failure("FORBIDDEN", "This is not answered by a link.");
    const { type, record: id } = link;
    const record = await act(current, { type, id, action: answer.action, input: answer.input });
    // Asked once the record is held: what does not hold then is rolled back.
    const shown = await textOf(world, current.tx, guests, record);
    if ((shown?.hash ?? null) !== answer.textHash)
      throw new Failure("STALE", "The text has changed since you opened this page: read it again, then answer.");
    await useGuestLink(current.tx, link.id, answer.action, current.nowIso);
    if (answer.copy && shown) await mailCopy(current, opened, answer.action, shown);
  });
}

/** What they answered, to which exact words: theirs to keep, who can open no record. */
async function mailCopy(
  run: Run,
  { type, record, person }: Opened,
  action: string,
  { text, hash }: NonNullable<GuestPage["text"]>,
): Promise<void> {
  const when = formatInstant(run.nowIso, run.organisation.calendar.zone);
  await mailAtOnce(run, person, {
    subject: `Your copy: ${record.title}`,
    body: [
      markdown`On ${when} you answered: **${type.actions[action]?.label ?? action}**.`,
      markdown`These are the exact words that were shown to you. Their fingerprint (SHA-256) is ${hash}.`,
      new Markdown(text),
    ],
  });
}

async function open(world: World, secret: string): Promise<Opened | undefined> {
  const link = await guestLink(world.db, idIn(secret));
  if (!link || !opens(world.key, PAGE, link, secret)) return undefined;
  const guests = guestsOf(world, link.type);
  const seen = await meet(world, link.type, link.record);
  if (!guests || !seen || link.revokedAt !== null || Date.parse(link.expiresAt) <= seen.now) return undefined;
  if (!namedIn(seen.record, guests).includes(link.person)) return undefined;
  const today = calendar(seen.organisation.calendar).dateOf(seen.now);
  const reading = { tx: world.db, registry: world.registry, today };
  const viewer = await viewerOf(reading, link.person, link.organisation);
  const person = (await recipients(world.db, [link.person])).get(link.person);
  if (!viewer || !person?.active) return undefined;
  const actor = { kind: "guest" as const, id: link.id, person: link.person, name: byLink(person.name) };
  const identity: Identity = { actor, access: viewer.access, administers: false };
  const { organisation } = seen;
  if (!(await maySee({ ...reading, identity, organisation, actor }, seen.record))) return undefined;
  return { ...seen, link, guests, identity, person: { id: link.person, name: person.name, email: person.address } };
}

/** How the history says it. */
export const byLink = (name: string): string => `${name}, by a one-time link`;

/** The version in force, else the latest. */
async function textOf(
  world: World,
  sql: Sql,
  { text }: Guests,
  record: RecordData,
  looks?: Looks,
): Promise<GuestPage["text"]> {
  if (text === undefined) return null;
  const [first = "", second] = text.split(".");
  const owner = second === undefined ? record : await linkedTo(world, sql, record, first);
  const value = owner?.fields[second ?? first] as DocumentValue | null | undefined;
  const version = value?.inForce ?? value?.latest;
  const [document] = version ? await documentsByIds(sql, [version.id]) : [];
  if (owner && looks) noteLooks({ registry: world.registry, looks }, owner.type, [owner.id]);
  return owner && document?.text !== undefined
    ? { title: owner.title, text: document.text, hash: document.hash }
    : null;
}

async function linkedTo(world: World, sql: Sql, record: RecordData, name: string): Promise<RecordData | undefined> {
  const field = world.registry.types.get(record.type)?.active.type.fields[name];
  const id = record.fields[name];
  if (field?.kind !== "link" || typeof id !== "string") return undefined;
  const [linked] = await loadRecords(sql, world.registry, [{ type: field.to, id }]);
  return linked;
}
