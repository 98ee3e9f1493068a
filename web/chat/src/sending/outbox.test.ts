// Aaron's outbox, and a network that fails when the story says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Draft, Outbox, undelivered } from "./outbox";

const draft = (clientMessageId: string): Draft => ({ clientMessageId, recipientId: "user_betty", text: clientMessageId, replyToId: null });
const UNREACHABLE = "The server cannot be reached.";
const UNKNOWN = "It is not known whether this was sent.";

/** What is kept for a tab. */
function tab() {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text) };
}

/** A network on which each request waits to be answered. */
function network() {
  const requests: { draft: Draft; succeed: () => void; fail: () => void }[] = [];
  const send = (draft: Draft) =>
    new Promise<void>((resolve, reject) => requests.push({ draft, succeed: resolve, fail: () => reject(new TypeError("no network")) }));
  return { requests, send };
}

/** Lets what was answered take effect. */
const settle = () => new Promise(setImmediate);
const states = (outbox: Outbox) => outbox.pending().map(({ clientMessageId, failure }) => [clientMessageId, failure]);

test("messages are sent one after the other, and leave when they are acknowledged", async () => {
  const { requests, send } = network();
  const outbox = new Outbox(send, tab(), "aaron");
  outbox.send(draft("first"));
  outbox.send(draft("second"));
  await settle();
  assert.deepEqual(requests.map(({ draft }) => draft.text), ["first"]);
  requests[0]!.succeed();
  await settle();
  assert.deepEqual(requests.map(({ draft }) => draft.text), ["first", "second"]);
  assert.deepEqual(states(outbox), [["second", null]]);
});

test("what failed stays, and is sent again under its own key", async () => {
  const { requests, send } = network();
  const outbox = new Outbox(send, tab(), "aaron");
  outbox.send(draft("hello"));
  await settle();
  requests[0]!.fail();
  await settle();
  assert.deepEqual(states(outbox), [["hello", UNREACHABLE]]);
  outbox.retry(outbox.pending()[0]!);
  await settle();
  assert.deepEqual(states(outbox), [["hello", null]]);
  assert.equal(requests[1]!.draft.clientMessageId, "hello");
  requests[1]!.succeed();
  await settle();
  assert.deepEqual(states(outbox), []);
});

test("after a reload, what was on its way is there to be sent again", async () => {
  const storage = tab();
  const { requests, send } = network();
  new Outbox(send, storage, "aaron").send(draft("hello"));
  await settle();
  const reloaded = new Outbox(send, storage, "aaron");
  assert.deepEqual(states(reloaded), [["hello", UNKNOWN]]);
  assert.deepEqual(states(new Outbox(send, storage, "betty")), []);
  reloaded.retry(reloaded.pending()[0]!);
  await settle();
  assert.deepEqual(requests[1]!.draft, { ...draft("hello"), failure: UNKNOWN });
  requests[1]!.succeed();
  await settle();
  assert.deepEqual(states(new Outbox(send, storage, "aaron")), []);
});

test("a message that comes back as an event makes its entry leave, whatever becomes of the request", async () => {
  const { requests, send } = network();
  const outbox = new Outbox(send, tab(), "aaron");
  outbox.send(draft("hello"));
  await settle();
  outbox.delivered("hello");
  requests[0]!.fail();
  await settle();
  assert.deepEqual(states(outbox), []);
});

test("an entry is not shown beside the message with its key, nor in another conversation", () => {
  const pending = [draft("arrived"), draft("waiting")].map((entry) => ({ ...entry, failure: null }));
  const messages = [{ clientMessageId: null }, { clientMessageId: "arrived" }];
  assert.deepEqual(undelivered(pending, "user_betty", messages).map(({ text }) => text), ["waiting"]);
  assert.deepEqual(undelivered(pending, "room_lunch", messages), []);
});
