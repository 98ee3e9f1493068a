// What the comparison with the released schema refuses, and what it lets pass: changes planted in a copy.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, print, visit } from "graphql";
import { judge } from "./verdict";

const released = readFileSync(new URL("released.graphql", import.meta.url), "utf8");
const SEQ = "Field 'seq' was removed from object type 'Message'";
const tell = (line: string) => console.log(`ok  ${line}`);

/** A copy of the released schema in which a type has lost a field. */
function without(type: string, field: string): string {
  let lost = 0;
  const copy = visit(parse(released), {
    ObjectTypeDefinition: (node) => (node.name.value === type ? undefined : false),
    FieldDefinition: (node) => (node.name.value === field ? (lost++, null) : undefined),
  });
  assert.equal(lost, 1, `${type} has no field ${field}`);
  return print(copy);
}

const judged = async (schema: string, declared: Parameters<typeof judge>[2] = []) => {
  const { refusals, dangerous } = await judge(released, schema, declared);
  return { refusals, dangerous };
};

assert.deepEqual(await judged(released), { refusals: [], dangerous: [] });
tell("nothing is new, nothing is refused");

const withoutSeq = without("Message", "seq");
const undeclared = { refusals: [`breaks clients, and is not declared: ${SEQ}`], dangerous: [] };
assert.deepEqual(await judged(withoutSeq), undeclared);
tell("Aaron takes a field away, and is refused");

const meant = { change: SEQ, reason: "Messages are ordered by their id." };
assert.deepEqual(await judged(withoutSeq, [meant]), { refusals: [], dangerous: [] });
const hushed = { refusals: [`is declared without a reason: ${SEQ}`], dangerous: [] };
assert.deepEqual(await judged(withoutSeq, [{ change: SEQ }]), hushed);
tell("he declares it with a reason, and may; without one he may not");

const stale = { refusals: [`is declared, and does not happen: ${SEQ}`], dangerous: [] };
assert.deepEqual(await judged(released, [meant]), stale);
tell("he puts the field back, and his declaration is refused as stale");

const withOneOf = released.replace("input UpdateUserInput {", "input UpdateUserInput @oneOf {");
const oneOf = "Directive 'oneOf' was added to input object 'UpdateUserInput'";
assert.deepEqual(await judged(withOneOf), {
  refusals: [`breaks clients, and is not declared: ${oneOf}`],
  dangerous: [],
});
tell("an input that takes less than before is refused");

const withPins = `${released}
  extend type Mutation { pinMessage(input: PinMessageInput!): PinMessagePayload! }
  extend type Message { isPinned: Boolean! }
  input PinMessageInput { messageId: ID!, userId: ID }
  type PinMessagePayload { message: Message, errors: [UserError!]! }
`;
assert.deepEqual(await judged(withPins), { refusals: [], dangerous: [] });
tell("Betty adds a mutation, its input, its payload and a field, and nobody minds");

const withCode = `${released}\nextend enum ErrorCode { TOO_MANY_PINS }`;
const code = "Enum value 'TOO_MANY_PINS' was added to enum 'ErrorCode'";
assert.deepEqual(await judged(withCode), { refusals: [], dangerous: [code] });
tell("a new code is listed, and not refused");

const folder = mkdtempSync(join(tmpdir(), "messenger-schema-"));
const copy = join(folder, "schema.graphql");
writeFileSync(copy, withoutSeq);
const compare = fileURLToPath(new URL("compare.ts", import.meta.url));
const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", compare, copy], { encoding: "utf8" });
rmSync(folder, { recursive: true });
assert.equal(status, 1);
assert.ok(stderr.startsWith(`REFUSED: ${undeclared.refusals[0]}\n`), stderr);
tell("the command says so, and fails");
