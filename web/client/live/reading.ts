import assert from "node:assert/strict";
import { readFragment } from "../generated/gql";
import {
  ChatDocument,
  ChatWithDocument,
  ChatroomHeadFragmentDoc,
  ChatroomMembersDocument,
  ChatroomsDocument,
  ConversationRowFragmentDoc,
  HistoryFragmentDoc,
  InboxDocument,
  LinkedDocument,
  MeDocument,
  MessageElsewhereFragmentDoc,
  MessageLineFragmentDoc,
  NewerMessagesDocument,
  PeopleDocument,
  PersonByUsernameDocument,
  PersonFragmentDoc,
  RecentMessagesDocument,
  SearchMessagesDocument,
  ServerInfoDocument,
} from "../generated/gql/graphql";
import { IDS, type People, tell } from "./example";

/** Betty opens her client and looks at everything; nothing is changed. */
export async function read(people: People) {
  await lookAround(people);
  await openTheInbox(people);
  await openAChat(people);
  await findMessages(people);
  await followLinks(people);
}

async function lookAround({ betty }: People) {
  const { serverInfo } = await betty.ask(ServerInfoDocument, {});
  assert.equal(serverInfo.limits.messageTextLength, 5_000);
  const { viewer } = await betty.ask(MeDocument, {});
  assert.equal(readFragment(PersonFragmentDoc, viewer)?.username, "betty");
  const { users } = await betty.ask(PeopleDocument, { first: 2 });
  assert.deepEqual(
    readFragment(PersonFragmentDoc, users.nodes).map(({ id }) => id),
    [IDS.aaron, IDS.betty],
  );
  const rest = await betty.ask(PeopleDocument, { first: 2, after: users.pageInfo.endCursor });
  assert.deepEqual(
    readFragment(PersonFragmentDoc, rest.users.nodes).map(({ id }) => id),
    [IDS.carol],
  );
  const { user } = await betty.ask(PersonByUsernameDocument, { username: "aaron" });
  assert.equal(readFragment(PersonFragmentDoc, user)?.id, IDS.aaron);
  tell("Betty sees who she is, who is there, and what the server allows");
}

async function openTheInbox({ betty }: People) {
  const { conversations } = await betty.ask(InboxDocument, { first: 2 });
  const { conversations: rest } = await betty.ask(InboxDocument, { first: 2, after: conversations.pageInfo.endCursor });
  const rows = [...conversations.edges, ...rest.edges].map(({ node }) =>
    readFragment(ConversationRowFragmentDoc, node),
  );
  const titles = rows.map((row) => {
    if (row.__typename === "Chatroom") return row.name;
    return readFragment(PersonFragmentDoc, row.participants)
      .map(({ displayName }) => displayName)
      .join(" and ");
  });
  assert.deepEqual(titles, ["my chatroom", "Aaron and Betty", "Betty and Carol"]);
  const { chatrooms } = await betty.ask(ChatroomsDocument, { first: 10 });
  assert.deepEqual(
    readFragment(ChatroomHeadFragmentDoc, chatrooms.nodes).map(({ name }) => name),
    ["my chatroom"],
  );
  const { chatroom } = await betty.ask(ChatroomMembersDocument, { id: IDS.chatroom, first: 10 });
  assert.deepEqual(
    chatroom?.members.edges.map(({ role }) => role),
    ["OWNER", "MEMBER", "MEMBER"],
  );
  tell("Betty sees her inbox page by page, and who is in the chatroom");
}

async function openAChat({ betty }: People) {
  const { conversation } = await betty.ask(ChatDocument, { id: IDS.chatroom, first: 4 });
  assert.ok(conversation);
  const newest = readFragment(HistoryFragmentDoc, conversation.messages);
  const older = await betty.ask(ChatDocument, { id: IDS.chatroom, first: 4, after: newest.pageInfo.endCursor });
  assert.ok(older.conversation);
  const oldest = readFragment(HistoryFragmentDoc, older.conversation.messages);
  const seqs = [newest, oldest].flatMap(({ edges }) =>
    edges.map(({ node }) => readFragment(MessageLineFragmentDoc, node).seq),
  );
  assert.deepEqual(seqs, [6, 5, 4, 3, 2, 1]);
  const { conversation: since } = await betty.ask(NewerMessagesDocument, {
    id: IDS.chatroom,
    last: 10,
    before: oldest.pageInfo.startCursor,
  });
  assert.equal(readFragment(HistoryFragmentDoc, since?.messages)?.edges.length, 4);
  const { conversation: withAaron } = await betty.ask(ChatWithDocument, { userId: IDS.aaron, first: 1 });
  assert.equal(readFragment(ConversationRowFragmentDoc, withAaron)?.latestSeq, 8);
  tell("Betty reads a chatroom's history in both directions, and her chat with Aaron");
}

async function findMessages({ betty }: People) {
  for (const window of [{ last: 2 }, { days: 30 }]) {
    const { recentMessages } = await betty.ask(RecentMessagesDocument, { recipientId: IDS.betty, window, first: 2 });
    assert.equal(recentMessages.nodes.length, 2);
  }
  const { recentMessages } = await betty.ask(RecentMessagesDocument, {
    recipientId: IDS.chatroom,
    senderId: IDS.carol,
    first: 20,
  });
  const ofCarol = readFragment(MessageElsewhereFragmentDoc, recentMessages.nodes);
  assert.deepEqual(
    ofCarol.map(({ recipient }) => recipient.__typename),
    ["Chatroom", "Chatroom"],
  );
  const { searchMessages } = await betty.ask(SearchMessagesDocument, {
    text: "lunch",
    conversationId: IDS.chatroom,
    first: 20,
  });
  assert.equal(searchMessages.nodes.length, 1);
  tell("Betty finds messages by time, by sender and by their words");
}

async function followLinks({ betty }: People) {
  const { conversation } = await betty.ask(ChatWithDocument, { userId: IDS.aaron, first: 1 });
  const direct = readFragment(ConversationRowFragmentDoc, conversation)?.id;
  assert.ok(direct);
  const kinds: (string | undefined)[] = [];
  for (const id of [IDS.aaron, IDS.welcome, IDS.chatroom, direct, "user_01kdvq5a00ezzzzzzzzzzzzzzz"]) {
    kinds.push((await betty.ask(LinkedDocument, { id })).node?.__typename);
  }
  assert.deepEqual(kinds, ["User", "Message", "Chatroom", "DirectConversation", undefined]);
  tell("Betty opens links to a person, a message, a chatroom, a chat, and to nothing");
}
