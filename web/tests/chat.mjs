// Two people talk through the page that the binary carries at /chat/, and one of them goes away and comes back.
// Usage: node chat.mjs BINARY FOLDER SCREENSHOTS

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { start } from "./server.mjs";
import { Api, talk } from "./chat/api.mjs";
import { comingBack } from "./chat/coming-back.mjs";
import { reading } from "./chat/reading.mjs";
import { talking } from "./chat/talking.mjs";
import { tokens } from "./chat/tokens.mjs";
import { rooms } from "./chat/rooms.mjs";

const [binary, folder, screenshots] = process.argv.slice(2);
if (!screenshots) throw new Error("usage: node chat.mjs BINARY FOLDER SCREENSHOTS");
for (const made of [folder, screenshots]) mkdirSync(made, { recursive: true });

const CHROMIUM_ARGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

const server = await start(binary, folder);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: CHROMIUM_ARGS });
const story = {
  binary,
  folder,
  browser,
  server,
  address: `${server.url}/chat/`,
  api: new Api(server.url),
  tell: (line) => console.log(`ok  ${line}`),
  picture: (person, name) => person.page.screenshot({ path: join(screenshots, `${name}.png`) }),
};

try {
  const [aaron, betty] = [await story.api.createUser("Aaron"), await story.api.createUser("Betty")];
  await talk(story.api, [aaron, betty], 300);
  Object.assign(story, { aaron, betty });
  await talking(story);
  await reading(story);
  await rooms(story);
  await comingBack(story);
  await tokens(story);
} finally {
  await browser.close();
  await story.server.stop();
}
