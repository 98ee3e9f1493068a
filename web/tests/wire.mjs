// What clients send that are not in these checks as libraries: the headers of Apollo Kotlin and iOS, a page with tracing
// tools, compressed bodies, a browser's EventSource that connects again, and a form that is refused.
// Usage: node wire.mjs BINARY FOLDER

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { start } from "./server.mjs";

const [binary, folder] = process.argv.slice(2);
if (!folder) throw new Error("usage: node wire.mjs BINARY FOLDER");

const PAGE = "https://chat.example";
const FOLLOW = "subscription Follow { events { cursor event { __typename } } }";
const TYPENAME = JSON.stringify({ query: "{ __typename }" });

const own = join(folder, "wire");
mkdirSync(own, { recursive: true });
const { url, stop } = await start(binary, own, "127.0.0.1:0", { MESSENGER_ALLOWED_ORIGINS: PAGE });

const tell = (line) => console.log(`ok  ${line}`);

async function post(body, headers = {}) {
  return fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
}

/** Reads a response until its text has a match; then lets go of it. */
async function readUntil(response, pattern) {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    const found = text.match(pattern);
    if (found) return found;
  }
  throw new Error(`it ended before ${pattern}: ${text}`);
}

await post({ query: 'mutation { createUser(input: {username: "betty"}) { user { id } } }' });

// Neither names a boundary (apollo-kotlin's HttpNetworkTransport, apollo-ios's RequestChainNetworkTransport).
const mobiles = {
  "Apollo Kotlin": "multipart/mixed;subscriptionSpec=1.0, application/graphql-response+json, application/json",
  "Apollo iOS": "multipart/mixed;subscriptionSpec=1.0,application/json",
};
for (const [name, accept] of Object.entries(mobiles)) {
  const response = await post({ query: FOLLOW }, { accept, "messenger-user": "betty" });
  assert.equal(response.status, 200);
  const [, boundary] = response.headers.get("content-type").match(/^multipart\/mixed;.*boundary="?([^";]+)"?/);
  const part = new RegExp(`--${boundary}\r\ncontent-type: application/json\r\n\r\n(.*"CaughtUp".*)\r\n--${boundary}`, "i");
  const [, json] = await readUntil(response, part);
  assert.equal(JSON.parse(json).payload.data.events.event.__typename, "CaughtUp");
  tell(`${name} follows over multipart/mixed`);
}

const traced = "baggage,content-type,sentry-trace,traceparent,x-datadog-trace-id";
const preflight = await fetch(`${url}/graphql`, {
  method: "OPTIONS",
  headers: {
    origin: PAGE,
    "access-control-request-method": "POST",
    "access-control-request-headers": traced,
  },
});
assert.equal(preflight.status, 200);
assert.equal(preflight.headers.get("access-control-allow-origin"), PAGE);
assert.equal(preflight.headers.get("access-control-allow-credentials"), "true");
assert.deepEqual(preflight.headers.get("access-control-allow-headers").split(/, */).sort(), traced.split(","));
tell("a page with tracing tools may send their headers");

const packed = await post(gzipSync(TYPENAME), { "content-encoding": "gzip" });
assert.deepEqual(await packed.json(), { data: { __typename: "Query" } });
const unknown = await post(TYPENAME, { "content-encoding": "br" });
assert.equal(unknown.status, 415);
assert.equal(unknown.headers.get("accept-encoding"), "gzip");
tell("a body may be compressed with gzip");

const query = new URLSearchParams({ query: FOLLOW });
const events = (headers) =>
  fetch(`${url}/graphql?${query}`, {
    headers: { accept: "text/event-stream", "messenger-user": "betty", ...headers },
  });
const first = await readUntil(await events({}), /id: (.+)\nevent: next\ndata: (.+)\n\n/);
assert.equal(JSON.parse(first[2]).data.events.cursor, first[1]);
const ids = await (await post({ query: '{ user(username: "betty") { id } }' })).json();
const sent = await post(
  {
    query: "mutation ($to: ID!) { sendMessage(input: {recipientId: $to, text: \"while away\"}) { errors { code } } }",
    variables: { to: ids.data.user.id },
  },
  { "messenger-user": "betty" },
);
assert.deepEqual(await sent.json(), { data: { sendMessage: { errors: [] } } });
const again = await readUntil(await events({ "last-event-id": first[1] }), /id: (.+)\nevent: next\ndata: (.+)\n\n/);
assert.equal(JSON.parse(again[2]).data.events.event.__typename, "MessageSent");
tell("an EventSource that connects again hears what it missed");

/** Sends a form of several megabytes, and reads the answer only when all of it is sent. */
function form() {
  return new Promise((resolve, reject) => {
    const body = Buffer.alloc(4 * 1024 * 1024, "x");
    const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": body.length };
    const sending = request(`${url}/graphql`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.on("error", reject);
    sending.end(body);
  });
}
assert.equal(await form(), 415);
tell("a form hears why it is refused");

assert.equal(await stop(), 0);
