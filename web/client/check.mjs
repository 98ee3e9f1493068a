// The types that code generators make of the schema, and the schema itself, against a server with the example.
// usage: node check.mjs BINARY
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { start } from "../tests/server.mjs";

const binary = resolve(process.argv[2]);
const here = import.meta.dirname;
const PATIENCE_MS = 180_000;
const folders = [];
const servers = [];

/** Runs an npm script that must pass. Its own lines are shown, or the one that is given instead of them. */
function must(script, { says, parameters = [], env = {} } = {}) {
  const { status, output } = run(script, parameters, env, says === undefined ? "inherit" : "pipe");
  if (status !== 0) throw new Error(`npm run ${script} ended with ${status}\n${output}`);
  if (says !== undefined) tell(says);
}

/** Runs an npm script that must fail, and name the mistake. */
function mustNot(script, mistake, says) {
  const { status, output } = run(script, [], {}, "pipe");
  const isRefused = status !== 0 && output.includes(mistake);
  if (!isRefused) throw new Error(`npm run ${script} should have refused ${mistake}\n${output}`);
  tell(says);
}

function run(script, parameters, env, stdout) {
  const stdio = ["ignore", stdout, stdout];
  const options = { cwd: here, env: { ...process.env, ...env }, encoding: "utf8", stdio, timeout: PATIENCE_MS };
  const { status, stdout: out, stderr } = spawnSync("npm", ["run", "--silent", script, "--", ...parameters], options);
  return { status, output: `${out ?? ""}${stderr ?? ""}` };
}

/** A server with the example on a database of its own. */
async function example(settings = "") {
  const folder = mkdtempSync(join(tmpdir(), "messenger-types-"));
  folders.push(folder);
  writeFileSync(join(folder, ".env"), `MESSENGER_LOG=error\n${settings}`);
  const { status, stderr } = spawnSync(binary, ["example-setup", "--database", "messenger.db"], { cwd: folder });
  if (status !== 0) throw new Error(`no example: ${stderr}`);
  const server = await start(binary, folder);
  servers.push(server);
  return `${server.url}/graphql`;
}

/** The text of all files in a folder. */
function contentsOf(folder) {
  const names = readdirSync(join(here, folder)).sort();
  return JSON.stringify(names.map((name) => [name, readFileSync(join(here, folder, name), "utf8")]));
}

const tell = (line) => console.log(`ok  ${line}`);

async function check() {
  rmSync(join(here, "generated"), { recursive: true, force: true });
  must("schema");
  must("lint", { says: "graphql-eslint: the schema and the operations keep its rules" });

  const shipped = readFileSync(join(here, "possibleTypes.json"), "utf8");
  must("codegen", { says: "graphql-codegen: the client preset takes schema.graphql" });
  if (readFileSync(join(here, "possibleTypes.json"), "utf8") !== shipped) {
    throw new Error("possibleTypes.json was behind the schema; it is written anew: commit it");
  }
  mustNot("codegen:mistake", "nickname", "graphql-codegen refuses a field that is not there");
  const url = await example();
  must("codegen:introspection", {
    says: "graphql-codegen: it takes the introspection of a server",
    env: { MESSENGER_URL: url },
  });
  if (contentsOf("generated/gql") !== contentsOf("generated/introspected")) {
    throw new Error("schema.graphql and introspection give different types");
  }
  tell("both give the same types, byte for byte");

  must("tada", { says: "gql.tada takes schema.graphql, and finds no fault with its documents" });
  mustNot("tada:mistake", "nickname", "gql.tada refuses a field that is not there");
  must("relay", { says: "relay-compiler: fragments, pages, a mutation and a subscription" });
  must("relay:again", { says: "relay-compiler writes the same when it runs again" });
  mustNot("relay:mistake", "nickname", "relay-compiler refuses a field that is not there");
  must("types", { says: "tsc: strict, over everything that was generated and the code that uses it" });

  const trusted = join(here, "generated/gql/persisted-documents.json");
  const another = await example();
  must("live", { parameters: [url, another, await example(`MESSENGER_TRUSTED_DOCUMENTS=${trusted}`)] });
  must("live:tada", { parameters: [another] });
  must("live:relay", { parameters: [await example()] });
  must("readme");
}

try {
  await check();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  for (const server of servers) await server.stop();
  for (const folder of folders) rmSync(folder, { recursive: true });
}
