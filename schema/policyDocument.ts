/**
 * Reads a school's policy document, as text or Markdown, into what the register holds. It guesses nothing in silence:
 * whatever could be read in two ways, or contradicts itself, becomes a finding for a person to answer.
 */
import type { PartialDate } from "./dates";
import { type DateKey, dateKeys, type Details, type Finding, type Person, readDetails } from "./documentDetails";
import { dateFindings, numberingFindings, personFindings, templateFindings, unequalEditions } from "./documentFindings";
import { type Guidance, readGuidance } from "./documentGuidance";
import { readScope } from "./documentScope";
import {
  type Line,
  markdownOf,
  type PolicyLines,
  readLines,
  readSections,
  type Section,
  splitPolicies,
} from "./documentSections";
import { invalid } from "./failure";

export type { Finding } from "./documentDetails";

/** By import key: the name a field of the record type gives in `imports`. People are names, as written. */
export interface ImportValues extends Record<DateKey, PartialDate | null> {
  title: string;
  version: string | null;
  owner: string | null;
  leadGovernor: string | null;
  dsl: string[];
  deputyDsl: string[];
  text: string;
  authorship: string | null;
  audience: string[];
  technology: string[];
  linkedPolicies: { name: string }[];
  guidance: { title: string; edition: number | null; body: string | null }[];
  templateSource: string | null;
  licence: string | null;
}

export interface ImportedPolicy {
  title: string;
  values: ImportValues;
  sections: Section[];
  /** Markdown. */
  text: string;
  linkedPolicies: string[];
  guidance: { title: string; year: number | null; body: string | null }[];
  templateSource: string | null;
  licence: string | null;
  /** Those of this policy, by line; `path` is the import key. */
  findings: Finding[];
}

export interface PolicyDocument {
  policies: ImportedPolicy[];
  /** All findings of the document: those of each policy with `policies[n].` before the path. */
  findings: Finding[];
}

/** Longer than any policy seen, and short enough to be read at once. In characters. */
const LONGEST = 10_000_000;
const MOST_POLICIES = 50;

/**
 * `today` (ISO date) lets it say that a review has passed. Fails with INVALID_INPUT, path `file`, where there is
 * nothing to read or it is no text.
 */
export function readPolicyDocument(source: string, today?: string): PolicyDocument {
  const problem = problemOf(source);
  if (problem) throw invalid([{ path: "file", message: problem }]);
  const lines = readLines(source.normalize("NFC").replace(/^\uFEFF/, ""));
  const { cover, policies } = splitPolicies(lines);
  if (policies.length > MOST_POLICIES)
    throw invalid([
      { path: "file", message: `The file holds more than ${MOST_POLICIES} policies: import it in parts.` },
    ]);
  const onCover = readDetails(cover);
  const licence = readLicence(cover);
  const leftOnCover = leftOf(cover, onCover, licence);
  const read = policies.map((policy) => readPolicy(policy, onCover, licence, policies, leftOnCover, today));
  unequalEditions(read).forEach((findings, n) => read[n]?.findings.push(...findings));
  for (const policy of read) policy.findings.sort((a, b) => a.line - b.line);
  return {
    policies: read.map(({ guidance, ...policy }) => ({
      ...policy,
      guidance: guidance.map(({ title, year, body }) => ({ title, year, body })),
    })),
    findings: read.flatMap(({ findings }, n) => findings.map((it) => ({ ...it, path: `policies[${n}].${it.path}` }))),
  };
}

function problemOf(source: string): string | undefined {
  if (!source.trim()) return "The file is empty.";
  if (source.includes("\0")) return "The file is not text.";
  // It stands where a program could not read a letter: what was there is lost.
  const lost = source.indexOf("\uFFFD");
  if (lost >= 0)
    return `Letters of this file were lost when it was saved: they show as “\uFFFD”, first in line ${source.slice(0, lost).split(/\r\n?|\n/).length}. Put them right, or save it anew from where it was written.`;
  if (source.length > LONGEST) return "The file is too long for a policy document.";
  return /\p{L}/u.test(source) ? undefined : "The file holds no words.";
}

/** What the cover says of the whole document holds for each policy in it that says nothing else. */
function withCover(own: Details, cover: Details): Details {
  return {
    people: { ...cover.people, ...own.people },
    dates: { ...cover.dates, ...own.dates },
    version: own.version ?? cover.version,
    taken: own.taken,
    findings: [...own.findings, ...cover.findings],
  };
}

type Read = Omit<ImportedPolicy, "guidance"> & { guidance: Guidance[] };

function readPolicy(
  policy: PolicyLines,
  cover: Details,
  licence: string | null,
  all: PolicyLines[],
  leftOnCover: Finding[],
  today: string | undefined,
): Read {
  const { preamble, sections, joined } = readSections(policy.lines);
  const own = readDetails(preamble);
  const details = withCover(own, cover);
  const title = policy.title || sections[0]?.heading || "Untitled policy";
  const guidance = guidanceOf(policy.lines, sections);
  const scope = readScope(sections[0]?.text ?? "");
  const linkedPolicies = linkedOf(sections);
  const text = textOf(title, preamble, own.taken, sections);
  const findings = [
    ...details.findings,
    ...dateFindings(details.dates, today),
    ...coverFindings(own, cover),
    ...personFindings(details),
    ...numberingFindings(sections),
    ...templateFindings(policy.lines, sectionNamer(sections)),
    ...joined.map((line) => ({
      code: "joinedLines",
      message: "A sentence was cut here, and the two parts were joined.",
      path: "text",
      line,
    })),
    ...sharedFindings(policy, all),
    ...leftOnCover,
  ];
  if (!policy.title)
    findings.push({
      code: "missingTitle",
      message: `It has no title; “${title}” was taken.`,
      path: "title",
      line: policy.titleLine,
    });
  const { templateSource } = scope;
  return {
    title,
    values: {
      title,
      ...valuesOf(details),
      text,
      ...scope,
      linkedPolicies: linkedPolicies.map((name) => ({ name })),
      guidance: guidance.map(({ title: name, year, body }) => ({ title: name, edition: year, body })),
      licence,
    },
    sections,
    text,
    linkedPolicies,
    guidance,
    templateSource,
    licence,
    findings,
  };
}

