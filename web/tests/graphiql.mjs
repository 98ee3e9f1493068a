// GraphiQL as the binary carries it, in a real browser: on an empty database, on the example, and with tokens.
// Usage: node graphiql.mjs BINARY FOLDER SCREENSHOT

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { breakOut, launch, openPage } from "./browser.mjs";
import { start } from "./server.mjs";

const [binary, folder, screenshot] = process.argv.slice(2);
if (!screenshot) throw new Error("usage: node graphiql.mjs BINARY FOLDER SCREENSHOT");

const TABS = [
  "WhoAmI", "CreateTwoUsers", "Send", "Last100FromOne", "Last30DaysFromAll", "Inbox", "Live", "MakeChatroom",
];
const SECRET = "a secret of thirty-two bytes and more";

const tell = (line) => console.log(`ok  ${line}`);

/** A server on a database of its own, for as long as a story takes. */
async function onServer(name, story, { settings, example } = {}) {
  const own = join(folder, name);
  mkdirSync(own);
  if (example) run(own, ["example-setup", "--database", "messenger.db"]);
  const { url, stop } = await start(binary, own, "127.0.0.1:0", settings);
  try {
    await story(url, own);
  } finally {
    assert.equal(await stop(), 0);
  }
}

function run(own, parameters, settings) {
  const env = { ...process.env, DATABASE_URL: "messenger.db", ...settings };
  const { status, stdout, stderr } = spawnSync(resolve(binary), parameters, { cwd: own, env, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

/** GraphiQL, as soon as it can be used. */
class Page {
  constructor({ page, problems }) {
    this.page = page;
    this.problems = problems;
  }

  static async open(browser, url, options) {
    const opened = new Page(await openPage(browser, url, options));
    await opened.isReady();
    return opened;
  }

  async isReady() {
    const editor = this.page.getByRole("region", { name: "Operation Editor" }).locator(".monaco-editor");
    await editor.waitFor().catch((error) => {
      throw new Error(`GraphiQL did not appear: ${this.problems.join("; ") || error.message}`);
    });
  }

  button(name) {
    return this.page.getByRole("button", { name });
  }

  async goTo(tab) {
    await this.page.locator(".graphiql-tab-button", { hasText: tab }).click();
    await this.page.locator(".view-line", { hasText: new RegExp(`(query|mutation|subscription)\\s${tab}\\b`) }).waitFor();
  }

  async run(tab) {
    await this.goTo(tab);
    return this.execute(tab);
  }

  /** Runs the tab that is shown, as it is; gives the answer, which is shown as well. */
  async execute(tab) {
    const answered = this.page.waitForResponse((response) => operationOf(response.request()) === tab);
    await this.button(/^Execute query/).click();
    const response = await answered;
    const { accept, "content-type": type } = await response.request().allHeaders();
    assert.deepEqual([accept, type], ["application/graphql-response+json, application/json", "application/json"]);
    const answer = await response.json();
    await this.shows(answer.errors?.[0].message.split('"')[0] ?? Object.keys(answer.data)[0]);
    return answer;
  }

  /** The result has this text, wherever lines are wrapped. */
  async shows(text) {
    await this.page.waitForFunction((text) => {
      const shown = document.querySelector(".result-window .view-lines")?.textContent ?? "";
      return shown.replace(/\s/g, "").includes(text.replace(/\s/g, ""));
    }, text);
  }

  async says(text) {
    await this.page.getByRole("status").filter({ hasText: text }).waitFor();
  }
}

function operationOf(request) {
  return request.postDataJSON()?.operationName;
}

async function api(url, query, variables, headers = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** Typed, the editor would close each bracket itself. */
function paste(page, text) {
  return page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** All that the browser keeps for longer than the window. */
function keptForLong(page) {
  return page.evaluate(() => JSON.stringify({ ...localStorage }));
}

const textsOf = (answer) => answer.data.recentMessages.nodes.map(({ text, sender }) => [sender.username, text]);

async function onAnEmptyDatabase(browser, url) {
  const graphiql = await Page.open(browser, url);
  const { page, problems } = graphiql;
  assert.equal(await page.title(), "Messenger");
  assert.deepEqual(await page.locator(".graphiql-tab-button").allInnerTexts(), TABS);
  const nobody = await graphiql.run("WhoAmI");
  assert.deepEqual([nobody.data.viewer, nobody.data.users.nodes], [null, []]);
  const { data: { dora, emil } } = await graphiql.run("CreateTwoUsers");
  assert.deepEqual([dora.user.username, emil.user.username], ["dora", "emil"]);
  await graphiql.goTo("Send");
  await page.getByRole("region", { name: "Variables" }).getByText(emil.user.id).waitFor();
  const first = await graphiql.run("Send");
  assert.equal(first.data.sendMessage.message.seq, 1);
  const again = await graphiql.run("Send");
  assert.deepEqual(again.data.sendMessage, { ...first.data.sendMessage, deduplicated: true });
  const hello = [["dora", "Hello from GraphiQL!"]];
  assert.deepEqual(textsOf(await graphiql.run("Last100FromOne")), hello);
  assert.deepEqual(textsOf(await graphiql.run("Last30DaysFromAll")), hello);
  const inbox = await graphiql.run("Inbox");
  assert.deepEqual(inbox.data.conversations.nodes.map(({ unreadCount }) => unreadCount), [1]);
  const chatroom = await graphiql.run("MakeChatroom");
  assert.equal(chatroom.data.createChatroom.chatroom.memberCount, 2);
  assert.deepEqual(problems, []);
  tell(`each tab runs as it is, on a database that was empty: ${TABS.join(", ")}`);

  await follow(graphiql, url, dora.user.id, emil.user.id);
  assert.deepEqual(problems, []);
  tell("Live shows what happens, until it is stopped");
}

async function follow(graphiql, url, dora, emil) {
  const { page } = graphiql;
  await graphiql.goTo("Live");
  const began = page.waitForResponse((response) => operationOf(response.request()) === "Live");
  await graphiql.button(/^Execute query/).click();
  assert.equal((await began).headers()["content-type"], "text/event-stream; charset=utf-8");
  await graphiql.shows("CaughtUp");
  const send = `mutation ($dora: ID!, $emil: ID!) {
    sendMessage(input: { senderId: $dora, recipientId: $emil, text: "Are you there?" }) { errors { code } }
  }`;
  assert.deepEqual(await api(url, send, { dora, emil }), { data: { sendMessage: { errors: [] } } });
  await graphiql.shows('"text": "Are you there?"');
  const ended = page.waitForEvent("requestfailed", (request) => operationOf(request) === "Live");
  await graphiql.button(/^Stop query/).click();
  await ended;
}

async function onTheExample(browser, url) {
  const graphiql = await Page.open(browser, url);
  const { page, problems } = graphiql;
  const { data: { sendMessage } } = await graphiql.run("Send");
  assert.deepEqual([sendMessage.errors, sendMessage.message.seq], [[], 9]);
  assert.deepEqual(textsOf(await graphiql.run("Last100FromOne"))[0], ["aaron", "Hello from GraphiQL!"]);
  const { data: { conversations } } = await graphiql.run("Inbox");
  assert.deepEqual(conversations.nodes.map(({ unreadCount }) => unreadCount), [5, 2, 2]);
  await page.screenshot({ path: screenshot });
  tell("on the example they have Aaron's and Betty's ids");

  await lookAround(graphiql);
  assert.deepEqual(problems, []);
  tell("no console error, nothing against the page's policy, and no request to another host");

  for (const [name, options] of [["dark", {}], ["phone", { viewport: { width: 390, height: 800 } }]]) {
    const other = await Page.open(browser, url, { colorScheme: "dark", ...options });
    await other.run("Inbox");
    await other.page.screenshot({ path: screenshot.replace(".png", `-${name}.png`) });
    assert.deepEqual(other.problems, []);
  }
  tell("in the dark, and on a phone");

  assert.equal(await breakOut(page), false);
  const stopped = (directive) => problems.some((problem) => problem.startsWith(`against the page's policy: ${directive}`));
  for (const directive of ["script-src-elem", "script-src-attr", "connect-src"]) assert.ok(stopped(directive), directive);
  tell("a script that gets into the page neither runs nor sends anything away");
}

/** Whatever adds elements or styles while one works with the page. */
async function lookAround(graphiql) {
  const { page } = graphiql;
  await graphiql.button("Show Documentation Explorer").click();
  await page.getByText("Root Types").waitFor();
  await graphiql.button("Hide Documentation Explorer").click();
  await graphiql.button("Show History").click();
  await graphiql.button("Hide History").click();
  for (const dialog of ["Open short keys dialog", "Open settings dialog"]) {
    await graphiql.button(dialog).click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
  await graphiql.button(/^Prettify query/).click();
  await page.getByRole("region", { name: "Operation Editor" }).locator(".view-lines").first().click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\nquery Typed { serverInfo { op");
  // From the worker, which knows the schema.
  await page.locator(".suggest-widget").getByText("openMode").first().waitFor();
  await page.keyboard.press("Escape");
}

async function withTokens(browser, url, own) {
  const token = run(own, ["token", "betty"], { MESSENGER_JWT_SECRET: SECRET });
  const graphiql = await Page.open(browser, url);
  const { page, problems } = graphiql;
  await graphiql.says("the token is missing");
  const refused = await graphiql.run("WhoAmI");
  assert.equal(refused.errors[0].extensions.code, "UNAUTHENTICATED");

  await page.getByLabel("Token").fill(token);
  await graphiql.button("Use in all tabs").click();
  await graphiql.says("You are Betty (betty).");
  assert.equal((await graphiql.run("WhoAmI")).data.viewer.username, "betty");
  assert.equal((await graphiql.run("Send")).data.sendMessage.message.seq, 9);
  assert.deepEqual(textsOf(await graphiql.run("Last100FromOne"))[0], ["betty", "Hello from GraphiQL!"]);
  assert.equal((await graphiql.run("Inbox")).data.conversations.nodes.length, 3);
  await graphiql.goTo("Live");
  await graphiql.button(/^Execute query/).click();
  await graphiql.shows("CaughtUp");
  await graphiql.button(/^Stop query/).click();
  await page.reload();
  await graphiql.isReady();
  assert.equal((await graphiql.run("WhoAmI")).data.viewer.username, "betty");
  assert.ok(!(await keptForLong(page)).includes(token), "the token is kept");
  tell("a token is asked for at once, goes with every tab and across a reload, and stays in its window");

  await byHeader(browser, url, token);
  const expected = "console: Failed to load resource: the server responded with a status of 401 (Unauthorized)";
  assert.deepEqual(problems.filter((problem) => problem !== expected), []);
}

async function byHeader(browser, url, token) {
  const graphiql = await Page.open(browser, url);
  const { page } = graphiql;
  await graphiql.goTo("WhoAmI");
  await graphiql.button("Headers").click();
  await page.getByRole("region", { name: "Headers" }).locator(".view-lines").last().click();
  await page.keyboard.press("Control+A");
  await paste(page, JSON.stringify({ Authorization: `Bearer ${token}` }));
  assert.equal((await graphiql.execute("WhoAmI")).data.viewer.username, "betty");
  // GraphiQL writes half a second after the last change.
  await page.waitForFunction(() => localStorage["messenger:graphiql:queries"]);
  await page.reload();
  await graphiql.isReady();
  assert.equal((await graphiql.run("WhoAmI")).errors[0].extensions.code, "UNAUTHENTICATED");
  assert.ok(!(await keptForLong(page)).includes(token), "the token is kept");
  tell("a token in a tab's own headers is for that tab, and is gone with a reload");
}

const browser = await launch();
try {
  await onServer("empty", (url) => onAnEmptyDatabase(browser, url));
  await onServer("example", (url) => onTheExample(browser, url), { example: true });
  const settings = { MESSENGER_JWT_SECRET: SECRET };
  await onServer("keyed", (url, own) => withTokens(browser, url, own), { example: true, settings });
} finally {
  await browser.close();
}
