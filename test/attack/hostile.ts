/** What somebody may put into a place to do harm: beyond its bound, or within it and odd. */
import {
  getNamedType,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from "graphql";
import type { Place } from "./places";

export interface Hostile {
  kind: string;
  /** Must be refused as INVALID_INPUT, at its argument. Else it may be taken, or refused with any code but INTERNAL. */
  beyond: boolean;
  value: unknown;
}

/** The most that a request's body holds: what is larger is refused by its size. */
const MAX_BODY = 1_000_000;

const texts: Record<string, string> = {
  "three thousand quotations": ">".repeat(3_000),
  "a thousand links": "[](".repeat(1_000),
  "nested emphasis": `${"*a **b ".repeat(500)}`,
  "the address of a slot": "https://00000000000000000000000000000000.invalid/0/",
  "an old placeholder": "{{link:guest:01ARZ3NDEKTSV4RRFFQ69G5FAV}} duly-link-0 %LINK%",
  "tags of a template": "{{ record.title }}{% include '/etc/passwd' %}{% for i in (1..99999999) %}{{ i }}{% endfor %}",
  __proto__: "__proto__",
  constructor: "constructor",
  "quotes of SQL": "'\"`; DROP TABLE person; -- \\",
  "a range of LIKE": "%_%_%_%_%_%_%_%_%_%_%_%_%_\\",
  "a formula": '＝HYPERLINK("http://example.invalid")',
  "a header": "x\r\nBcc: a@example.invalid",
  "marks of direction": "\u202e\u2066txt.exe\u2069",
  "combining marks": `e${"\u0301".repeat(2_000)}`,
  emoji: "👩‍👩‍👧‍👧".repeat(200),
};
const unstorable: Record<string, string> = { NUL: "a\0b", "half a character": "a\ud800b" };

const nested = (levels: number): unknown => (levels ? { a: nested(levels - 1) } : 1);
const ownProto: unknown = JSON.parse('{"__proto__":{"admin":true}}');

/** Every hostile thing that may stand at a place. */
export function hostileAt({ type, bound }: Place): Hostile[] {
  const found: Hostile[] = [];
  const odd = (kind: string, value: unknown) => found.push({ kind, beyond: false, value });
  const beyond = (kind: string, value: unknown) => found.push({ kind, beyond: true, value });
  const list = isList(type);
  const put = (value: unknown): unknown => (list ? [value] : value);
  const inner = getNamedType(type);
  odd("null", null);
  if (list) {
    beyond("one item more than it takes", Array(bound.items + 1).fill(small(inner)));
    beyond("ten times its items", Array(bound.items * 10).fill(small(inner)));
  }
  if (isInputObjectType(inner)) {
    odd("a key of every object", put({ constructor: 1, toString: 1, hasOwnProperty: 1 }));
    odd("a prototype", put(ownProto));
    return found;
  }
  if (!isScalarType(inner) && !isEnumType(inner)) return found;
  if (inner.name === "Boolean") {
    odd("a text", put("true"));
    return found;
  }
  if (inner.name === "Int" || inner.name === "Float") {
    for (const value of [-1, 2 ** 31, -(2 ** 31) - 1, 1e300, 0.5, "1"]) odd(`the number ${String(value)}`, put(value));
    return found;
  }
  if (inner.name === "JSON") {
    beyond("one level more than it takes", put(nested(bound.depth + 1)));
    beyond("ten times its levels", put(nested(bound.depth * 10)));
    const width = Math.min(bound.items, 1_000);
    beyond("more values than it takes", put(Array(Math.ceil(bound.nodes / width) + 1).fill(Array(width).fill(1))));
    beyond("one item more than it takes", put(Array(bound.items + 1).fill(1)));
    beyond("a long key", put({ ["k".repeat(201)]: 1 }));
    beyond("a prototype", put({ a: ownProto }));
    if (bound.length < MAX_BODY) beyond("a longer text than it takes", put({ a: "x".repeat(bound.length + 1) }));
    for (const [kind, text] of Object.entries(unstorable)) beyond(kind, put({ a: text }));
    for (const [kind, text] of Object.entries(texts)) odd(kind, put({ [text.slice(0, 100)]: text, title: text }));
    odd("a text", put("text"));
    odd("a key of every object", put({ constructor: "x", toString: [1] }));
    return found;
  }
  if (bound.length < MAX_BODY) beyond("one unit more than it takes", put("x".repeat(bound.length + 1)));
  beyond("ten times its length", put("x".repeat(Math.min(bound.length * 10, MAX_BODY * 2))));
  if (bound.word < bound.length) beyond("a longer word than it takes", put("x".repeat(bound.word + 1)));
  for (const [kind, text] of Object.entries(unstorable)) beyond(kind, put(text));
  for (const [kind, text] of Object.entries(texts)) odd(kind, put(text.slice(0, bound.length)));
  odd("nothing", put(""));
  odd("an object", put({ a: 1 }));
  return found;
}

const isList = (type: GraphQLInputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

function small(type: ReturnType<typeof getNamedType>): unknown {
  if (isInputObjectType(type)) return {};
  return isScalarType(type) && (type.name === "Int" || type.name === "Float") ? 1 : "x";
}
