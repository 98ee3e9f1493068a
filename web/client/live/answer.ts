// Whether an answer is what its document and the schema promise. The generated types come from the same two, so an
// answer without a fault has the type that TypeScript says it has.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
  Kind,
  assertObjectType,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  typeFromAST,
} from "graphql";

type Fields = Map<string, { name: string; selections: SelectionSetNode[] }>;
type Json = Record<string, unknown>;

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const SCALARS: Record<string, (value: unknown) => boolean> = {
  Boolean: (value) => typeof value === "boolean",
  DateTime: (value) => typeof value === "string" && DATE_TIME.test(value) && !Number.isNaN(Date.parse(value)),
  ID: (value) => typeof value === "string",
  Int: (value) => Number.isInteger(value),
  String: (value) => typeof value === "string",
};

/** What is wrong with the answer, as "path: what"; nothing, when it is as promised. */
export function faultsOf(schema: GraphQLSchema, document: DocumentNode, data: unknown): string[] {
  const operation = getOperationAST(document);
  if (!operation) throw new Error("the document has more than one operation, or none");
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation}`);
  const reader = new Reader(schema, document);
  reader.readObject(root, [operation.selectionSet], data, operation.name?.value ?? operation.operation);
  return reader.faults;
}

class Reader {
  readonly faults: string[] = [];
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor(schema: GraphQLSchema, document: DocumentNode) {
    this.#schema = schema;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
  }

  readObject(declared: GraphQLOutputType, selections: SelectionSetNode[], value: unknown, path: string) {
    if (!isObject(value)) return this.#fault(path, `no object: ${JSON.stringify(value)}`);
    const type = this.#typeOf(declared, value, path);
    if (!type) return;
    const asked: Fields = new Map();
    for (const selection of selections) this.#collect(type, selection, asked);
    for (const key of Object.keys(value)) if (!asked.has(key)) this.#fault(`${path}.${key}`, "was not asked for");
    for (const [key, field] of asked) {
      if (!(key in value)) this.#fault(`${path}.${key}`, "is missing");
      else if (field.name === "__typename") this.#readTypename(type, value[key], `${path}.${key}`);
      else this.#readField(type, field, value[key], `${path}.${key}`);
    }
  }

  #readField(
    parent: GraphQLObjectType,
    field: { name: string; selections: SelectionSetNode[] },
    value: unknown,
    path: string,
  ) {
    const definition = parent.getFields()[field.name];
    if (!definition) return this.#fault(path, `${parent.name} has no such field`);
    this.#readValue(definition.type, field.selections, value, path);
  }

  #readValue(type: GraphQLOutputType, selections: SelectionSetNode[], value: unknown, path: string): void {
    if (isNonNullType(type)) {
      if (value === null) return this.#fault(path, `null for ${type}`);
      return this.#readValue(type.ofType, selections, value, path);
    }
    if (value === null) return;
    if (isListType(type)) {
      if (!Array.isArray(value)) return this.#fault(path, "no list");
      return value.forEach((item, at) => this.#readValue(type.ofType, selections, item, `${path}.${at}`));
    }
    if (!isLeafType(type)) return this.readObject(type, selections, value, path);
    const isSound = isEnumType(type) ? type.getValue(String(value)) !== undefined : SCALARS[type.name]?.(value);
    if (!isSound) this.#fault(path, `no ${type}: ${JSON.stringify(value)}`);
  }

  #readTypename(type: GraphQLObjectType, value: unknown, path: string) {
    if (value !== type.name) this.#fault(path, `${JSON.stringify(value)} for ${type.name}`);
  }

  /** The type that an object has, by its `__typename` where several are possible. */
  #typeOf(declared: GraphQLOutputType, value: Json, path: string): GraphQLObjectType | undefined {
    const named = getNamedType(declared);
    if (!isAbstractType(named)) return assertObjectType(named);
    const found = this.#schema.getPossibleTypes(named).find((type) => type.name === value["__typename"]);
    if (!found) this.#fault(path, `${JSON.stringify(value["__typename"])} is no ${named.name}`);
    return found;
  }

  #collect(type: GraphQLObjectType, selection: SelectionSetNode | SelectionNode, asked: Fields): void {
    switch (selection.kind) {
      case Kind.SELECTION_SET:
        return selection.selections.forEach((inner) => this.#collect(type, inner, asked));
      case Kind.FIELD: {
        const key = selection.alias?.value ?? selection.name.value;
        const field = asked.get(key) ?? { name: selection.name.value, selections: [] };
        if (selection.selectionSet) field.selections.push(selection.selectionSet);
        asked.set(key, field);
        return;
      }
      case Kind.INLINE_FRAGMENT:
        return this.#collectFragment(type, selection.typeCondition, selection.selectionSet, asked);
      case Kind.FRAGMENT_SPREAD: {
        const fragment = this.#fragments.get(selection.name.value);
        if (!fragment) throw new Error(`the document lacks the fragment ${selection.name.value}`);
        return this.#collectFragment(type, fragment.typeCondition, fragment.selectionSet, asked);
      }
    }
  }

  #collectFragment(
    type: GraphQLObjectType,
    condition: FragmentDefinitionNode["typeCondition"] | undefined,
    selectionSet: SelectionSetNode,
    asked: Fields,
  ) {
    const wanted = condition ? typeFromAST(this.#schema, condition) : type;
    const applies = wanted === type || (isAbstractType(wanted) && this.#schema.isSubType(wanted, type));
    if (applies) this.#collect(type, selectionSet, asked);
  }

  #fault(path: string, what: string) {
    this.faults.push(`${path}: ${what}`);
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
