// Betty's network goes, the server is killed, an answer is lost: in the end all is there, once and in order.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { start } from "../server.mjs";

export async function comingBack(story) {
  await bettyIsInATunnel(story);
  await theServerIsKilled(story);
  await anAnswerIsLost(story);
  await theLogDoesNotReachBack(story);
  for (const person of Object.values(story.people)) await person.leaves();
}

async function bettyIsInATunnel({ people: { aaron, betty }, api, tell, conversationId, ...story }) {
  await betty.context.setOffline(true);
  await betty.isCutOff();
  await aaron.page.getByRole("region", { name: "Betty" }).getByText("offline").waitFor();
  for (const text of ["Are you on the train?", "There is a tunnel.", "I go on without you."]) await aaron.writes(text);
  await aaron.sees("I go on without you.", aaron.log);
  await betty.writes("I am in a tunnel");
  await betty.sees(/^Not sent/);
  await story.picture(betty, "chat-offline");
  await betty.keepsNobodyOut("a message that was not sent");
  tell("Betty is offline: she is told so, and what she sends is shown as not sent");

  await betty.context.setOffline(false);
  await betty.isLive();
  await betty.sees("I go on without you.", betty.log);
  await betty.page.getByRole("button", { name: "Retry" }).click();
  await aaron.sees("I am in a tunnel", aaron.log);
  await betty.page.getByText(/^Not sent/).waitFor({ state: "detached" });
  await agree([aaron, betty], api, conversationId);
  tell("she comes back, sees what Aaron said meanwhile, and her message lands once");
}

async function theServerIsKilled(story) {
  const { people: { aaron, betty }, api, tell, conversationId, binary, folder } = story;
  await story.server.kill();
  for (const person of [aaron, betty]) await person.isCutOff();
  await aaron.writes("Does anybody hear me?");
  await aaron.sees(/^Not sent/);
  story.server = await start(binary, folder, new URL(story.server.url).host);
  for (const person of [aaron, betty]) await person.isLive();
  tell("the server is killed and comes back, and both are connected again by themselves");

  await aaron.page.reload();
  await aaron.sees(/^Not sent/);
  await aaron.page.getByRole("button", { name: "Retry" }).click();
  await betty.sees("Does anybody hear me?", betty.log);
  await aaron.page.getByText(/^Not sent/).waitFor({ state: "detached" });
  await agree([aaron, betty], api, conversationId);
  tell("what Aaron could not send has outlived a reload, and lands once");
}

/** The message arrives and Aaron is not told. His live connection is gone as well, so he cannot know. */
async function anAnswerIsLost({ people: { aaron, betty }, api, tell, conversationId }) {
  const isSending = (request) => request.postData()?.includes("sendMessage") ?? false;
  await aaron.page.routeWebSocket("**/graphql", (socket) => socket.close());
  await aaron.page.route("**/graphql", async (route) => {
    if (!isSending(route.request())) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await aaron.page.reload();
  await aaron.isCutOff();
  await aaron.writes("Can you hear me now?");
  await aaron.sees(/^Not sent/);
  await betty.sees("Can you hear me now?", betty.log);
  await aaron.page.unrouteAll();
  await aaron.page.getByRole("button", { name: "Retry" }).click();
  await aaron.page.getByText(/^Not sent/).waitFor({ state: "detached" });
  await agree([aaron, betty], api, conversationId);
  tell("an answer is lost and the message sent again: it is there once");
}

/** Betty is told nothing for a while, and then that what she missed is not kept any more. */
async function theLogDoesNotReachBack({ people: { aaron, betty }, api, tell, conversationId }) {
  const line = await hearsNothing(betty);
  await betty.page.reload();
  await betty.sees("Can you hear me now?", betty.log);
  await line.listens;
  await aaron.writes("You cannot hear this.");
  await aaron.sees("You cannot hear this.", aaron.log);
  await line.missed;
  assert.equal(await betty.page.getByText("You cannot hear this.").count(), 0);
  line.reset();
  await betty.sees("You cannot hear this.", betty.log);
  await agree([betty], api, conversationId);
  tell("the log does not reach back to where Betty was: all that she sees is read anew");
}

/** From the next connection on, events are kept from a person: `listens` when they subscribe, `missed` at the first message. */
async function hearsNothing({ page }) {
  const line = new EventEmitter();
  const told = { listens: once(line, "listens"), missed: once(line, "missed") };
  await page.routeWebSocket("**/graphql", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      server.send(text);
      const { type, id } = JSON.parse(text);
      if (type !== "subscribe") return;
      told.reset = () => socket.send(resetRequired(id));
      line.emit("listens");
    });
    server.onMessage((text) => {
      if (JSON.parse(text).type !== "next") return socket.send(text);
      if (text.includes('"MessageSent"')) line.emit("missed");
    });
  });
  return told;
}

function resetRequired(id) {
  const events = { __typename: "EventEdge", cursor: null, event: { __typename: "ResetRequired" } };
  return JSON.stringify({ type: "next", id, payload: { data: { events } } });
}

/** Everybody can read what the server holds: no gap, nothing twice, in its order. */
async function agree(people, api, conversationId) {
  const held = await api.messages(conversationId);
  assert.deepEqual(held.map(([seq]) => seq), held.map((_, index) => index + 1));
  for (const person of people) {
    await person.has(held.length);
    await person.scrollsToTheBeginning();
    assert.deepEqual(await person.shown(), held);
  }
}
