/**
 * Definitions as a typed API: object, filter, sort, inputs, connection, counts and one mutation per action of each
 * record type, as plain graphql-js configuration around the static types' own instances. Rebuilt whole on a publish.
 */
import "reflect-metadata";
import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLEnumValueConfigMap,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  type GraphQLInputFieldConfigMap,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLString,
} from "graphql";
import { keepsViews } from "../../schema/access";
import type { Field, RecordType } from "../../schema/definition";
import { isEmpty, filterOf, isSortable, kindOf, isSensitive, lendsItself } from "../../schema/fields";
import { textLength } from "../../schema/parseValue";
import { pascal, snake } from "../../schema/text";
import { isEvent } from "../../schema/who";
import type { Registry, TypeVersions } from "../store/definitions";
import type { ReadRow } from "../store/recordQuery";
import { ANSWERS, type Bound, LONG_TEXT, SEARCH } from "./bounds";
import { type Context, nextField } from "./context";
import { filterTypes, idFilter, referenceText } from "./filterInput";
import * as resolve from "./recordResolvers";
import { CAPPED_HELP, COUNT_HELP } from "./pageInfo";
import { DateScalar, DateTime, Json, PartialDateScalar } from "./scalars";
import { subscription } from "./live";
import { inForceName, versionsName } from "./selection";

type Source = ReadRow;
type OutputFields = GraphQLFieldConfigMap<Source, Context>;
type RootFields = GraphQLFieldConfigMap<unknown, Context>;

const need = <T extends GraphQLOutputType | GraphQLInputType>(type: T): GraphQLNonNull<never> =>
  new GraphQLNonNull(type as never) as GraphQLNonNull<never>;
const listOf = (type: GraphQLNamedType): GraphQLNonNull<never> =>
  need(new GraphQLList(need(type as GraphQLObjectType)));

/** The whole API: the static schema and, for each published type, its own. */
export function wholeSchema(base: GraphQLSchema, registry: Registry): GraphQLSchema {
  const config = base.toConfig();
  const types = new Map<string, GraphQLObjectType>();
  const query: RootFields = {};
  const mutation: RootFields = {};
  for (const versions of registry.types.values()) {
    const made = recordTypes(base, versions, (name) => types.get(name));
    types.set(versions.active.type.name, made.object);
    Object.assign(query, made.query);
    Object.assign(mutation, made.mutation);
  }
  return new GraphQLSchema({
    ...config,
    query: extended(config.query, query),
    mutation: extended(config.mutation, mutation, numbered),
    subscription,
    types: config.types.filter((type) => type !== config.query && type !== config.mutation),
  });
}

function extended(
  root: GraphQLObjectType | null | undefined,
  more: RootFields,
  each: (field: RootFields[string]) => RootFields[string] = (field) => field,
): GraphQLObjectType | null {
  if (!root) return null;
  const config = root.toConfig();
  const fields = Object.entries({ ...(config.fields as RootFields), ...more });
  return new GraphQLObjectType({ ...config, fields: Object.fromEntries(fields.map(([name, it]) => [name, each(it)])) });
}

/** A mutation that begins its own numbers of the request's key (`nextField`), whatever comes of those before it. */
function numbered(field: RootFields[string]): RootFields[string] {
  const { resolve: change } = field;
  if (!change) return field;
  return {
    ...field,
    resolve: (source, args, context, info) => {
      nextField(context);
      return change(source, args, context, info) as unknown;
    },
  };
}

export interface RecordApi {
  object: GraphQLObjectType;
  query: RootFields;
  mutation: RootFields;
}

