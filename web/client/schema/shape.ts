// What clients trip over and no linter knows: checked on schema.graphql.
// Usage: tsx schema/shape.ts
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import {
  type GraphQLOutputType,
  buildSchema,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from "graphql";

const schema = buildSchema(readFileSync(new URL("../../../schema.graphql", import.meta.url), "utf8"));

/** Members of one union or interface that cannot be asked for a field in one selection, because it has two shapes. */
function* conflicts(): Generator<string> {
  for (const abstract of Object.values(schema.getTypeMap()).filter(isAbstractType)) {
    const first = new Map<string, { type: GraphQLOutputType; owner: string }>();
    const told = new Set<string>();
    for (const member of schema.getPossibleTypes(abstract)) {
      for (const { name, type } of Object.values(member.getFields())) {
        const before = first.get(name);
        if (!before) first.set(name, { type, owner: member.name });
        else if (!told.has(name) && !haveOneShape(before.type, type)) {
          told.add(name);
          yield `${abstract.name}: ${name} is ${before.type} in ${before.owner}, and ${type} in ${member.name}`;
        }
      }
    }
  }
}

/** The rule of GraphQL for fields that end up in one answer (SameResponseShape), before their own selections. */
function haveOneShape(one: GraphQLOutputType, other: GraphQLOutputType): boolean {
  if (isNonNullType(one) !== isNonNullType(other)) return false;
  const [a, b] = [getNullableType(one), getNullableType(other)];
  if (isListType(a) && isListType(b)) return haveOneShape(a.ofType, b.ofType);
  if (isListType(a) || isListType(b)) return false;
  return isLeafType(a) || isLeafType(b) ? a === b : true;
}

/** Relay's @refetchable takes a `node` with an `id` alone. */
function* nodeArguments(): Generator<string> {
  const names =
    schema
      .getQueryType()
      ?.getFields()
      ["node"]?.args.map(({ name }) => name) ?? [];
  const more = names.filter((name) => name !== "id");
  if (more.length > 0) yield `Query.node takes ${more.join(", ")} beside id`;
}

assert.deepEqual([...conflicts(), ...nodeArguments()], []);
console.log("ok  fields of one name have one shape wherever types meet, and node takes an id alone");
