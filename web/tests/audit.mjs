// Audits an endpoint against the GraphQL-over-HTTP specification.
// Usage: node audit.mjs http://localhost:8080/graphql

import { serverAudits } from "graphql-http";

const url = process.argv[2];
if (!url) throw new Error("usage: node audit.mjs URL");

const LEVELS = ["MUST", "SHOULD", "MAY"];
const levelOf = (result) => result.name.split(" ", 1)[0];
const passed = (result) => result.status === "ok";

function print(result) {
  console.log(`${passed(result) ? "ok  " : "FAIL"} ${result.id} ${result.name}`);
  if (!passed(result)) console.log(`          ${result.reason} (HTTP ${result.response.status})`);
}

function summarize(level, results) {
  const ofLevel = results.filter((result) => levelOf(result) === level);
  return `${level} ${ofLevel.filter(passed).length}/${ofLevel.length}`;
}

const results = [];
for (const audit of serverAudits({ url })) {
  const result = await audit.fn();
  print(result);
  results.push(result);
}
console.log(LEVELS.map((level) => summarize(level, results)).join(", ") + " passed");

// A MAY is an option that the specification leaves open, so it is only printed.
const conforms = results.every((result) => passed(result) || levelOf(result) === "MAY");
process.exitCode = conforms ? 0 : 1;