/** Everything generated for one type. `other` finds the object of another record type once all are made. */
export function recordTypes(
  base: GraphQLSchema,
  versions: TypeVersions,
  other: (name: string) => GraphQLObjectType | undefined,
): RecordApi {
  const { type } = versions.active;
  const all = [...versions.versions.values()].map((version) => version.type);
  const Name = pascal(type.name);
  const shared = (name: string): GraphQLObjectType => base.getType(name) as GraphQLObjectType;
  const stateEnum = enumOf(`${Name}State`, statesOf(all));

  const object: GraphQLObjectType = new GraphQLObjectType<Source, Context>({
    name: Name,
    description: type.help ?? type.label,
    fields: () => ({
      ...common(shared, stateEnum),
      ...(keepsViews(type) ? viewsField(shared) : {}),
      ...Object.fromEntries(
        Object.entries(type.fields).flatMap(([name, field]) => outputs(type, name, field, shared, other)),
      ),
    }),
  });

  const filter: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: `${Name}Filter`,
    description: "All of these must hold.",
    fields: () => ({
      and: { type: new GraphQLList(need(filter)) },
      or: { type: new GraphQLList(need(filter)) },
      not: { type: filter },
      id: { type: idFilter },
      state: {
        type: new GraphQLInputObjectType({
          name: `${Name}StateFilter`,
          fields: { eq: { type: stateEnum }, ne: { type: stateEnum }, in: { type: new GraphQLList(need(stateEnum)) } },
        }),
      },
      reference: { type: referenceText },
      createdAt: { type: filterTypes.dateTime },
      updatedAt: { type: filterTypes.dateTime },
      createdBy: { type: filterTypes.reference },
      ...Object.fromEntries(
        Object.entries(type.fields).flatMap(([name, field]) => {
          const kind = filterOf(field);
          return kind ? [[name, { type: filterTypes[kind], description: field.label }]] : [];
        }),
      ),
    }),
  });

  const sort = enumOf(`${Name}Sort`, sortsOf(type));
  const groupBy = enumOf(`${Name}GroupBy`, groupsOf(type));
  const connection = new GraphQLObjectType<resolve.ListSource, Context>({
    name: `${Name}Connection`,
    fields: () => ({
      nodes: { type: listOf(object) },
      pageInfo: { type: need(shared("PageInfo")) },
      totalCount: {
        type: need(GraphQLInt),
        description: COUNT_HELP,
        resolve: resolve.totalCount(type),
      },
      totalCountCapped: {
        type: need(GraphQLBoolean),
        description: CAPPED_HELP,
        resolve: resolve.totalCountCapped(type),
      },
    }),
  });

  const query: RootFields = {
    [type.name]: {
      type: object,
      description: `One ${type.label.toLowerCase()}, null where there is none or it may not be seen.`,
      args: { id: { type: need(GraphQLID) } },
      resolve: resolve.one(type),
    },
    [type.plural]: {
      type: need(connection),
      description: `${type.pluralLabel} that may be seen. \`first\` is at most 200; page on with \`after\`, or \`offset\`.`,
      args: {
        filter: { type: filter },
        sort: { type: new GraphQLList(need(sort)) },
        first: { type: GraphQLInt, defaultValue: 25 },
        after: { type: GraphQLString },
        offset: { type: GraphQLInt },
        search: {
          type: GraphQLString,
          description: "Words in the title or reference.",
          extensions: { bound: SEARCH },
        },
      },
      resolve: resolve.list(type),
    },
    [`${type.name}Counts`]: {
      type: listOf(shared("Count")),
      description: `How many ${type.pluralLabel.toLowerCase()} stand at each value.${type.confidential ? " For those who may read all of them." : ""}`,
      args: {
        by: { type: need(groupBy) },
        filter: { type: filter },
        search: { type: GraphQLString, extensions: { bound: SEARCH } },
      },
      resolve: resolve.counts(type),
    },
  };
  return { object, query, mutation: mutationsOf(base, type, all, Name, object) };
}

function common(shared: (name: string) => GraphQLObjectType, state: GraphQLEnumType): OutputFields {
  const person = shared("Person");
  return {
    id: { type: need(GraphQLID) },
    organisation: { type: need(GraphQLID) },
    reference: { type: need(GraphQLString) },
    recordTitle: { type: need(GraphQLString), description: "What the record is called." },
    version: { type: need(GraphQLInt), description: "Counts changes: send it back as expectedVersion." },
    definitionVersion: { type: need(GraphQLInt), description: "The version of its definition it works by." },
    state: { type: need(state) },
    createdAt: { type: need(DateTime) },
    updatedAt: { type: need(DateTime) },
    createdBy: { type: person, resolve: (row) => row.people["createdBy"] ?? null },
    tasks: {
      type: listOf(shared("Task")),
      args: { state: { type: stateArg(shared("TaskState")) } },
      resolve: resolve.tasks,
    },
    timers: {
      type: listOf(shared("Timer")),
      args: { state: { type: stateArg(shared("TimerState")) } },
      resolve: resolve.timers,
    },
    history: {
      type: listOf(shared("History")),
      description:
        "Newest first; `before` a sequence number. Fewer than `first` where they are long: go on `before` the last, down to 1. `whole`: long texts are not shortened.",
      args: {
        first: { type: GraphQLInt, defaultValue: 50 },
        before: { type: GraphQLInt },
        whole: { type: GraphQLBoolean, defaultValue: false },
      },
      resolve: resolve.history,
    },
    notices: { type: listOf(shared("Notice")), resolve: resolve.notices },
    findings: { type: listOf(shared("Finding")), resolve: resolve.findings },
    permissions: { type: need(shared("Permissions")), extensions: { cost: 40 }, resolve: resolve.permissions },
    availableActions: {
      type: listOf(shared("AvailableAction")),
      extensions: { cost: 40 },
      resolve: resolve.availableActions,
    },
    warnings: { type: listOf(shared("Advice")), extensions: { cost: 20 }, resolve: resolve.warnings },
  };
}

