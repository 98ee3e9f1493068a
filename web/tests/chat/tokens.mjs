// A server that asks for tokens: Betty pastes one, it expires, and she goes on where she was with the next.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { start } from "../server.mjs";
import { Person } from "./person.mjs";

const SECRET = "a secret that is for this story only, and long enough";
/** How far clocks may be apart: a token that expired less long ago is still good. */
const LEEWAY_SECONDS = 30;

export async function tokens({ binary, folder, browser, tell }) {
  const apart = join(folder, "keyed");
  mkdirSync(apart);
  const server = await start(binary, apart, "127.0.0.1:0", { MESSENGER_JWT_SECRET: SECRET });
  try {
    await bettySignsIn(await Person.opens(browser, `${server.url}/chat/`), tell);
  } finally {
    await server.stop();
  }
}

async function bettySignsIn(betty, tell) {
  const { page } = betty;
  await page.getByLabel("Token").fill("not a token");
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByRole("alert").getByText(/token/i).waitFor();
  await betty.keepsNobodyOut("the form for a token");
  await page.getByLabel("Token").fill(token("betty", 8));
  await page.getByRole("button", { name: "Enter" }).click();
  await page.getByRole("button", { name: "New message" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /Betty/ }).click();
  await betty.writes("Buy lemons");
  await betty.has(1);
  const place = page.url();
  assert.doesNotMatch(place, /eyJ/);
  tell("Betty is let in with a token, and writes a note to herself");

  const again = page.getByRole("dialog", { name: "Please sign in again" });
  await again.getByText(/expired/).waitFor();
  await betty.keepsNobodyOut("an expired token");
  await again.getByLabel("Token").fill(token("betty", 600));
  await again.getByRole("button", { name: "Enter" }).click();
  await again.waitFor({ state: "detached" });
  await betty.isLive();
  assert.equal(page.url(), place);
  await betty.writes("And mint");
  await betty.has(2);
  assert.deepEqual(await betty.shown(), [[1, "Buy lemons"], [2, "And mint"]]);
  tell("it expires; with the next one she goes on where she was");
  await betty.leaves();
}

/** As the host application's backend would sign it. */
function token(username, seconds) {
  const part = (content) => Buffer.from(JSON.stringify(content)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + seconds - (seconds < LEEWAY_SECONDS ? LEEWAY_SECONDS : 0);
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: `host-${username}`, username, name: "Betty", exp })}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}
