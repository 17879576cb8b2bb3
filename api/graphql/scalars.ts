/**
 * Text passes through: instants, dates and JSON are plain data everywhere inside. What a date must look like is said by
 * the engine, with the path of the answer, so the scalars refuse only what is no text at all.
 */
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from "graphql";

function text(name: string, description: string): GraphQLScalarType<string, string> {
  const asText = (value: unknown): string => {
    if (typeof value === "string" && value.length <= 64) return value;
    throw new GraphQLError(`${name} is written as text, as in ${JSON.stringify(examples[name])}.`);
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => value as string,
    parseValue: asText,
    parseLiteral: (node) => asText(node.kind === Kind.STRING ? node.value : undefined),
  });
}

const examples: Record<string, string> = {
  DateTime: "2026-10-31T08:00:00.000Z",
  Date: "2026-10-31",
  PartialDate: "2026-10",
};

export const DateTime = text("DateTime", "An instant in UTC: 2026-10-31T08:00:00.000Z.");
export const DateScalar = text("Date", "A day: 2026-10-31.");
export const PartialDateScalar = text("PartialDate", "A day, a month or a year: 2026-10-31, 2026-10, 2026.");

export const Json = new GraphQLScalarType<unknown, unknown>({
  name: "JSON",
  description: "Any JSON value.",
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