const viewsField = (shared: (name: string) => GraphQLObjectType): OutputFields => ({
  views: {
    type: need(shared("ViewConnection")),
    description: "Who read it and when, newest first: at most once for each person and ten minutes.",
    args: { first: { type: GraphQLInt, defaultValue: 25 }, after: { type: GraphQLString } },
    extensions: { cost: 10 },
    resolve: resolve.views,
  },
});

const stateArg = (type: GraphQLNamedType): GraphQLEnumType => type as GraphQLEnumType;

type Output = [string, GraphQLFieldConfig<Source, Context>];

function outputs(
  type: RecordType,
  name: string,
  field: Field,
  shared: (name: string) => GraphQLObjectType,
  other: (name: string) => GraphQLObjectType | undefined,
): Output[] {
  const about = { description: field.help ? `${field.label}: ${field.help}` : field.label };
  const value = (row: Source) => row.fields[name] ?? null;
  if (field.sealed)
    return [
      [
        name,
        {
          type: need(GraphQLBoolean),
          description: `${about.description} Sealed: this says whether one is held, openSealed what it is.`,
          resolve: (row) => !isEmpty(row.fields[name]),
        },
      ],
    ];
  switch (field.kind) {
    case "person":
      return [
        [
          name,
          {
            ...about,
            type: shared("Person"),
            resolve: isSensitive(field) ? resolve.person(name) : (row) => row.people[name] ?? null,
          },
        ],
      ];
    case "people":
      return [[name, { ...about, type: listOf(shared("Person")), resolve: resolve.people(name) }]];
    case "link":
    case "links": {
      const target = other(field.to);
      // A type that was never published has no records to link to.
      if (!target)
        return [
          [
            name,
            {
              ...about,
              type: field.kind === "link" ? GraphQLID : listOf(GraphQLID),
              resolve: field.kind === "link" ? value : (row) => row.fields[name] ?? [],
            },
          ],
        ];
      return field.kind === "link"
        ? [[name, { ...about, type: target, resolve: resolve.link(name, field.to) }]]
        : [[name, { ...about, type: listOf(target), resolve: resolve.links(name, field.to) }]];
    }
    case "document": {
      const text = shared("DocumentText");
      return [
        [
          name,
          {
            ...about,
            type: text,
            description: `${about.description} The latest version.`,
            resolve: resolve.document(name),
          },
        ],
        [
          inForceName(name),
          { type: text, description: `${field.label}: the version in force.`, resolve: resolve.documentInForce(name) },
        ],
        [
          versionsName(name),
          {
            type: listOf(text),
            description: `${field.label}: every version, newest first.`,
            extensions: { cost: 10 },
            resolve: resolve.documentVersions(name),
          },
        ],
      ];
    }
    case "file":
      return [[name, { ...about, type: shared("FileInfo"), resolve: resolve.file(name) }]];
    case "files":
      return [[name, { ...about, type: listOf(shared("FileInfo")), resolve: resolve.files(name) }]];
    case "riskGrid":
      return [[name, { ...about, type: shared("RiskGrid"), resolve: value }]];
    case "choices":
      return [[name, { ...about, type: listOf(GraphQLString), resolve: (row) => row.fields[name] ?? [] }]];
    default:
      return [
        [name, { ...about, type: scalarOf(kindOf(field).graphql(field).output) as GraphQLOutputType, resolve: value }],
      ];
  }
}

const scalars: Record<string, GraphQLInputType & GraphQLOutputType> = {
  String: GraphQLString,
  Float: GraphQLFloat,
  Boolean: GraphQLBoolean,
  ID: GraphQLID,
  Date: DateScalar,
  PartialDate: PartialDateScalar,
  DateTime,
  JSON: Json,
};

/** "[String!]" and the like, of the names in the kind table. */
function scalarOf(name: string): GraphQLInputType & GraphQLOutputType {
  const inner = /^\[(\w+)!\]$/.exec(name)?.[1];
  if (inner) return new GraphQLList(need(scalarOf(inner)));
  const scalar = scalars[name];
  if (!scalar) throw new Error(`No type of the API is called ${name}.`);
  return scalar;
}

function inputs(base: GraphQLSchema, fields: [string, Field][]): GraphQLInputFieldConfigMap {
  return Object.fromEntries(
    fields.map(([name, field]) => {
      const input = kindOf(field).graphql(field).input;
      const type = input === "RiskGridInput" ? (base.getType(input) as GraphQLInputObjectType) : scalarOf(input);
      const description = field.help ? `${field.label}: ${field.help}` : field.label;
      return [name, { type, description, extensions: { bound: boundOfField(field) } }];
    }),
  );
}

