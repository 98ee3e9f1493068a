// Compares which documents this server takes with which graphql-js takes: thousands, drawn from the schema, valid or spoiled
// in one place. Where the two differ, documents/differences.mjs says why, or this fails.
//
// usage: node documents.mjs VALIDATOR [COUNT] [SEED]
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { buildSchema, parse, validate } from "graphql";
import { DIFFERENCES } from "./documents/differences.mjs";
import { Draw } from "./documents/draw.mjs";
import { Random } from "./documents/random.mjs";
import { spoil } from "./documents/spoil.mjs";

const [validator, count = "3000", seed = "1"] = process.argv.slice(2);
const schema = buildSchema(readFileSync(join(import.meta.dirname, "../../schema.graphql"), "utf8"));
const random = new Random(Number(seed));
const draw = new Draw(schema, random);
const drawn = Array.from({ length: Number(count) }, () => {
  const document = draw.document();
  return random.chance(0.3) ? document : spoil(document, random);
});
const documents = [...drawn, ...DIFFERENCES.map(({ example }) => example)];

/** What graphql-js finds wrong. */
function theirs(document) {
  try {
    return validate(schema, parse(document)).map(({ message }) => message);
  } catch (error) {
    return [error.message];
  }
}

/** What this server finds wrong, document by document. */
async function* ours() {
  const process = spawn(resolve(validator), { stdio: ["pipe", "pipe", "inherit"] });
  process.stdin.end(documents.map((document) => `${JSON.stringify(document)}\n`).join(""));
  for await (const line of createInterface({ input: process.stdout, crlfDelay: Infinity })) yield JSON.parse(line);
}

/** Limits are ours alone: a document that meets one says nothing. */
const isLimit = ({ extensions: { code } }) => !["GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"].includes(code);

const tally = { accepted: 0, refused: 0, limited: 0, explained: new Map(), wrong: [] };
let index = 0;
for await (const errors of ours()) {
  const document = documents[index];
  index += 1;
  if (errors.some(isLimit)) {
    tally.limited += 1;
    continue;
  }
  const own = errors.map(({ message }) => message);
  const other = theirs(document);
  if ((own.length === 0) === (other.length === 0)) {
    tally[own.length === 0 ? "accepted" : "refused"] += 1;
    continue;
  }
  const known = DIFFERENCES.find(
    ({ ours, theirs, when }) => ours === (own.length === 0) && theirs === (other.length === 0) && when([...own, ...other]),
  );
  if (known) tally.explained.set(known.reason, (tally.explained.get(known.reason) ?? 0) + 1);
  else tally.wrong.push({ document, ours: own, theirs: other });
}

for (const { document, ours, theirs } of tally.wrong.slice(0, 10)) {
  console.error(`\n${document}\n  ours: ${JSON.stringify(ours)}\n  graphql-js: ${JSON.stringify(theirs)}`);
}
console.log(
  `${documents.length} documents: ${tally.accepted} accepted and ${tally.refused} refused by both, ${tally.limited} beyond a limit, ${tally.wrong.length} judged differently`,
);
for (const [reason, times] of tally.explained) console.log(`  ${times} times: ${reason}`);
const isCurrent = DIFFERENCES.every(({ reason }) => tally.explained.has(reason));
if (!isCurrent) console.error("documents/differences.mjs lists what is judged alike by now");
// A test that draws only one kind proves nothing.
const isFair = tally.accepted * 5 > documents.length && tally.refused * 5 > documents.length && tally.limited * 10 < documents.length;
if (!isFair) console.error("too few of the documents say something");
process.exit(index === documents.length && tally.wrong.length === 0 && isCurrent && isFair ? 0 : 1);
