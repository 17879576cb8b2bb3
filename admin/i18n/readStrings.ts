/** Reads a source for what it says to people: the sentences that go through `t` and `plural`, and those that do not. */
import { parseSync } from "@swc/core";
import { keyOf } from "./t";

export interface Said {
  key: string;
  /** The sentence for one, where it counts. */
  one?: string;
}

export interface Reading {
  said: Said[];
  /** "12: what is wrong". */
  wrong: string[];
}

type Node = Record<string, unknown> & { type: string };
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Attributes whose words somebody sees or hears, of elements and of our own components. */
const SHOWN = new Set([
  "alt",
  "aria-description",
  "aria-label",
  "aria-roledescription",
  "aria-valuetext",
  "data-label",
  "empty",
  "help",
  "label",
  "legend",
  "none",
  "notice",
  "nothing",
  "placeholder",
  "title",
  "words",
]);
const BRAND = "Duly";
const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text) && text.trim() !== BRAND;
const withoutBlanks = (text: string): string => text.replace(/\{\d+\}/g, "");
/** Written for people: a word with a capital and what follows one in a sentence, or words after a value. Code has braces. */
const readsAsSentence = (text: string): boolean =>
  hasWords(text) &&
  !/[{}]/.test(withoutBlanks(text)) &&
  (/^[“(]?(\p{Lu}\p{Ll}*|\p{Lu}+)(-\p{Ll}+)?([ ,:!?’”]|[.…]($| )|$)/u.test(text)
    ? /\p{Ll}/u.test(text)
    : /^\{0\} \p{Ll}{2,}/u.test(text));

const functions = new Set([
  "ArrowFunctionExpression",
  "ClassMethod",
  "FunctionDeclaration",
  "FunctionExpression",
  "MethodProperty",
]);

/** What one of its parts comes to is what they come to. */
const passesOn = new Set(["ConditionalExpression", "BinaryExpression", "ParenthesisExpression", "TemplateLiteral"]);

/** What a source says, and what it says past `t`. */
export function readStrings(source: string, jsx = true): Reading {
  const reading: Reading = { said: [], wrong: [] };
  const bytes = Buffer.from(source);
  const lineOf = ({ span }: Node): number =>
    bytes
      .subarray(0, (span as { start: number }).start - 1)
      .toString()
      .split("\n").length;
  const wrong = (node: Node, words: string, why: string) =>
    reading.wrong.push(`${lineOf(node)}: “${words.trim()}” ${why}`);
  const textOf = (node: unknown): string | undefined => {
    if (!isNode(node)) return undefined;
    if (node.type === "StringLiteral") return String(node["value"]);
    const quasis = node.type === "TemplateLiteral" ? (node["quasis"] as { cooked: string }[]) : undefined;
    return quasis && keyOf(quasis.map(({ cooked }) => cooked));
  };
  const past = "does not go through `t`";

  /** `shown`: what the node comes to stands on the page as it is. */
  function walk(node: Node, parent: Node, inFunction: boolean, shown = false): void {
    const inside = inFunction || functions.has(node.type);
    if (node.type === "TaggedTemplateExpression" && (node["tag"] as Node)["value"] === "t") {
      const template = node["template"] as Node;
      reading.said.push({ key: textOf(template) ?? "" });
      if (!inFunction)
        wrong(node, textOf(template) ?? "", "is said before the language is known: say it in a function");
      return eachChild(template, inside, true);
    }
    if (node.type === "CallExpression" && (node["callee"] as Node)["value"] === "plural") {
      const [, one, other, ...values] = (node["arguments"] as { expression: Node }[]).map(
        ({ expression }) => expression,
      );
      const [single, many] = [textOf(one), textOf(other)];
      if (one?.type === "StringLiteral" && other?.type === "StringLiteral" && single && many)
        reading.said.push({ key: many, one: single });
      else wrong(node, "plural", "needs its two sentences as they stand");
      return values.forEach((value) => walk(value, node, inside, true));
    }
    if (node.type === "JSXText" && hasWords(String(node["value"]))) wrong(node, String(node["value"]), past);
    else if (node.type === "JSXAttribute") {
      const { value } = node;
      const name = String((node["name"] as Node)["value"]);
      const held = isNode(value) && value.type === "JSXExpressionContainer" ? value["expression"] : value;
      const text = textOf(held);
      const seen = SHOWN.has(name);
      if (text === undefined) return isNode(held) ? walk(held, node, inside, seen) : undefined;
      if (seen && hasWords(withoutBlanks(text))) wrong(node, text, past);
      return isNode(held) && held.type === "TemplateLiteral" ? eachChild(held, inside) : undefined;
    } else if (isSpoken(node, parent)) {
      const text = textOf(node);
      if (text !== undefined && (shown ? hasWords(withoutBlanks(text)) : readsAsSentence(text)))
        wrong(node, text, past);
    }
    const onPage =
      node.type === "JSXExpressionContainer" && parent.type.startsWith("JSX") && parent.type !== "JSXAttribute";
    eachChild(node, inside, onPage || (shown && passesOn.has(node.type)));
  }
  function eachChild(node: Node, inFunction: boolean, shown = false): void {
    for (const value of Object.values(node))
      for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
        // An argument or an element of a list stands in a wrapper without a type.
        const child: unknown = isNode(each) ? each : (each as { expression?: unknown } | null)?.expression;
        if (isNode(child)) walk(child, node, inFunction, shown && child !== node["test"]);
      }
  }
  const program = parseSync(source, { syntax: "typescript", tsx: jsx });
  const root: Node = { type: "Module", body: program.body };
  eachChild(root, false);
  return reading;
}

/** Not what is compared, imported, looked up, or a type. */
function isSpoken(node: Node, parent: Node): boolean {
  if (node.type !== "StringLiteral" && node.type !== "TemplateLiteral") return false;
  if (parent.type === "BinaryExpression") return !String(parent["operator"]).includes("==");
  if (/^(Import|Export|Ts.*Type|TsLiteral|TsEnum|SwitchCase|MemberExpression|Computed)/.test(parent.type)) return false;
  if (parent.type === "KeyValueProperty" && parent["key"] === node) return false;
  if (parent.type !== "CallExpression" && parent.type !== "NewExpression") return true;
  const callee = parent["callee"] as Node;
  const called = (callee["property"] as Node | undefined)?.["value"] ?? callee["value"];
  return !["RegExp", "replace", "querySelector", "querySelectorAll", "matches"].includes(String(called));
}
