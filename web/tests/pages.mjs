// The pages that were built are in the binary, file by file, as browsers are to get them.
// Usage: node pages.mjs http://localhost:8080

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [url] = process.argv.slice(2);
if (!url) throw new Error("usage: node pages.mjs URL");

const WEB = join(import.meta.dirname, "..");
/** Each with where its index.html is, and the other files. */
const PAGES = { graphiql: ["/", "/graphiql/"], chat: ["/chat/", "/chat/"] };

function addressesOf(name) {
  const [home, base] = PAGES[name];
  const files = readdirSync(join(WEB, name, "dist"), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath ?? file.path, file.name));
  return paths.map((path) => {
    const inside = path.slice(join(WEB, name, "dist/").length);
    return { path, address: inside === "index.html" ? home : `${base}${inside}`, isAsset: inside.startsWith("assets/") };
  });
}

async function check({ path, address, isAsset }) {
  const built = readFileSync(path);
  const caching = isAsset ? "public, max-age=31536000, immutable" : "no-cache";
  for (const [taken, encoding] of [["gzip", "gzip"], ["identity", null]]) {
    const response = await fetch(url + address, { headers: { "accept-encoding": taken } });
    const told = ["cache-control", "vary", "content-encoding"].map((name) => response.headers.get(name));
    assert.deepEqual([response.status, ...told], [200, caching, "accept-encoding", encoding], address);
    assert.match(response.headers.get("content-security-policy"), /^default-src 'none'; script-src 'self';/);
    assert.doesNotMatch(response.headers.get("content-security-policy"), /https?:|script-src[^;]*unsafe/);
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(built), `${address} is not what was built`);
    const again = await fetch(url + address, { headers: { "if-none-match": response.headers.get("etag") } });
    assert.deepEqual([again.status, await again.text()], [304, ""], address);
  }
}

for (const name of Object.keys(PAGES)) {
  if (!existsSync(join(WEB, name, "package.json"))) continue;
  const files = addressesOf(name);
  for (const file of files) await check(file);
  console.log(`ok  web/${name}: ${files.length} files, compressed or not, with their caching and policy`);
}
