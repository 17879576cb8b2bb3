/** Reports: who makes them, which records each section draws, and whether what it shows and counts is there. */
import { Checking, type CheckContext } from "./checking";
import { checkCondition, type Place } from "./checkCondition";
import { pseudoFields } from "./condition";
import { nameProblem } from "./checkNames";
import { checkCounted } from "./checkRules";
import { checkSort } from "./checkAccess";
import type { Figure, RecordType, Report, ReportSection } from "./definition";
import type { Problem } from "./failure";
import { baseOf, laidOut, linkOf, sourceOf } from "./reports";
import { at } from "./shape";

/** What is wrong in the reports of a pack, each against all types; paths begin with "reports". */
export function reportProblems(reports: Report[] = [], context: CheckContext): Problem[] {
  const twice = reports.filter(({ name }, i) => reports.findIndex((other) => other.name === name) !== i);
  return [
    ...twice.map(({ name }) => ({ path: at("reports", name), message: `There are two reports “${name}”.` })),
    ...reports.flatMap((report) => new ReportCheck(report, context).problems()),
  ];
}

class ReportCheck {
  private readonly found: Problem[] = [];
  private readonly path: string;

  constructor(
    private readonly report: Report,
    private readonly context: CheckContext,
  ) {
    this.path = at("reports", report.name);
  }

  problems(): Problem[] {
    const { name, who, subject, sections, facts, decisions } = this.report;
    const problem = nameProblem(name);
    if (problem) this.say(at(this.path, "name"), problem);
    this.as(undefined, (checking) => who.forEach((role, i) => checking.role(role, at(at(this.path, "who"), i))));
    if (!who.length) this.say(at(this.path, "who"), "Say which roles may make it.");
    if ("record" in subject)
      this.as(this.typeNamed(subject.record), (checking) => {
        if (checking.typeNamed(subject.record, at(this.path, "subject.record"))) this.checkSubject(checking);
      });
    else if (facts ?? decisions)
      this.say(this.path, "A period has neither facts nor decisions: its sections tell of it.");
    if (!Object.keys(sections).length) this.say(at(this.path, "sections"), "A report needs at least one section.");
    for (const [own, section] of Object.entries(sections))
      this.checkSection(own, section, at(at(this.path, "sections"), own));
    return this.found;
  }

  private say(path: string, message: string): void {
    this.found.push({ path, message });
  }

  private readonly typeNamed = (name: string): RecordType | undefined =>
    this.context.types.find((type) => type.name === name);

  /** Checks against a type; what is of no type is checked against any. */
  private as(type: RecordType | undefined, check: (checking: Checking) => void): void {
    const against = type ?? this.context.types[0];
    if (!against) return;
    const checking = new Checking(against, this.context);
    check(checking);
    this.found.push(...checking.problems);
  }

  private checkSubject(checking: Checking): void {
    const { facts, decisions } = this.report;
    checking.each(facts, at(this.path, "facts"), (name, path) => this.checkColumn(checking, name, path));
    checking.each(
      decisions,
      at(this.path, "decisions"),
      (name, path) => void checking.known("action", name, Object.keys(checking.type.actions), path),
    );
  }

  private checkSection(name: string, section: ReportSection, path: string): void {
    const problem = nameProblem(name);
    if (problem) return this.say(path, problem);
    const source = sourceOf(this.report, section, this.typeNamed);
    if (!source) return this.sayUnsourced(name, section, path);
    this.as(source.type, (checking) => {
      const { type } = source;
      if (section.view !== undefined)
        checking.known("view", section.view, Object.keys(type.views ?? {}), at(path, "view"));
      const { columns } = laidOut(type, section);
      if (!columns?.length && !section.figures)
        checking.say(path, "It shows nothing: give it columns, a view or figures.");
      checking.each(section.columns, at(path, "columns"), (column, place) => this.checkColumn(checking, column, place));
      if (section.sort !== undefined) checkSort(checking, section.sort, at(path, "sort"));
      const place: Place = { tier: "row", type, period: "period" in this.report.subject };
      if (section.where) checkCondition(checking, section.where, place, at(path, "where"));
      const { by, of = [] } = section.figures ?? {};
      if (by !== undefined) checkCounted(checking, by, at(path, "figures.by"));
      of.forEach((figure, i) => this.checkFigure(checking, figure, place, by, at(at(path, "figures.of"), i)));
      if (section.figures && (source.of !== undefined || source.link?.back === false))
        checking.say(
          at(path, "figures"),
          "Figures are of all records of a type, or of those that link to the subject.",
        );
    });
  }

  private checkFigure(
    checking: Checking,
    { where, days }: Figure,
    place: Place,
    by: string | undefined,
    path: string,
  ): void {
    if (where) checkCondition(checking, where, place, at(path, "where"));
    if (!days) return;
    if (by !== undefined)
      checking.say(at(path, "days"), "An average of days stands by itself, not by the values of a field.");
    for (const end of ["from", "to"] as const) checking.dateField(days[end], at(at(path, "days"), end));
  }

  /** A field, what every record has, or one step along a to-one link. */
  private checkColumn(checking: Checking, column: string, path: string): void {
    const [first = "", second] = column.split(".");
    const shown = (type: RecordType) => [...Object.keys(type.fields), ...pseudoFields, "recordTitle"];
    if (!checking.known("field", first, shown(checking.type), path) || second === undefined) return;
    const to = checking.type.fields[first]?.kind === "link" ? linkOf(checking.type, first) : undefined;
    const linked = to === undefined ? undefined : checking.linkedType(to);
    if (!linked) return checking.say(path, `${first} is no link to one record.`);
    checking.known("field", second, shown(linked), path);
  }

  private sayUnsourced(name: string, section: ReportSection, path: string): void {
    if ("type" in section)
      return this.as(undefined, (checking) => void checking.typeNamed(section.type, at(path, "type")));
    const { via, from } = section;
    const before = Object.keys(this.report.sections).slice(0, Object.keys(this.report.sections).indexOf(name));
    if (from === undefined && "period" in this.report.subject)
      return this.say(
        at(path, "via"),
        "A period has no links: name a type, or the section “from” whose records they are reached.",
      );
    if (from !== undefined && !before.includes(from))
      return this.say(at(path, "from"), `There is no section “${from}” before this one.`);
    const base = baseOf(this.report, from, this.typeNamed);
    if (base)
      this.say(
        at(path, "via"),
        `${via} is no link of ${base.label}: name one of its link fields, or type.field of records that point to it.`,
      );
  }
}
