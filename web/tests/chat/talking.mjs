// Aaron and Betty talk, and see of each other what there is to see.
import assert from "node:assert/strict";
import { DELETED } from "./api.mjs";
import { Person } from "./person.mjs";

export async function talking(story) {
  const { browser, address, tell } = story;
  const aaron = await Person.opens(browser, address);
  await aaron.sees("Who are you?");
  await aaron.keepsNobodyOut("who are you");
  await aaron.enters(/Aaron/);
  const betty = await Person.opens(browser, address);
  await betty.enters(/Betty/);
  story.people = { aaron, betty };
  await aaron.reads("Betty");
  await betty.reads("Aaron");
  await aaron.sees("online", aaron.page.getByRole("region", { name: "Betty" }));
  tell("Aaron and Betty enter, and Aaron sees that Betty is there");

  await betty.composer.pressSequentially("Are you");
  await aaron.sees("Betty is typing…");
  await betty.writes("Are you coming to the picnic on Sunday?");
  await aaron.sees("Are you coming to the picnic on Sunday?", aaron.log);
  await aaron.page.getByText("Betty is typing…").waitFor({ state: "detached" });
  await aaron.writes("Of course! What shall I bring?");
  await betty.sees("Of course! What shall I bring?", betty.log);
  tell("they talk, and each sees the other type");

  await aaron.acts("Are you coming to the picnic on Sunday?", "React with 🎉");
  await betty.log.getByRole("button", { name: "🎉 1" }).waitFor();
  await betty.log.getByRole("button", { name: "🎉 1" }).click();
  await aaron.log.getByRole("button", { name: "🎉 2", pressed: true }).waitFor();
  tell("Aaron reacts, Betty does the same");

  await betty.acts("Of course! What shall I bring?", "Reply");
  await betty.writes("Something to drink, perhaps");
  await aaron.sees("Something to drink, perhaps", aaron.log);
  await betty.acts("Something to drink, perhaps", "Edit");
  const field = betty.page.getByRole("textbox", { name: "New text" });
  assert.equal(await field.inputValue(), "Something to drink, perhaps");
  await field.fill("Something to drink, please. Carol makes the cake.");
  await betty.page.keyboard.press("Enter");
  await aaron.sees("Something to drink, please. Carol makes the cake.", aaron.log);
  await aaron.log.getByText("edited").waitFor();
  await aaron.log.getByRole("blockquote").getByText("Of course! What shall I bring?").waitFor();
  tell("Betty answers him, and changes what she said");

  await aaron.writes("Not the cake that");
  await betty.sees("Not the cake that", betty.log);
  await aaron.acts("Not the cake that", "Delete");
  await aaron.page.getByRole("dialog", { name: "Delete this message?" }).getByRole("button", { name: "Delete" }).click();
  await betty.sees(DELETED, betty.log);
  await aaron.writes("Lemonade it is. I have the big bottle.");
  await betty.sees("Lemonade it is. I have the big bottle.", betty.log);
  tell("Aaron deletes a message; its place stays");

  await tellsTooMuch(betty);
  tell("Betty is told before she has written too much");
}

async function tellsTooMuch({ composer, page }) {
  await composer.fill("a".repeat(4_900) + "🍋".repeat(60));
  await page.getByText("40 characters left").waitFor();
  await composer.fill("🍋".repeat(5_001));
  await page.getByText("1 characters too many").waitFor();
  assert.equal(await page.getByRole("button", { name: "Send" }).isDisabled(), true);
  await composer.fill("");
}