function valuesOf({ people, dates, version }: Details) {
  const named = (list: Person[] | undefined): string[] => (list ?? []).map((person) => person.name);
  const on = Object.fromEntries(dateKeys.map((key) => [key, dates[key]?.date ?? null])) as Record<
    DateKey,
    PartialDate | null
  >;
  return {
    ...on,
    version,
    dsl: named(people.dsl),
    deputyDsl: named(people.deputyDsl),
    leadGovernor: people.leadGovernor?.[0]?.name ?? null,
    owner: people.owner?.[0]?.name ?? people.dsl?.[0]?.name ?? null,
  };
}

function textOf(title: string, preamble: Line[], taken: Set<number>, sections: Section[]): string {
  // Key details are fields of the record; what else stands before the first section belongs to the wording.
  const prose = markdownOf(preamble.filter(({ number, text }) => !(taken.has(number) && text.includes(":"))));
  const parts = sections.map(({ number, heading, text }) => {
    const level = number?.includes(".") ? "###" : "##";
    const dotted = number && !number.includes(".") ? `${number}.` : number;
    return `${level} ${[dotted, heading].filter(Boolean).join(" ")}\n\n${text}`.trim();
  });
  return [`# ${title}`, prose, ...parts].filter(Boolean).join("\n\n") + "\n";
}

function guidanceOf(lines: Line[], sections: Section[]): Guidance[] {
  const end = sections[1]?.line ?? Infinity;
  const line = lines.find(
    (it) => it.number < end && /taking (?:into )?account|statutory guidance|in line with the guidance/i.test(it.text),
  );
  if (!line) return [];
  const from = line.text.search(/taking (?:into )?account|statutory guidance|in line with the guidance/i);
  return readGuidance(line.text.slice(from), line.number);
}

function linkedOf(sections: Section[]): string[] {
  const section = sections.find(({ heading }) => /links? (?:with|to) other|related policies/i.test(heading));
  const items = (section?.text ?? "").split("\n").filter((item) => /^\s*- /.test(item) && !/:\s*$/.test(item));
  return items.map((item) =>
    item
      .replace(/^\s*- /, "")
      .replace(/\*\*/g, "")
      .trim(),
  );
}

function readLicence(cover: Line[]): string | null {
  const start = cover.findIndex((line) =>
    /^(\*\*)?(disclaimer|copyright|licence|terms of use)\b.{0,20}$/i.test(line.text.trim()),
  );
  const body = cover
    .slice(start + 1)
    .find((line) => line.kind === "paragraph" && /copyright|licen[cs]e|permission/i.test(line.text));
  return start < 0 ? null : (body?.text ?? null);
}

/** A title and a school's name are shorter. */
const isProse = ({ kind, text }: Line): boolean => kind !== "heading" && text.split(/\s+/).length > 8;

/** What the cover says at length goes into no policy, since nobody knows into which. */
function leftOf(cover: Line[], { taken }: Details, licence: string | null): Finding[] {
  const [first, ...more] = cover.filter(
    (line) => isProse(line) && !taken.has(line.number) && line.text.trim() !== licence?.trim(),
  );
  if (!first) return [];
  const others = more.length ? ` and ${more.length} more ${more.length > 1 ? "paragraphs" : "paragraph"}` : "";
  const message = `Before the first policy stands “${shortened(first.text)}”${others}: that was not taken into the text.`;
  return [{ code: "coverLeftOut", message, path: "text", line: first.number }];
}

const shortened = (text: string): string => (text.length > 150 ? `${text.slice(0, 150).trimEnd()}…` : text);

function coverFindings(own: Details, cover: Details): Finding[] {
  return dateKeys.flatMap((key): Finding[] => {
    const [here, there] = [own.dates[key], cover.dates[key]];
    if (!here || !there || here.date === there.date) return [];
    const message = `The cover says ${there.text}, the key details ${here.text}: the key details were taken.`;
    return [{ code: "coverDisagrees", message, path: key, line: there.line }];
  });
}

function sharedFindings(policy: PolicyLines, all: PolicyLines[]): Finding[] {
  const others = all.filter((other) => other !== policy).map((other) => other.title);
  if (!others.length) return [];
  const message = `It shares one document with ${others.join(", ")}: the version and dates on the cover were taken for each.`;
  return [{ code: "sharedDocument", message, path: "text", line: policy.titleLine }];
}

function sectionNamer(sections: Section[]): (line: number) => string {
  return (line) => {
    const section = sections.findLast((it) => it.line <= line);
    if (!section) return "The key details";
    return section.number ? `Section ${section.number}` : `“${section.heading}”`;
  };
}
