// Dora comes with a phone; they meet in a room.
import assert from "node:assert/strict";
import { Person } from "./person.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

export async function rooms(story) {
  const { browser, address, people: { aaron, betty }, tell, picture } = story;
  const carol = await story.api.createUser("Carol");
  await story.api.as(carol).change("sendMessage", "SendMessageInput", { recipientId: story.betty.id, text: "The cake is in the oven." }, "message { id }");
  assert.match(await betty.entry("Carol").innerText(), /Carol[^]*The cake is in the oven\.[^]*1/);
  tell("Carol writes to Betty for the first time: it stands in her inbox, unread");

  const dora = await Person.opens(browser, address, PHONE);
  await dora.page.getByLabel("Username").fill("aaron");
  await dora.page.getByRole("button", { name: "Create and enter" }).click();
  await dora.sees("Somebody has this username.");
  await dora.page.getByLabel("Username").fill("dora");
  await dora.page.getByLabel("Name to show").fill("Dora");
  await dora.page.getByRole("button", { name: "Create and enter" }).click();
  await dora.sees("No conversations yet. Write to somebody.");
  tell("Dora makes herself known, after she has tried a name that is taken");

  await dora.page.getByRole("button", { name: "New message" }).click();
  await dora.page.getByRole("dialog").getByRole("button", { name: /Aaron/ }).click();
  await dora.writes("Hello Aaron, I am new here.");
  await dora.sees("Hello Aaron, I am new here.", dora.log);
  await dora.page.waitForURL(/#\/c\/dm_/);
  await aaron.entry("Dora").waitFor();
  tell("she writes to Aaron; the conversation begins with it");

  await makeRoom(aaron);
  await betty.entry("Sunday picnic").waitFor();
  await dora.page.getByRole("link", { name: "All conversations" }).click();
  await dora.reads("Sunday picnic");
  await betty.reads("Sunday picnic");
  await aaron.writes("Twelve o'clock, by the old bridge?");
  await aaron.writes("I have asked Carol, too.");
  await betty.sees("I have asked Carol, too.", betty.log);
  await betty.writes("Her cake is worth the walk 🍰");
  await dora.sees("Her cake is worth the walk 🍰", dora.log);
  await dora.acts("Her cake is worth the walk 🍰", "React with 😮");
  await dora.acts("Twelve o'clock, by the old bridge?", "Reply");
  await dora.writes("I will be there. Which side of the river?");
  await betty.sees("I will be there. Which side of the river?", betty.log);
  await betty.writes("The sunny one.");
  await dora.sees("The sunny one.", dora.log);
  await aaron.writes("And if it rains?");
  await dora.sees("And if it rains?", dora.log);
  await dora.writes("Then we sit under the bridge and sing.");
  for (const person of [aaron, betty, dora]) await person.sees("Then we sit under the bridge and sing.", person.log);
  tell("Aaron makes a room for the three of them");

  await picture(dora, "chat-phone");
  await dora.keepsNobodyOut("a conversation on a phone");
  await dora.page.getByRole("link", { name: "All conversations" }).click();
  await picture(dora, "chat-phone-list");
  await dora.keepsNobodyOut("the inbox on a phone");

  await changeRoom(aaron, betty, dora);
  tell("Dora leaves it, he gives it another name, removes Betty and lets her in again, and each sees that at once");
  await dora.leaves();
  await betty.reads("Aaron");
  await aaron.reads("Betty");
  await picture(betty, "chat");
  await betty.keepsNobodyOut("a conversation");
  await betty.page.emulateMedia({ colorScheme: "dark" });
  await picture(betty, "chat-dark");
  await betty.page.emulateMedia({ colorScheme: "light" });
  await betty.entry("Carol").getByText("unread").waitFor();
  await betty.reads("Carol");
  await betty.entry("Carol").getByText("unread").waitFor({ state: "detached" });
  await betty.reads("Aaron");
  tell("what Betty has seen is not unread any more");
}

async function makeRoom({ page }) {
  await page.getByRole("button", { name: "New room" }).click();
  const dialog = page.getByRole("dialog", { name: "New room" });
  await dialog.getByLabel("Name of the room").fill("Sunday picnic");
  await dialog.getByRole("button", { name: /Betty/ }).click();
  await dialog.getByRole("button", { name: /Dora/ }).click();
  await dialog.getByRole("button", { name: "Create room" }).click();
  await page.getByRole("heading", { name: "Sunday picnic", level: 2 }).waitFor();
}

async function changeRoom(aaron, betty, dora) {
  await dora.reads("Sunday picnic");
  await dora.page.getByRole("button", { name: "People and settings of the room" }).click();
  await dora.page.getByRole("button", { name: "Leave the room" }).click();
  await dora.entry("Sunday picnic").waitFor({ state: "detached" });
  await betty.sees("2 people");

  await aaron.page.getByRole("button", { name: "People and settings of the room" }).click();
  const dialog = aaron.page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Remove Betty" }).waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Remove Dora" }).count(), 0);
  await aaron.keepsNobodyOut("the room's dialog");
  await dialog.getByLabel("Name of the room").fill("Picnic by the bridge");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await betty.entry("Picnic by the bridge").waitFor();
  await dialog.getByRole("button", { name: "Remove Betty" }).click();
  await betty.sees("This conversation is not there, or not for you.");
  await betty.entry("Picnic by the bridge").waitFor({ state: "detached" });
  await dialog.getByRole("button", { name: "Betty @betty" }).click();
  await betty.entry("Picnic by the bridge").waitFor();
  await betty.sees("Then we sit under the bridge and sing.", betty.log);
  await aaron.page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
}
