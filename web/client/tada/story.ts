// The documents of gql.tada are documents like any other: they are run, and their answers are of their types.
// Usage: tsx tada/story.ts URL
import assert from "node:assert/strict";
import { IDS, people, tell } from "../live/example";
import { events, inbox, message, problem, recent, send } from "./documents";
import { readFragment } from "./graphql";

const url = process.argv[2];
assert.ok(url, "usage: tsx tada/story.ts URL");
const { aaron, betty } = people(url);

const { conversations } = await betty.ask(inbox, { first: 20 });
assert.deepEqual(
  conversations.nodes.map(({ __typename }) => __typename),
  ["Chatroom", "DirectConversation", "DirectConversation"],
);
const { sendMessage } = await aaron.ask(send, { input: { recipientId: IDS.betty, text: "Typed by inference" } });
const sent = readFragment(message, sendMessage.message);
assert.equal(sent?.text, "Typed by inference");
const { recentMessages } = await betty.ask(recent, { recipientId: IDS.betty, window: { last: 1 } });
assert.deepEqual(readFragment(message, recentMessages.nodes), [sent]);
const refused = (await aaron.ask(send, { input: { recipientId: IDS.betty, text: "a".repeat(5_001) } })).sendMessage;
const [tooLong] = readFragment(problem, refused.errors);
assert.equal(tooLong?.__typename === "MessageTooLong" && tooLong.actual, 5_001);
for await (const told of betty.follow(events, { after: conversations.eventCursor })) {
  const { event } = told.events;
  assert.equal(event.__typename === "MessageSent" && readFragment(message, event.message).seq, sent?.seq);
  break;
}
tell("gql.tada: a query, a mutation and a subscription answer as their types promise");
process.exit(0);