/** The kind itself says, in its words, how much a field takes: this only ends what no field takes. */
function boundOfField(field: Field): Partial<Bound> {
  switch (field.kind) {
    case "text":
      return { length: Math.max(10_000, 2 * textLength(field)) };
    case "longText":
    case "document":
      return LONG_TEXT;
    case "list":
      return { ...ANSWERS, depth: 4 };
    default:
      return {};
  }
}

function mutationsOf(
  base: GraphQLSchema,
  type: RecordType,
  all: RecordType[],
  Name: string,
  object: GraphQLObjectType,
): RootFields {
  const result = need(object);
  const editable = Object.entries(type.fields).filter(([, field]) => field.editable !== false);
  const written = (verb: string) =>
    need(new GraphQLInputObjectType({ name: `${verb}${Name}Input`, fields: inputs(base, editable) }));
  const mutations: RootFields = {};
  if (editable.length) {
    mutations[`create${Name}`] = {
      type: result,
      args: { input: { type: written("Create") } },
      resolve: resolve.create(type),
    };
    mutations[`update${Name}`] = {
      type: result,
      description: "Fields nobody else has touched since are merged; a clash is STALE.",
      args: {
        id: { type: need(GraphQLID) },
        expectedVersion: { type: need(GraphQLInt) },
        input: { type: written("Update") },
        reason: { type: GraphQLString },
      },
      resolve: resolve.update(type),
    };
  }
  for (const [action, form] of formsOf(type, all)) {
    const input = inputs(base, form.fields);
    if (form.ratifies)
      input["textHash"] = {
        type: need(GraphQLString),
        description: "Hash of the text as it was read: that version comes into force.",
      };
    const name = `${action}${Name}`;
    const inputType = new GraphQLInputObjectType({ name: `${pascal(action)}${Name}Input`, fields: input });
    mutations[name] = {
      type: result,
      description: form.help ? `${form.label}: ${form.help}` : form.label,
      args: {
        id: { type: need(GraphQLID) },
        expectedVersion: { type: GraphQLInt },
        ...(Object.keys(input).length ? { input: { type: form.ratifies ? need(inputType) : inputType } } : {}),
        comment: { type: GraphQLString },
      },
      resolve: resolve.action(type, action),
    };
  }
  return mutations;
}

interface ActionForm {
  label: string;
  help: string | undefined;
  ratifies: boolean;
  fields: [string, Field][];
}

/** Every action of any version with living records, its form the union of what they ask; the newest says how. */
function formsOf(active: RecordType, all: RecordType[]): Map<string, ActionForm> {
  const forms = new Map<string, ActionForm>();
  for (const type of [active, ...all])
    for (const [name, action] of Object.entries(type.actions)) {
      if (isEvent(action)) continue;
      const known = forms.get(name);
      const fields = new Map(known?.fields);
      for (const item of action.form ?? []) {
        const field = action.asks?.[item] ?? active.fields[item];
        if (field && !fields.has(item)) fields.set(item, field);
      }
      forms.set(name, {
        label: known?.label ?? action.label,
        help: known ? known.help : action.help,
        ratifies: (known?.ratifies ?? false) || action.ratifies !== undefined,
        fields: [...fields],
      });
    }
  return forms;
}

const enumOf = (name: string, values: GraphQLEnumValueConfigMap): GraphQLEnumType =>
  new GraphQLEnumType({ name, values });

function statesOf(all: RecordType[]): GraphQLEnumValueConfigMap {
  const values: GraphQLEnumValueConfigMap = {};
  for (const type of all)
    for (const [name, state] of Object.entries(type.states)) values[name] = { value: name, description: state.label };
  return values;
}

function sortsOf(type: RecordType): GraphQLEnumValueConfigMap {
  const sortable = Object.entries(type.fields).flatMap(([name, field]) => (isSortable(field) ? [name] : []));
  const values: GraphQLEnumValueConfigMap = {};
  for (const field of ["recordTitle", "reference", "createdAt", "updatedAt", "state", ...sortable])
    for (const way of ["ASC", "DESC"] as const)
      values[`${snake(field).toUpperCase()}_${way}`] = { value: { field, desc: way === "DESC" } };
  return values;
}

function groupsOf(type: RecordType): GraphQLEnumValueConfigMap {
  const fields = Object.entries(type.fields).filter(([, field]) => lendsItself(field, "counted") && filterOf(field));
  return Object.fromEntries([
    ["STATE", { value: "state" }],
    ...fields.map(([name]) => [snake(name).toUpperCase(), { value: name }]),
  ]) as GraphQLEnumValueConfigMap;
}
