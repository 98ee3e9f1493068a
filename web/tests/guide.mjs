// The guide for the web team: its commands are run, and its recipes are compiled and used, as a reader would.
// Its operations and tables are played by `cargo test`.
//
// Usage: node guide.mjs BINARY FOLDER
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { join, resolve } from "node:path";
import WebSocket from "ws";
import { runCommands } from "./guide/commands.mjs";
import { compile } from "./guide/modules.mjs";
import { Screen, apolloReader, fetchReader, rendered, urqlReader } from "./guide/readers.mjs";
import { PEOPLE, Stage, token } from "./guide/stage.mjs";

const [binary, parent] = process.argv.slice(2);
if (!parent) throw new Error("usage: node guide.mjs BINARY FOLDER");

// Node has one of its own from version 22 on.
globalThis.WebSocket ??= WebSocket;

const PATIENCE_MS = 60_000;

const tell = (line) => console.log(`ok  ${line}`);
const folder = mkdtempSync(join(parent, "guide-"));

const commands = await runCommands(resolve(binary), folder);
assert.equal(commands, 3);
tell(`the guide's ${commands} commands, from its first`);

const { names, load } = compile(join(folder, "messenger"));
tell(`the guide's TypeScript is strict: ${names.join(", ")}`);

const stage = await Stage.open(binary, folder);
process.on("exit", () => stage.kill());
const late = () => {
  throw new Error("a recipe waits for something that does not come");
};
const overdue = setTimeout(late, PATIENCE_MS);
// Who writes to whom with which recipe.
const tales = await Promise.all([
  begin("plain fetch", fetchReader, "aaron", "betty"),
  begin("Apollo Client", apolloReader, "carol", "aaron"),
  begin("urql", urqlReader, "carol", "betty"),
]);
const together = (step) => Promise.all(tales.map(step));
const allSee = (text, isThere) => together(({ screen }) => screen.has(text, isThere));

async function begin(recipe, reader, writer, listener) {
  const conversation = `{ conversation(withUserId: "${PEOPLE[writer]}") { id } }`;
  const { id } = (await stage.ask(listener, conversation)).data.conversation;
  const tale = { recipe, writer, listener, id, screen: new Screen(), ...(await reader(load, stage.url)) };
  await tale.watch(tale.screen, listener, id);
  return tale;
}

/** Sends with the recipe, and compares its whole answer. */
async function write({ send, writer, listener }, text, deduplicated) {
  const input = { clientMessageId: randomUUID(), recipientId: PEOPLE[listener], text };
  const { message, ...rest } = await send(writer, input);
  assert.equal(message.text, text);
  assert.equal(message.clientMessageId, input.clientMessageId);
  assert.deepEqual(withoutTypes(rest), { deduplicated, errors: [] });
}

function withoutTypes({ __typename, ...rest }) {
  return rest;
}

/** What is on the screens is what is stored: each message once, in its place. */
async function compare() {
  for (const { recipe, listener, id, screen } of tales) {
    const query = "query ($id: ID!) { conversation(id: $id) { messages(first: 50) { nodes { id seq text } } } }";
    const stored = (await stage.ask(listener, query, { id })).data.conversation.messages.nodes;
    assert.deepEqual(screen.timeline, stored, recipe);
  }
}

/** What is new to somebody in each conversation, as the API tells it. */
async function unreadOf(name) {
  const titles = "... on Chatroom { name } ... on DirectConversation { participants { id displayName } }";
  const { data } = await stage.ask(name, `{ conversations { nodes { unreadCount ${titles} } } }`);
  const title = ({ name: room, participants }) => room ?? participants.find(({ id }) => id !== PEOPLE[name]).displayName;
  return data.conversations.nodes.map((conversation) => `${title(conversation)}: ${conversation.unreadCount}`);
}

/** The server does what it is asked, and the client never hears of it. */
function loseTheAnswerTo(text) {
  const real = globalThis.fetch;
  globalThis.fetch = async (address, options) => {
    const response = await real(address, options);
    if (!options.body?.includes(text)) return response;
    globalThis.fetch = real;
    await response.text();
    throw new TypeError("the connection was lost");
  };
}

await together(({ screen }) => screen.isRenewed);
tell("a token expires, and another one is asked for");

for (const tale of tales) {
  loseTheAnswerTo("In the tunnel?");
  await write(tale, "In the tunnel?", true);
}
await allSee("In the tunnel?");
tell("an answer is lost, the message is sent again, and is there once");

await stage.stop();
stage.backUp();
const waiting = together((tale) => write(tale, "Out again!", false));
await stage.start();
await waiting;
await allSee("Out again!");
await compare();
tell("the server restarts: what waited is sent, and everybody sees every message once, in its place");

const contents = (html, element) => [...html.matchAll(RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map(([, text]) => text);
const [tale] = tales;
const room = await rendered(load, stage.url, tale.listener, "Conversation", { id: tale.id, recipientId: PEOPLE[tale.writer] });
assert.deepEqual(
  contents(room, "li").map((line) => line.replace(/^\w+: /, "")),
  tale.screen.timeline.toReversed().map(({ text }) => text),
);
const inbox = await rendered(load, stage.url, "betty", "Chat", { userId: PEOPLE.betty });
assert.deepEqual(contents(inbox, "button"), await unreadOf("betty"));
tell("the React components show what is stored");

const { byHash } = await load("persisted");
const { ApolloClient, HttpLink, InMemoryCache, gql } = await import("@apollo/client");
const headers = { Authorization: `Bearer ${token("betty", 3600)}` };
const bodies = [];
const collecting = (address, options) => {
  bodies.push(JSON.parse(options.body));
  return fetch(address, options);
};
const link = byHash().concat(new HttpLink({ uri: stage.url, headers, fetch: collecting }));
const { data } = await new ApolloClient({ link, cache: new InMemoryCache() }).query({ query: gql`{ viewer { username } }` });
assert.deepEqual(data, { viewer: { __typename: "User", username: "betty" } });
assert.deepEqual(bodies.map((body) => "query" in body), [false, true]);
tell("the hash of a document is sent in its place");

await stage.stop();
stage.restore();
await stage.start();
await allSee("Out again!", false);
await compare();
tell("the operator goes back to a backup: everybody is told to read everything anew, and does");

for (const { screen: { connections } } of tales.slice(1)) {
  assert.equal(connections[0], "connected");
  assert.ok(connections.includes("reconnecting"));
}
tales.forEach(({ stop }) => stop());
await stage.stop();
clearTimeout(overdue);
process.exit(0);
