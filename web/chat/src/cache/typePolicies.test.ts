// The cache of a real Apollo Client, fed with pages and live messages in any order.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { InMemoryCache, gql } from "@apollo/client";
import { buildSchema, isAbstractType } from "graphql";
import { possibleTypes, typePolicies } from "./typePolicies";

const HISTORY = gql`
  query History($first: Int, $after: String, $last: Int, $before: String) {
    conversation(id: "dm_1") {
      id
      latestSeq
      messages(first: $first, after: $after, last: $last, before: $before) {
        nodes { id seq }
        pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
      }
    }
  }
`;
const LIVE = gql`
  fragment Live on DirectConversation { id latestSeq messages { nodes { id seq } } }
`;
const SHOWN = gql`
  fragment Shown on DirectConversation {
    messages {
      nodes { id seq }
      pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
    }
  }
`;

interface PageArguments {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

const message = (seq: number) => ({ __typename: "Message", id: `msg_${seq}`, seq });
const seqOf = (cursor: string) => Number(cursor.slice("cursor_".length));
const dense = (from: number, downTo: number) => Array.from({ length: from - downTo + 1 }, (_, index) => from - index);

/** What the server answers while there are so many messages. */
function pageOf(latestSeq: number, { first, after, last, before }: PageArguments) {
  const above = before ? seqOf(before) : 0;
  const below = after ? seqOf(after) : latestSeq + 1;
  const between = dense(below - 1, above + 1);
  const seqs = last === undefined ? between.slice(0, first) : between.slice(-last);
  const [newest, oldest] = [seqs.at(0), seqs.at(-1)];
  return {
    __typename: "MessageConnection",
    nodes: seqs.map(message),
    pageInfo: {
      __typename: "PageInfo",
      startCursor: newest ? `cursor_${newest}` : null,
      endCursor: oldest ? `cursor_${oldest}` : null,
      hasNextPage: (oldest ?? below) > 1,
      hasPreviousPage: (newest ?? above) < latestSeq,
    },
  };
}

/** Betty's cache, and what reaches it. */
class Betty {
  readonly cache = new InMemoryCache({ possibleTypes, typePolicies });

  reads(latestSeq: number, variables: PageArguments) {
    const conversation = { __typename: "DirectConversation", id: "dm_1", latestSeq, messages: pageOf(latestSeq, variables) };
    this.cache.writeQuery({ query: HISTORY, variables, data: { conversation } });
  }

  hears(seq: number) {
    const messages = { __typename: "MessageConnection", nodes: [message(seq)] };
    const data = { __typename: "DirectConversation", id: "dm_1", latestSeq: seq, messages };
    this.cache.writeFragment({ id: "DirectConversation:dm_1", fragment: LIVE, data });
  }

  sees() {
    const shown = this.cache.readFragment<any>({ id: "DirectConversation:dm_1", fragment: SHOWN });
    const { nodes, pageInfo } = shown.messages;
    return { seqs: nodes.map((node: { seq: number }) => node.seq) as number[], pageInfo };
  }

