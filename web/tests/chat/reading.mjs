// Betty reads what was said long ago: by its words, and by scrolling.
import assert from "node:assert/strict";

export async function reading(story) {
  const { address, api, people: { betty }, tell } = story;
  const { page, log } = betty;
  const query = "query ($id: ID!) { conversation(withUserId: $id) { id } }";
  const { conversation } = await api.as(story.betty).ask(query, { id: story.aaron.id });
  story.conversationId = conversation.id;

  await page.getByRole("searchbox", { name: "Search messages" }).fill("xylo");
  await page.getByRole("link", { name: /Remember the xylophone/ }).click();
  const found = betty.message("Remember the xylophone.");
  await found.waitFor();
  await page.waitForFunction(() => document.activeElement?.dataset.seq === "7");
  const [box, frame] = [await found.boundingBox(), await log.boundingBox()];
  assert.ok(box.y >= frame.y && box.y + box.height <= frame.y + frame.height, "it is in view");
  await betty.keepsNobodyOut("a search");
  tell("Betty finds a message by the beginning of a word, and is led to where it stands");

  await page.goto(`${address}#/`);
  await page.reload();
  await betty.reads("Aaron");
  await staysWhereItIs(betty);
  tell("what she looks at stays where it is when earlier messages come in above");

  await betty.scrollsToTheBeginning();
  assert.deepEqual(await betty.shown(), await api.messages(story.conversationId));
  tell("she scrolls up to the beginning: all is there, once and in order");
  await page.getByRole("button", { name: "Newest messages" }).click();
  await page.getByRole("button", { name: "Newest messages" }).waitFor({ state: "detached" });
}

/** Notes where a message stands, lets a page come in above, and looks again. */
async function staysWhereItIs({ page, log }) {
  const shown = page.locator(".message[data-seq]");
  await shown.nth(49).waitFor();
  const watched = await shown.nth(5).elementHandle();
  const count = await shown.count();
  await log.evaluate((box) => box.scrollTo({ top: -(box.scrollHeight - box.clientHeight - 300) }));
  const before = (await watched.boundingBox()).y;
  await shown.nth(count + 49).waitFor({ state: "attached" });
  const moved = Math.abs((await watched.boundingBox()).y - before);
  assert.ok(moved < 2, `moved by ${moved} px`);
}
