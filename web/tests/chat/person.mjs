// Somebody with a browser of their own who uses the page as people do: by what is written on it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// What a browser writes down when a server is away or refuses a token: that is part of the story.
const EXPECTED = /net::ERR_|WebSocket connection|status of 401/;

export class Person {
  static async opens(browser, address, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: "en-GB", ...options });
    const person = new Person(context, await context.newPage());
    await person.#watch();
    await person.page.goto(address);
    return person;
  }

  constructor(context, page) {
    this.context = context;
    this.page = page;
    this.problems = [];
    this.composer = page.getByRole("textbox", { name: "Message", exact: true });
    this.log = page.getByRole("log");
  }

  async #watch() {
    const { page, problems } = this;
    page.on("console", (message) => {
      if (message.type() === "error" && !EXPECTED.test(message.text())) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(`uncaught: ${error.stack}`));
    await page.exposeFunction("reportViolation", (violation) => problems.push(`against the policy: ${violation}`));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
        window.reportViolation(`${effectiveDirective} ${blockedURI}`));
    });
  }

  async enters(name) {
    await this.page.getByRole("button", { name }).click();
    await this.page.getByRole("navigation").waitFor();
  }

  /** Opens a conversation from the inbox. */
  async reads(title) {
    await this.entry(title).click();
    await this.page.getByRole("heading", { name: title, level: 2 }).waitFor();
  }

  entry(title) {
    return this.page.getByRole("navigation").getByRole("link").filter({ has: this.page.getByText(title, { exact: true }) });
  }

  async writes(text) {
    await this.composer.fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** Waits until something is shown, in the conversation or where it is said. */
  async sees(text, where = this.page) {
    try {
      await where.getByText(text, { exact: typeof text === "string" }).first().waitFor();
    } catch (cause) {
      const shown = await this.page.locator("body").innerText();
      throw new Error(`${text} is not shown, but: ${shown.slice(0, 2_000)}`, { cause });
    }
  }

  message(text) {
    return this.log.getByRole("listitem").filter({ has: this.page.getByText(text, { exact: true }) });
  }

  async acts(text, action) {
    const message = this.message(text);
    await message.hover();
    await message.getByRole("button", { name: "Actions for" }).click();
    await this.page.getByRole("dialog", { name: "Message actions" }).getByRole("button", { name: action }).click();
  }

  isLive() {
    return this.page.getByText("Reconnecting…").waitFor({ state: "detached" });
  }

  isCutOff() {
    return this.page.getByText("Reconnecting…").waitFor();
  }

  /** Waits for the message with this `seq`. */
  has(seq) {
    return this.page.locator(`[data-seq="${seq}"]`).waitFor({ state: "attached" });
  }

  /** What stands on the page: `[seq, text]`, in its order. */
  shown() {
    return this.page.$$eval(".message[data-seq]", (messages) =>
      messages.map((message) => [Number(message.dataset.seq), message.querySelector(".text").textContent]));
  }

  /** Scrolls up, as far as it goes. */
  async scrollsToTheBeginning() {
    await this.page.waitForFunction(() => {
      const log = document.querySelector("[role=log]");
      log.scrollTop = -log.scrollHeight;
      return log.textContent.includes("This is the beginning.");
    });
  }

  /** Has the page looked over for what would keep people out. */
  async keepsNobodyOut(where) {
    for (const colorScheme of ["light", "dark"]) {
      await this.page.emulateMedia({ colorScheme });
      await this.page.evaluate(AXE);
      const { violations } = await this.page.evaluate(() => window.axe.run());
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
      assert.deepEqual(told, [], `${where}, ${colorScheme}`);
    }
    await this.page.emulateMedia({ colorScheme: "light" });
  }

  async leaves() {
    assert.deepEqual(this.problems, []);
    await this.context.close();
  }
}