  /** As scrolling up does, until there is no more. Gives how many pages it took. */
  scrollsUp(latestSeq: number, first: number): number {
    for (let count = 0; ; count += 1) {
      const { pageInfo } = this.sees();
      if (!pageInfo.hasNextPage) return count;
      assert.ok(count < latestSeq, "each page leads further");
      this.reads(latestSeq, { first, after: pageInfo.endCursor });
    }
  }
}

/** Numbers that are the same in each run, and different for each seed (mulberry32). */
function randomOf(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

test("Betty reads the newest page, hears two messages, and scrolls up to the start", () => {
  const betty = new Betty();
  betty.reads(7, { first: 3 });
  assert.deepEqual(betty.sees().seqs, [7, 6, 5]);
  betty.hears(8);
  betty.hears(9);
  betty.hears(9);
  assert.deepEqual(betty.sees(), {
    seqs: [9, 8, 7, 6, 5],
    pageInfo: {
      __typename: "PageInfo", startCursor: "cursor_7", endCursor: "cursor_5", hasNextPage: true, hasPreviousPage: false,
    },
  });
  assert.equal(betty.scrollsUp(9, 3), 2);
  assert.deepEqual(betty.sees().seqs, dense(9, 1));
});

test("a message that comes before the page it belongs to is kept", () => {
  const betty = new Betty();
  betty.hears(6);
  betty.reads(5, { first: 3 });
  assert.deepEqual(betty.sees().seqs, [6, 5, 4, 3]);
});

test("what was missed is a hole that scrolling up fills", () => {
  const betty = new Betty();
  betty.reads(10, { first: 4 });
  betty.reads(30, { first: 4 });
  assert.deepEqual(betty.sees().seqs, [30, 29, 28, 27]);
  assert.equal(betty.sees().pageInfo.hasNextPage, true);
  betty.scrollsUp(30, 4);
  assert.deepEqual(betty.sees().seqs, dense(30, 1));
});

test("newer messages are read from the older end as well", () => {
  const betty = new Betty();
  betty.reads(5, { first: 5 });
  betty.reads(12, { last: 3, before: betty.sees().pageInfo.startCursor });
  assert.deepEqual(betty.sees().seqs, dense(8, 1));
  assert.equal(betty.sees().pageInfo.hasPreviousPage, true);
  betty.reads(12, { last: 100, before: betty.sees().pageInfo.startCursor });
  betty.reads(12, { last: 100, before: betty.sees().pageInfo.startCursor });
  assert.deepEqual(betty.sees().seqs, dense(12, 1));
  assert.equal(betty.sees().pageInfo.hasPreviousPage, false);
});

test("pages and live messages in any order, as often as they like, are one list", () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = randomOf(seed);
    const betty = new Betty();
    let newest = 0;
    const arrivals = Array.from({ length: 1 + random(30) }, () => () => {
      const latestSeq = 1 + random(60);
      const cursor = `cursor_${1 + random(latestSeq)}`;
      const kind = random(4);
      if (kind === 0) betty.hears(latestSeq);
      else if (kind === 1) betty.reads(latestSeq, { first: 1 + random(9) });
      else if (kind === 2) betty.reads(latestSeq, { first: 1 + random(9), after: cursor });
      else betty.reads(latestSeq, { last: 1 + random(9), before: cursor });
    });
    for (const arrive of arrivals) {
      arrive();
      const { seqs, pageInfo } = betty.sees();
      newest = Math.max(newest, seqs[0] ?? 0);
      assert.deepEqual(seqs, dense(newest, newest - seqs.length + 1), `dense, newest first, from the newest on (seed ${seed})`);
      assert.equal(pageInfo.hasNextPage, seqs.length < newest, `seed ${seed}`);
    }
    betty.hears(60);
    betty.scrollsUp(60, 1 + random(9));
    assert.deepEqual(betty.sees().seqs, dense(60, 1), `seed ${seed}`);
  }
});

const INBOX = gql`
  query Inbox($first: Int, $after: String) {
    conversations(first: $first, after: $after) {
      edges { cursor node { id lastMessage { id sentAt } ... on Chatroom { createdAt } } }
      nodes { id }
      pageInfo { endCursor hasNextPage }
    }
  }
`;

function listed(id: string, hour: number) {
  const lastMessage = { __typename: "Message", id: `msg_${id}_${hour}`, sentAt: `2026-01-31T${hour}:00:00.000Z` };
  return { __typename: "Chatroom", id, createdAt: "2026-01-01T00:00:00.000Z", lastMessage };
}

function inboxPage(rooms: ReturnType<typeof listed>[], hasNextPage: boolean) {
  const edges = rooms.map((node) => ({ __typename: "ConversationEdge", cursor: `cursor_${node.id}`, node }));
  const pageInfo = { __typename: "PageInfo", endCursor: edges.at(-1)?.cursor ?? null, hasNextPage };
  return { conversations: { __typename: "ConversationConnection", edges, nodes: rooms, pageInfo } };
}

