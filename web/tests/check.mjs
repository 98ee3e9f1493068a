// Starts the messenger on a free port and an empty database, and calls it as clients do.
//
// usage: node check.mjs BINARY SCREENSHOT
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { start } from "./server.mjs";

const [binary, screenshot] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "messenger-"));

function check(script, ...parameters) {
  console.log(`\n--- ${script}`);
  const { status } = spawnSync("node", [join(import.meta.dirname, script), ...parameters], { stdio: "inherit" });
  return status === 0;
}

const validator = join(dirname(binary), "examples", "validate");
const { url, stop } = await start(binary, folder);
const passed = [
  check("audit.mjs", `${url}/graphql`),
  check("apollo.mjs", `${url}/graphql`),
  check("pages.mjs", url),
].every(Boolean);
const code = await stop();
if (code !== 0) console.error(`the server ended with ${code}`);
// These start and stop servers of their own.
const others = [
  check("documents.mjs", validator),
  check("graphiql.mjs", binary, folder, screenshot),
  check("live.mjs", binary, folder),
  check("wire.mjs", binary, folder),
  check("guide.mjs", binary, folder),
  check("chat.mjs", binary, join(folder, "chat"), dirname(screenshot)),
].every(Boolean);
rmSync(folder, { recursive: true });
process.exit(passed && others && code === 0 ? 0 : 1);
