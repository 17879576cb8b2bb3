import { checkType } from "../../schema/check";
import { settingProblem } from "../../schema/checkTimers";
import type { Literal, RecordType, Setting } from "../../schema/definition";
import { Failure, invalid, type Problem } from "../../schema/failure";
import { parseOffset } from "../../schema/offset";
import { guardingSettings } from "../../schema/power";
import { datetime, isoOf, marks } from "../store/database";
import { typesByName, typesInForce } from "../store/definitions";
import { settingsOf } from "../store/facts";
import { withBelow } from "../store/organisations";
import type { PowerRequestRow } from "../store/powerRequests";
import { problemKey } from "./checkPublish";
import { activeType } from "./pinned";
import { askPower, mustAsk } from "./power";
import { type Moved, rederive } from "./rederive";
import { mustAdminister, type Run } from "./run";

/**
 * Gives a figure another value in the acting organisation from a date on (default today): no publish is needed, and
 * every clock counted from it moves.
 * @throws FORBIDDEN, NOT_FOUND (type or setting), INVALID_INPUT.
 */
export async function setSetting(
  run: Run,
  input: { type: string; name: string; value: unknown; from?: string | null },
): Promise<Moved & { waits?: PowerRequestRow }> {
  mustAdminister(run);
  const { type } = activeType(run.registry, input.type).active;
  const setting = type.settings?.[input.name];
  if (!setting) throw new Failure("NOT_FOUND", `${type.label} has no setting “${input.name}”.`);
  const entries = (Array.isArray(input.value) ? input.value : [input.value]) as Literal[];
  const wrongShape = Array.isArray(input.value) !== Array.isArray(setting.value) || entries.length === 0;
  const problem = wrongShape
    ? Array.isArray(setting.value)
      ? "it is a list of at least one."
      : "it is one value, not a list."
    : (entries.map((entry) => settingProblem(setting.kind, entry)).find((each) => each !== undefined) ??
      directionProblem(setting, entries));
  if (problem) throw invalid([{ path: "value", message: `${setting.label}: ${problem}` }]);
  const from = input.from ?? run.today;
  await mustFit(run, type, { name: input.name, value: input.value as Literal | Literal[], from });
  if (guardingSettings(type, typesByName(run.registry)).has(input.name)) {
    if (await mustAsk(run)) {
      const deed = { kind: "setting", type: type.name, name: input.name, value: input.value, from } as const;
      const sentence = `Change the figure “${setting.label}”, by which ${type.label} is opened`;
      const [waits] = await askPower(run, [{ deed, sentence, roles: [] }]);
      return { moved: 0, done: true, ...(waits && { waits }) };
    }
    run.note({ kind: "settingChanged", detail: { type: type.name, setting: input.name } });
  }
  await run.tx.execute(
    `INSERT INTO setting_value (organisation, type, name, from_on, value, changed_by, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE value = VALUES(value), changed_by = VALUES(changed_by), changed_at = VALUES(changed_at)`,
    [
      run.organisation.id,
      type.name,
      input.name,
      from,
      JSON.stringify(input.value),
      run.identity.access.person,
      datetime(isoOf(run.machineNow)),
    ],
  );
  await bumpEdition(run, "settings_edition");
  return rederive(run, {
    kind: "figure",
    organisation: run.organisation.id,
    type: type.name,
    reason: `the setting “${setting.label}” changed`,
    from,
  });
}

/** A time before a date that came to lie after it would open what is overdue already. */
function directionProblem({ kind, value }: Setting, entries: Literal[]): string | undefined {
  if (kind !== "offset" && kind !== "offsets") return undefined;
  const signs = (of: Literal[]) => new Set(of.map((one) => Math.sign(parseOffset(String(one))?.n ?? 0)));
  const own = signs([value].flat());
  const given = signs(entries);
  if (own.has(-1) && !own.has(1) && given.has(1)) return "it counts back from its date, so it cannot lie after it.";
  if (own.has(1) && !own.has(-1) && given.has(-1)) return "it counts on from its date, so it cannot lie before it.";
  return undefined;
}

/**
 * A figure is held to what the definition's own would be held to, beside the other figures of this organisation: two steps
 * that become one, a cadence that stands still. @throws INVALID_INPUT.
 */
async function mustFit(
  { tx, registry, organisation }: Run,
  type: RecordType,
  { name, value, from }: { name: string; value: Literal | Literal[]; from: string },
): Promise<void> {
  const figures = await settingsOf(tx, organisation, type, from);
  const context = { roles: registry.roles, types: typesInForce(registry) };
  const problemsWith = (more: typeof figures): Problem[] => {
    const given = { ...figures, ...more };
    const settings = Object.entries(type.settings ?? {}).map(([each, setting]) => [
      each,
      { ...setting, value: given[each] ?? setting.value },
    ]);
    return checkType({ ...type, settings: Object.fromEntries(settings) as RecordType["settings"] & object }, context);
  };
  const known = new Set(problemsWith({}).map(problemKey));
  const caused = problemsWith({ [name]: value }).filter((problem) => !known.has(problemKey(problem)));
  if (caused.length)
    throw invalid(
      caused.slice(0, 5).map(({ message }) => ({
        path: "value",
        message: `${type.settings?.[name]?.label ?? name}: ${message}`,
      })),
    );
}

/** The next edition of a source, for the acting organisation and all below it. */
export async function bumpEdition(run: Run, edition: "settings_edition" | "calendar_edition"): Promise<void> {
  const ids = await withBelow(run.tx, run.organisation.id);
  run.afterCommit(() => run.world.announce("access"));
  await run.tx.execute(`UPDATE organisation SET ${edition} = ${edition} + 1 WHERE id IN (${marks(ids.length)})`, ids);
}