test("a conversation in which something is said moves up, a new one comes, and one that was left goes", () => {
  const cache = new InMemoryCache({ possibleTypes, typePolicies });
  const sees = () => {
    const { nodes, pageInfo } = cache.readQuery<any>({ query: INBOX }).conversations;
    return [nodes.map((node: { id: string }) => node.id), pageInfo.endCursor, pageInfo.hasNextPage];
  };
  cache.writeQuery({ query: INBOX, data: inboxPage([listed("lunch", 15), listed("work", 14)], true) });
  const after = "cursor_work";
  cache.writeQuery({ query: INBOX, variables: { after }, data: inboxPage([listed("music", 12), listed("chess", 11)], false) });
  assert.deepEqual(sees(), [["lunch", "work", "music", "chess"], "cursor_chess", false]);

  cache.writeFragment({
    id: "Chatroom:music",
    fragment: gql`fragment Said on Chatroom { lastMessage { id sentAt } }`,
    data: { __typename: "Chatroom", lastMessage: listed("music", 16).lastMessage },
  });
  assert.deepEqual(sees()[0], ["music", "lunch", "work", "chess"]);

  cache.writeQuery({ query: INBOX, data: inboxPage([listed("music", 16), listed("lunch", 15)], true) });
  assert.deepEqual(sees(), [["music", "lunch", "work", "chess"], "cursor_chess", false]);

  cache.writeQuery({
    query: gql`query New { conversations { edges { cursor node { id createdAt lastMessage { id sentAt } } } nodes { id } } }`,
    data: { conversations: { ...inboxPage([listed("garden", 17)], false).conversations, pageInfo: undefined } },
  });
  assert.deepEqual(sees(), [["garden", "music", "lunch", "work", "chess"], "cursor_chess", false]);

  cache.evict({ id: "Chatroom:lunch" });
  assert.deepEqual(sees()[0], ["garden", "music", "work", "chess"]);
});

test("a chatroom that was not there is found by its id as soon as the cache has it", () => {
  const cache = new InMemoryCache({ possibleTypes, typePolicies });
  const query = gql`query Room { conversation(id: "room_lunch") { id createdAt } }`;
  cache.writeQuery({ query, data: { conversation: null } });
  assert.deepEqual(cache.readQuery<any>({ query }).conversation, null);
  cache.writeQuery({ query: INBOX, data: inboxPage([listed("room_lunch", 12)], false) });
  assert.equal(cache.readQuery<any>({ query }).conversation.id, "room_lunch");
});

const USERS = gql`
  query Users($after: String) { users(after: $after) { nodes { id } pageInfo { endCursor } } }
`;

function usersPage(...ids: string[]) {
  const nodes = ids.map((id) => ({ __typename: "User", id }));
  const pageInfo = { __typename: "PageInfo", endCursor: `cursor_${ids.at(-1)}` };
  return { users: { __typename: "UserConnection", nodes, pageInfo } };
}

test("other lists grow page by page, and begin anew with the first one", () => {
  const cache = new InMemoryCache({ possibleTypes, typePolicies });
  const ids = () => cache.readQuery<any>({ query: USERS }).users.nodes.map((node: { id: string }) => node.id);
  cache.writeQuery({ query: USERS, data: usersPage("aaron", "betty") });
  cache.writeQuery({ query: USERS, variables: { after: "cursor_betty" }, data: usersPage("betty", "carol") });
  assert.deepEqual(ids(), ["aaron", "betty", "carol"]);
  cache.writeQuery({ query: USERS, data: usersPage("betty") });
  assert.deepEqual(ids(), ["betty"]);
});

test("the possible types are those of the schema", () => {
  const schema = buildSchema(readFileSync(new URL("../../../../schema.graphql", import.meta.url), "utf8"));
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  const expected = abstract.map((type) => [type.name, schema.getPossibleTypes(type).map((possible) => possible.name).sort()]);
  assert.deepEqual(possibleTypes, Object.fromEntries(expected));
});

test("messages that name their conversation in turn are shown as well", () => {
  const cache = new InMemoryCache({ possibleTypes, typePolicies });
  const query = gql`
    query History { conversation(id: "dm_1") { id latestSeq messages { nodes { id seq conversation { id } } } } }
  `;
  const conversation = { __typename: "DirectConversation", id: "dm_1" };
  const nodes = [2, 1].map((seq) => ({ ...message(seq), conversation }));
  const messages = { __typename: "MessageConnection", nodes };
  cache.writeQuery({ query, data: { conversation: { ...conversation, latestSeq: 2, messages } } });
  const read = cache.readQuery<{ conversation: { messages: { nodes: { seq: number }[] } } }>({ query });
  assert.deepEqual(read?.conversation.messages.nodes.map(({ seq }) => seq), [2, 1]);
});
