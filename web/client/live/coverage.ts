import assert from "node:assert/strict";
import { type DocumentNode, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import * as generated from "../generated/gql/graphql";
import { Caller, isOperation, nameOf, schema } from "./caller";
import { tell } from "./example";

const operations: DocumentNode[] = Object.values(generated).filter(isOperation);

/** Fails where the schema has something to ask for that no operation asks for. */
export function everyRootFieldIsUsed() {
  const used = new Set(operations.flatMap(rootFieldsOf));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const all = roots.flatMap((root) => Object.keys(root?.getFields() ?? {}).map((field) => `${root?.name}.${field}`));
  assert.deepEqual(
    all.filter((field) => !used.has(field)),
    [],
    "root fields that no operation in operations/ asks for",
  );
  tell(`${operations.length} operations ask for all ${all.length} root fields`);
}

/** Fails where an operation has a type, and nobody has looked whether the server keeps it. */
export function everyOperationWasAsked() {
  const left = operations.map(nameOf).filter((name) => !Caller.asked.has(name));
  assert.deepEqual(left, [], "operations that were not run");
  tell("every operation was run, and every answer is of its type");
}

function rootFieldsOf(document: DocumentNode): string[] {
  const found: string[] = [];
  const types = new TypeInfo(schema);
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const Field = {
    enter(node: { name: { value: string } }) {
      const parent = types.getParentType();
      if (parent && [...roots].some((root) => root === parent)) found.push(`${parent.name}.${node.name.value}`);
    },
  };
  visit(document, visitWithTypeInfo(types, { Field }));
  return found;
}
