/** Liquid templates: whether they parse, which names they read, and that they do nothing but show values. */
import { engine, MAX_TEMPLATE } from "./templates";

/** Dotted paths of the variables a template reads ("policy.title"); undefined where it does not parse. */
export function templateNames(template: string): string[] | undefined {
  try {
    return paths(template);
  } catch {
    return undefined;
  }
}

function paths(template: string): string[] {
  return engine
    .globalVariableSegmentsSync(engine.parse(template))
    .map((segments) => segments.filter((segment) => typeof segment === "string").join("."));
}

/** Why a template cannot be used, in liquid's words or ours; undefined where it can. */
export function templateProblem(template: string): string | undefined {
  if (template.length > MAX_TEMPLATE) return `it is longer than ${MAX_TEMPLATE.toLocaleString("en-GB")} characters`;
  try {
    paths(template);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const tag = /tag "([^"]*)" not found/.exec(said)?.[1];
    if (tag !== undefined) return `a template has no {% ${tag} %}: it shows values, with if, unless, case and for`;
    const filter = /undefined filter: (\w+)/.exec(said)?.[1];
    return filter === undefined ? said : `a template has no filter “${filter}”`;
  }
  const inTags = template.split(/\{[{%]/).map((part, at) => (at === 0 ? "" : (part.split(/[}%]\}/, 1)[0] ?? "")));
  if (inTags.some((tag) => tag.replace(/"[^"]*"|'[^']*'/g, "").includes("..")))
    return "it counts from one number to another: a “for” goes over a field";
  return undefined;
}
