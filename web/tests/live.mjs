// The clients that a web team would take follow what happens: graphql-ws, graphql-sse, and Apollo Client over each of its
// links. The server is stopped meanwhile, and started again: those that connect again by themselves hear the rest.
// Usage: node live.mjs BINARY FOLDER

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";
import { start } from "./server.mjs";

const [binary, folder] = process.argv.slice(2);
if (!folder) throw new Error("usage: node live.mjs BINARY FOLDER");

const PATIENCE_MS = 30_000;
const FOLLOW = "subscription Follow { events { event { __typename } } }";
const VIEWER = "{ viewer { username } }";

// Node has one of its own from version 22 on.
globalThis.WebSocket = WebSocket;

const tell = (line) => console.log(`ok  ${line}`);
const soon = () => new Promise((resolve) => setTimeout(resolve, 100));

/** What a subscription hears, one after the other. */
class Heard {
  #pending = [];
  #waiting = [];
  sink = {
    next: (value) => this.#put({ value }),
    error: (error) => this.#put({ error }),
    complete: () => this.#put({ done: true }),
  };

  #put(item) {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(item);
    else this.#pending.push(item);
  }

  async take() {
    const item = this.#pending.shift() ?? new Promise((resolve) => this.#waiting.push(resolve));
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error("nothing came")), PATIENCE_MS);
    });
    return Promise.race([item, late]).finally(() => clearTimeout(timer));
  }

  async takeEvent() {
    const item = await this.take();
    assert.ok(item.value?.data?.events, `an event: ${JSON.stringify(item)} ${item.error ?? ""}`);
  }
}

/** What an operation hears until its end. */
async function answersOf(client, query) {
  const heard = new Heard();
  client.subscribe({ query }, heard.sink);
  const items = [];
  for (;;) {
    const item = await heard.take();
    items.push(item);
    if (!("value" in item)) return items;
  }
}

function wsClient(url, name, options = {}) {
  return createWsClient({
    url: url.replace("http", "ws"),
    connectionParams: { "Messenger-User": name },
    retryWait: soon,
    retryAttempts: 1_000,
    // While the server is away, a connection is refused: that is no close event, and only those are retried by themselves.
    shouldRetry: () => true,
    ...options,
  });
}

function sseClient(url, name) {
  return createSseClient({ url, headers: { "Messenger-User": name }, retry: soon, retryAttempts: 1_000 });
}

async function createUser(url) {
  const username = `betty${randomBytes(4).toString("hex")}`;
  const query = `mutation { createUser(input: { username: "${username}" }) { user { id } } }`;
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query }) });
  assert.ok((await response.json()).data.createUser.user.id);
  return username;
}

const first = await start(binary, folder);
const url = `${first.url}/graphql`;
const betty = await createUser(url);

// graphql-ws
const closed = [];
const ws = wsClient(url, betty, { lazy: false, on: { closed: (event) => closed.push(event.code) } });
const [answer, end] = await answersOf(ws, VIEWER);
assert.deepEqual(answer.value, { data: { viewer: { username: betty } } });
assert.equal(end.done, true);
const [refusal] = await answersOf(ws, "{ nonsense }");
assert.equal(refusal.error[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
const overWs = new Heard();
const endWs = ws.subscribe({ query: FOLLOW }, overWs.sink);
await overWs.takeEvent();
const givenUp = new Heard();
const giveUp = ws.subscribe({ query: FOLLOW }, givenUp.sink);
await givenUp.takeEvent();
giveUp();
assert.equal((await givenUp.take()).done, true);
assert.deepEqual(closed, []);
tell("graphql-ws: a query, a refusal, and two subscriptions on one socket, of which one is ended");

const stranger = wsClient(url, "nobody-there", { retryAttempts: 0 });
const [forbidden] = await answersOf(stranger, VIEWER);
assert.equal(forbidden.error.code, 4403);
tell("graphql-ws: who names nobody is told 4403");

// graphql-sse
const sse = sseClient(url, betty);
const [sseAnswer, sseEnd] = await answersOf(sse, VIEWER);
assert.deepEqual(sseAnswer.value, { data: { viewer: { username: betty } } });
assert.equal(sseEnd.done, true);
const [sseRefusal] = await answersOf(sse, "{ nonsense }");
assert.equal(sseRefusal.value.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
const overSse = new Heard();
const endSse = sse.subscribe({ query: FOLLOW }, overSse.sink);
await overSse.takeEvent();
tell("graphql-sse: a query, a refusal, and a subscription");

// Apollo Client
const apollos = {
  GraphQLWsLink: new GraphQLWsLink(wsClient(url, betty)),
  HttpLink: new HttpLink({ uri: url, headers: { "messenger-user": betty } }),
};
const overApollo = {};
for (const [name, link] of Object.entries(apollos)) {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  overApollo[name] = new Heard();
  client.subscribe({ query: gql(FOLLOW) }).subscribe(overApollo[name].sink);
  await overApollo[name].takeEvent();
  tell(`Apollo Client: a subscription over ${name}`);
}

const asked = Date.now();
assert.equal(await first.stop(), 0);
const seconds = (Date.now() - asked) / 1000;
assert.ok(seconds < 10, `stopping took ${seconds} s`);
tell(`the server stops, though everybody is connected (${seconds} s)`);

const second = await start(binary, folder, new URL(first.url).host);
await overWs.takeEvent();
assert.deepEqual(closed.slice(0, 1), [1012]);
tell("graphql-ws is told 1012, connects again and subscribes again by itself");
await overSse.takeEvent();
tell("graphql-sse, too");
await overApollo.GraphQLWsLink.takeEvent();
tell("Apollo Client over GraphQLWsLink, too");
assert.ok((await overApollo.HttpLink.take()).value?.error, "an error");
tell("Apollo Client over HttpLink says that the subscription broke off");

endWs();
endSse();
assert.equal(await second.stop(), 0);
process.exit(0);
