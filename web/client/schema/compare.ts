// Compares schema.graphql with the schema that was released last, and refuses what breaks clients and is not declared.
// Usage: tsx schema/compare.ts [SCHEMA] [RELEASED] [DECLARED]
import { readFileSync } from "node:fs";
import { type Declared, judge } from "./verdict";

const here = (path: string) => new URL(path, import.meta.url);
const [
  schema = here("../../../schema.graphql"),
  released = here("released.graphql"),
  declared = here("breaking.json"),
] = process.argv.slice(2);
const read = (path: string | URL) => readFileSync(path, "utf8");

const verdict = await judge(read(released), read(schema), JSON.parse(read(declared)) as Declared[]);
for (const change of verdict.dangerous) console.log(`    may surprise clients: ${change}`);
for (const { change, reason } of verdict.declared) console.log(`    breaks clients: ${change} (${reason})`);
for (const refusal of verdict.refusals) console.error(`REFUSED: ${refusal}`);
if (verdict.refusals.length > 0) {
  console.error(
    'A breaking change is declared in web/client/schema/breaking.json: {"change": "its line above", "reason": "why"}',
  );
  process.exit(1);
}
console.log("ok  schema.graphql breaks no client of the released schema, but for what is declared");
