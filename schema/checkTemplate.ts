/** Liquid templates: whether they parse, and which names they read. */
import { engine } from "./templates";

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

/** Why a template does not parse, in liquid's words; undefined where it does. */
export function templateProblem(template: string): string | undefined {
  try {
    paths(template);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
