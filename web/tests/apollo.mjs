// A stock Apollo Client has a conversation through the server.
// Usage: node apollo.mjs http://localhost:8080/graphql

import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";

const uri = process.argv[2];
if (!uri) throw new Error("usage: node apollo.mjs URL");

const CREATE_USER = gql`
  mutation CreateUser($input: CreateUserInput!) {
    createUser(input: $input) {
      user { id username displayName }
      errors { code message path }
    }
  }
`;

const SEND_MESSAGE = gql`
  mutation SendMessage($input: SendMessageInput!) {
    sendMessage(input: $input) {
      message { id seq text sentAt }
      deduplicated
      errors { code message path }
    }
  }
`;

const RECENT_MESSAGES = `
  nodes { id seq text sentAt sender { id username displayName } }
  pageInfo { hasNextPage endCursor }
`;

const LAST_100 = gql`
  query Last100($recipient: ID!) {
    recentMessages(recipientId: $recipient, window: { last: 100 }) { ${RECENT_MESSAGES} }
  }
`;

const LAST_30_DAYS = gql`
  query Last30Days($recipient: ID!, $after: String) {
    recentMessages(recipientId: $recipient, window: { days: 30 }, first: 100, after: $after) { ${RECENT_MESSAGES} }
  }
`;

const client = new ApolloClient({ link: new HttpLink({ uri }), cache: new InMemoryCache() });

async function createUser(name) {
  // The suffix lets the story run again on the same database.
  const username = `${name}${randomBytes(4).toString("hex")}`;
  const { data } = await client.mutate({ mutation: CREATE_USER, variables: { input: { username } } });
  assert.deepEqual(data.createUser.errors, []);
  assert.equal(data.createUser.user.username, username);
  return data.createUser.user;
}

async function sendMessage(input) {
  const { data } = await client.mutate({ mutation: SEND_MESSAGE, variables: { input } });
  assert.deepEqual(data.sendMessage.errors, []);
  return data.sendMessage;
}

async function recentMessages(query, recipient) {
  const { data } = await client.query({ query, variables: { recipient: recipient.id } });
  return data.recentMessages.nodes;
}

function textsBySeq(messages) {
  return messages.toSorted((a, b) => a.seq - b.seq).map((message) => message.text);
}

const tell = (line) => console.log(`ok  ${line}`);

const aaron = await createUser("aaron");
const betty = await createUser("betty");
tell(`${aaron.username} and ${betty.username} sign up`);

const hello = {
  senderId: aaron.id,
  recipientId: betty.id,
  text: "Hello, Betty! 👋",
  clientMessageId: randomUUID(),
};
const sent = await sendMessage(hello);
assert.equal(sent.deduplicated, false);
assert.equal(sent.message.text, hello.text);
tell("Aaron sends Betty a message");

const resent = await sendMessage(hello);
assert.equal(resent.deduplicated, true);
assert.deepEqual(resent.message, sent.message);
tell("Aaron's phone retries, and the server recognises the message");

const howAreYou = { ...hello, text: "How are you?", clientMessageId: randomUUID() };
assert.equal((await sendMessage(howAreYou)).deduplicated, false);
tell("Aaron sends a second message");

for (const query of [LAST_100, LAST_30_DAYS]) {
  const messages = await recentMessages(query, betty);
  assert.deepEqual(textsBySeq(messages), [hello.text, howAreYou.text]);
  assert.ok(messages.every((message) => message.sender.username === aaron.username));
}
tell("Betty reads both, by the last 100 messages and by the last 30 days");

const cache = client.cache.extract();
const aaronsKey = client.cache.identify(aaron);
const messages = Object.values(cache).filter((object) => object.__typename === "Message");
assert.equal(messages.length, 2);
assert.ok(messages.every((message) => message.sender.__ref === aaronsKey));
assert.deepEqual(
  Object.values(cache).filter((object) => object.username === aaron.username),
  [cache[aaronsKey]],
);
tell("the cache holds each message once, and one Aaron who sent them both");

