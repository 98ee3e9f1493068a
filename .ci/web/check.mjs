// Starts the messenger on a free port and an empty database, and calls it as clients do.
//
// usage: node check.mjs BINARY SCREENSHOT
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const [binary, screenshot] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "messenger-"));
const server = spawn(resolve(binary), {
  cwd: folder,
  env: { ...process.env, MESSENGER_ADDR: "127.0.0.1:0", DATABASE_URL: "messenger.db" },
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = once(server, "exit");

/** The address from the server's greeting. */
async function address() {
  for await (const line of createInterface({ input: server.stdout })) {
    const endpoint = line.match(/GraphQL +(http:\S+)\/graphql/);
    if (endpoint) return endpoint[1];
  }
  throw new Error("the server ended before it said where it is");
}

function check(script, ...parameters) {
  console.log(`\n--- ${script}`);
  const { status } = spawnSync("node", [join(import.meta.dirname, script), ...parameters], { stdio: "inherit" });
  return status === 0;
}

const url = await address();
const passed = [
  check("audit.mjs", `${url}/graphql`),
  check("apollo.mjs", `${url}/graphql`),
  check("graphiql.mjs", url, screenshot),
].every(Boolean);

server.kill("SIGTERM");
const [code] = await ended;
rmSync(folder, { recursive: true });
if (code !== 0) console.error(`the server ended with ${code}`);
process.exit(passed && code === 0 ? 0 : 1);
