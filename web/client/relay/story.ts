// What relay-compiler has made runs in Relay's own store, against a server with the example.
// Usage: tsx relay/story.ts URL
import assert from "node:assert/strict";
import {
  type Environment,
  type GraphQLTaggedNode,
  type OperationType,
  commitMutation,
  createOperationDescriptor,
  fetchQuery,
  getFragment,
  getRequest,
  getSingularSelector,
  requestSubscription,
} from "relay-runtime";
import events, { type EventsSubscription } from "../generated/relay/EventsSubscription.graphql";
import historyPage, { type HistoryPageQuery } from "../generated/relay/HistoryPageQuery.graphql";
import history, { type HistoryQuery } from "../generated/relay/HistoryQuery.graphql";
import messages, { type History_messages$data } from "../generated/relay/History_messages.graphql";
import inbox, { type InboxQuery } from "../generated/relay/InboxQuery.graphql";
import inboxPage, { type InboxPageQuery } from "../generated/relay/InboxPageQuery.graphql";
import rows, { type Inbox_rows$data } from "../generated/relay/Inbox_rows.graphql";
import sending, { type SendingMutation } from "../generated/relay/SendingMutation.graphql";
import { IDS, tell } from "../live/example";
import { environmentOf } from "./network";

const url = process.argv[2];
assert.ok(url, "usage: tsx relay/story.ts URL");
const aaron = environmentOf(url, "aaron");
const betty = environmentOf(url, "betty");

/** Asks, keeps the answer in the store, and gives what a fragment of the query, or of a part of it, shows of it, now and later. */
async function open<Query extends OperationType, Data>(
  environment: Environment,
  query: GraphQLTaggedNode,
  fragment: GraphQLTaggedNode,
  variables: Query["variables"],
  ownerOf: (answer: Query["response"]) => unknown = (answer) => answer,
): Promise<() => Data> {
  environment.retain(createOperationDescriptor(getRequest(query), variables));
  const answer = await fetchQuery<Query>(environment, query, variables).toPromise();
  assert.ok(answer);
  const selector = getSingularSelector(getFragment(fragment), ownerOf(answer));
  assert.ok(selector);
  return () => {
    const { data, isMissingData } = environment.lookup(selector);
    assert.equal(isMissingData, false);
    return data as Data;
  };
}

type Paged = { pageInfo: { endCursor: string | null } };

/** The compiler has added it to every connection. */
const endOf = (connection: object) => (connection as Paged).pageInfo.endCursor;

const inboxOfBetty = await open<InboxQuery, Inbox_rows$data>(betty, inbox, rows, { first: 2 });
const row = { first: 2, after: endOf(inboxOfBetty().conversations) };
await fetchQuery<InboxPageQuery>(betty, inboxPage, row).toPromise();
assert.equal(new Set(inboxOfBetty().conversations.edges.map(({ node }) => node.id)).size, 3);
tell("Relay: the inbox is one connection of two pages");

const chatroom = { conversationId: IDS.chatroom, first: 2 };
const chat = await open<HistoryQuery, History_messages$data>(
  betty,
  history,
  messages,
  chatroom,
  ({ conversation }) => conversation,
);
const connection = () => chat().messages;
const seqs = () => connection().edges.map(({ node }) => node.seq);
const older = { id: IDS.chatroom, first: 2, after: endOf(connection()) };
await fetchQuery<HistoryPageQuery>(betty, historyPage, older).toPromise();
assert.deepEqual(seqs(), [6, 5, 4, 3]);
tell("Relay: so is the history, which is fetched again by the id of its conversation");

const send = (environment: Environment, text: string, connections: string[] = []) =>
  new Promise<SendingMutation["response"]>((resolve, reject) =>
    commitMutation<SendingMutation>(environment, {
      mutation: sending,
      variables: { input: { recipientId: IDS.chatroom, text }, connections },
      onCompleted: resolve,
      onError: reject,
    }),
  );
const { sendMessage } = await send(betty, "Typed by Relay", [connection().__id]);
assert.deepEqual(sendMessage.errors, []);
assert.deepEqual(seqs(), [7, 6, 5, 4, 3]);
tell("Relay: what is sent stands at the head of the history");

const told = await new Promise<EventsSubscription["response"]>((resolve, reject) => {
  requestSubscription<EventsSubscription>(betty, {
    subscription: events,
    variables: { after: null },
    onNext: (answer) => {
      if (answer?.events.event.__typename === "MessageSent") resolve(answer);
      else void send(aaron, "Heard by Relay").catch(reject);
    },
    onError: reject,
  });
});
const { event } = told.events;
assert.equal(event.__typename === "MessageSent" && event.message.text, "Heard by Relay");
tell("Relay: a subscription tells what Aaron sends");
process.exit(0);