await assert.rejects(client.query({ query: gql`{ noSuchField }` }), (error) => {
  assert.ok(CombinedGraphQLErrors.is(error), `a ${error.name} instead: ${error.message}`);
  assert.equal(typeof error.errors[0].extensions?.code, "string", "no extensions.code");
  tell(`an invalid query is refused with ${error.errors[0].extensions.code}`);
  return true;
});

const POSSIBLE_TYPES = { Conversation: ["Chatroom", "DirectConversation"], Recipient: ["Chatroom", "User"] };

// A client of one person: the header names them once for everything.
function clientOf(user) {
  const link = new HttpLink({ uri, headers: { "messenger-user": user.id } });
  return new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes: POSSIBLE_TYPES }) });
}

const INBOX = gql`
  query Inbox {
    conversations {
      nodes {
        id
        unreadCount
        lastMessage { id text reactions { emoji count viewerHasReacted } }
        ... on Chatroom { name memberCount }
        ... on DirectConversation { participants { id username } }
      }
    }
  }
`;

const CREATE_CHATROOM = gql`
  mutation CreateChatroom($input: CreateChatroomInput!) {
    createChatroom(input: $input) { chatroom { id name } errors { code message path } }
  }
`;

const MARK_READ = gql`
  mutation MarkRead($input: MarkReadInput!) {
    markRead(input: $input) { conversation { id readUpTo unreadCount } errors { code message path } }
  }
`;

const ADD_REACTION = gql`
  mutation AddReaction($input: AddReactionInput!) {
    addReaction(input: $input) {
      message { id reactions { emoji count viewerHasReacted } }
      errors { code message path }
    }
  }
`;

async function change(who, mutation, input) {
  const { data } = await who.mutate({ mutation, variables: { input } });
  const [payload] = Object.values(data);
  assert.deepEqual(payload.errors, []);
  return payload;
}

const [aaronsClient, bettysClient] = [clientOf(aaron), clientOf(betty)];
const { chatroom } = await change(aaronsClient, CREATE_CHATROOM, { name: "lunch", memberIds: [betty.id] });
const said = await change(aaronsClient, SEND_MESSAGE, { recipientId: chatroom.id, text: "Hungry?" });
const inbox = async () => (await bettysClient.query({ query: INBOX })).data.conversations.nodes;
assert.deepEqual((await inbox()).map((entry) => [entry.__typename, entry.unreadCount]), [["Chatroom", 1], ["DirectConversation", 2]]);
tell("Betty's inbox has a chatroom and a direct conversation, with what is unread in each");

await change(bettysClient, MARK_READ, { conversationId: chatroom.id, readUpTo: said.message.seq });
await change(bettysClient, ADD_REACTION, { messageId: said.message.id, emoji: "🍕" });
const [read] = await inbox();
assert.equal(read.unreadCount, 0);
assert.deepEqual(read.lastMessage.reactions.map(({ emoji, count, viewerHasReacted }) => [emoji, count, viewerHasReacted]), [["🍕", 1, true]]);
tell("what markRead and addReaction answer updates the inbox in Betty's cache");

// Automatic persisted queries: the hash goes first, and the document only when the server does not know it yet. Gives the
// methods of the requests that were made.
async function askByHash(useGETForHashedQueries) {
  const methods = [];
  const link = new HttpLink({
    uri,
    fetch(address, options) {
      methods.push(options.method);
      return fetch(address, options);
    },
  });
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const persisted = new PersistedQueryLink({ sha256, useGETForHashedQueries }).concat(link);
  const byHash = new ApolloClient({ link: persisted, cache: new InMemoryCache() });
  const query = gql(`query ${OF_THIS_RUN} { users(first: 1) { nodes { id } } }`);
  const { data } = await byHash.query({ query, fetchPolicy: "network-only" });
  assert.equal(data.users.nodes.length, 1);
  byHash.stop();
  return methods;
}

// A name that no earlier run has registered.
const OF_THIS_RUN = `OfThisRun${randomBytes(4).toString("hex")}`;
assert.deepEqual(await askByHash(false), ["POST", "POST"]);
assert.deepEqual(await askByHash(true), ["GET"]);
tell("a persisted query is registered by its first use, and found by its hash afterwards, over GET");

aaronsClient.stop();
bettysClient.stop();
client.stop();
