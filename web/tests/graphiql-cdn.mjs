// The page with which a binary that was built without npm shows GraphiQL, on a server that has the real one: the browser
// is given the page from the sources, and what the page loads from the CDN comes from node_modules. The browser checks it
// against the page's integrity hashes.
// Usage: node graphiql-cdn.mjs BINARY FOLDER

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, openPage } from "./browser.mjs";
import { start } from "./server.mjs";

const [binary, folder] = process.argv.slice(2);
if (!folder) throw new Error("usage: node graphiql-cdn.mjs BINARY FOLDER");

const PAGE = new URL("../../src/http/pages/cdn.html", import.meta.url);
const CDN = "https://unpkg.com";
const CONTENT_TYPES = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };

async function readPackageFile(cdnUrl) {
  const [, name, version, path] = new URL(cdnUrl).pathname.match(/^\/([a-z-]+)@([\d.]+)\/(.+)$/);
  const directory = new URL(`node_modules/${name}/`, import.meta.url);
  const installed = JSON.parse(await readFile(new URL("package.json", directory), "utf8")).version;
  assert.equal(version, installed, `the page and package.json pin different versions of ${name}`);
  return readFile(new URL(path, directory));
}

async function fromNodeModules(route) {
  const cdnUrl = route.request().url();
  assert.equal(new URL(cdnUrl).origin, CDN);
  await route.fulfill({
    body: await readPackageFile(cdnUrl),
    contentType: CONTENT_TYPES[cdnUrl.split(".").at(-1)],
    headers: { "access-control-allow-origin": "*" },
  });
}

async function open(browser, url, elsewhere) {
  const address = `${url}/`;
  const body = await readFile(PAGE, "utf8");
  const page = (route) => route.fulfill({ body, contentType: "text/html; charset=utf-8" });
  return openPage(browser, address, { elsewhere, own: { [address]: page } });
}

async function run(page, tab, shown) {
  await page.locator(".graphiql-tab-button", { hasText: tab }).click();
  const begins = new RegExp(`^(mutation|subscription) ${tab}\\b`);
  await page.getByRole("region", { name: "Query Editor" }).locator(".CodeMirror-line", { hasText: begins }).waitFor();
  await page.getByRole("button", { name: /^Execute query/ }).click();
  await page.locator(".result-window").getByText(shown).first().waitFor();
}

async function withCdn(browser, url) {
  const first = await open(browser, url, fromNodeModules);
  await first.page.locator(".graphiql-tab-button").first().waitFor();
  await run(first.page, "CreateTwoUsers", "dora");
  // The page took its ids when it was opened, before there was anybody; so it is opened anew.
  const { page, problems } = await open(browser, url, fromNodeModules);
  await run(page, "Send", "Hello from GraphiQL!");
  await run(page, "Live", "CaughtUp");
  await page.getByRole("button", { name: /^Stop query/ }).click();
  assert.deepEqual([...first.problems, ...problems], []);
  console.log("ok  GraphiQL from the CDN runs operations, and a subscription until it is stopped");
}

async function withoutCdn(browser, url) {
  const { page } = await open(browser, url, (route) => route.abort());
  await page.getByText("could not be loaded from unpkg.com").waitFor();
  await page.getByText(`curl ${url}/graphql`).waitFor();
  console.log("ok  without the CDN, the page says so and shows a curl command");
}

const own = join(folder, "cdn");
mkdirSync(own);
const { url, stop } = await start(binary, own);
const browser = await launch();
try {
  await withCdn(browser, url);
  await withoutCdn(browser, url);
} finally {
  await browser.close();
  assert.equal(await stop(), 0);
}
