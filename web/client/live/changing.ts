import assert from "node:assert/strict";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { readFragment } from "../generated/gql";
import {
  AddReactionDocument,
  ChatroomHeadFragmentDoc,
  CreateChatroomDocument,
  CreateUserDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  InviteToChatroomDocument,
  LeaveChatroomDocument,
  MarkReadDocument,
  MessageLineFragmentDoc,
  RemoveFromChatroomDocument,
  RemoveReactionDocument,
  RenameChatroomDocument,
  SendMessageDocument,
  SendMessagesDocument,
  SetPresenceDocument,
  SetTypingDocument,
  UpdateUserDocument,
} from "../generated/gql/graphql";
import type { Caller } from "./caller";
import { IDS, type People, tell } from "./example";

type Payload = { errors: unknown[] };

/** Runs a mutation that must change something, and gives its payload. */
export async function change<Answer extends object, Input>(
  who: Caller,
  document: TypedDocumentNode<Answer, { input: Input }>,
  input: Input,
): Promise<Exclude<Answer[keyof Answer], string | undefined>> {
  const answer = await who.ask(document, { input });
  const [payload] = Object.values(answer).filter((value): value is Payload => typeof value === "object");
  assert.deepEqual(payload?.errors, []);
  return payload as Exclude<Answer[keyof Answer], string | undefined>;
}

/** Everybody changes whatever can be changed. */
export async function changeEverything(people: People) {
  await changePeople(people);
  await talk(people);
  await runAChatroom(people);
}

async function changePeople({ aaron, betty, carol }: People) {
  await change(aaron, CreateUserDocument, { username: "dave" });
  await change(carol, UpdateUserDocument, { displayName: "Carol C." });
  await change(betty, SetPresenceDocument, { status: "AWAY", text: "At lunch" });
  tell("Dave signs up, Carol changes her name, and Betty is away");
}

async function talk({ aaron, betty }: People) {
  await change(aaron, SetTypingDocument, { conversationId: IDS.chatroom, isTyping: true });
  const sent = await change(aaron, SendMessageDocument, {
    recipientId: IDS.chatroom,
    text: "Lunhc?",
    replyToId: IDS.welcome,
    clientMessageId: "lunch-1",
  });
  const message = readFragment(MessageLineFragmentDoc, sent.message);
  assert.equal(message?.replyTo?.seq, 1);
  const { id: messageId, seq } = message;
  const { results } = await change(aaron, SendMessagesDocument, {
    messages: [
      { recipientId: IDS.betty, text: "One." },
      { recipientId: IDS.betty, text: "Two." },
    ],
  });
  assert.deepEqual(
    results?.map(({ deduplicated }) => deduplicated),
    [false, false],
  );
  await change(aaron, EditMessageDocument, { messageId, text: "Lunch?" });
  await change(betty, AddReactionDocument, { messageId, emoji: "🍕" });
  await change(betty, RemoveReactionDocument, { messageId, emoji: "🍕" });
  const { conversation } = await change(betty, MarkReadDocument, { conversationId: IDS.chatroom, readUpTo: seq });
  assert.equal(conversation?.unreadCount, 0);
  const deleted = await change(aaron, DeleteMessageDocument, { messageId });
  assert.equal(readFragment(MessageLineFragmentDoc, deleted.message)?.text, "");
  tell("Aaron types, sends, edits and deletes; Betty reacts and reads");
}

async function runAChatroom({ aaron, betty, carol }: People) {
  const { chatroom } = await change(aaron, CreateChatroomDocument, { name: "luhnc", memberIds: [IDS.betty] });
  const chatroomId = readFragment(ChatroomHeadFragmentDoc, chatroom)?.id;
  assert.ok(chatroomId);
  await change(aaron, RenameChatroomDocument, { chatroomId, name: "lunch" });
  const invited = await change(betty, InviteToChatroomDocument, { chatroomId, memberIds: [IDS.carol] });
  assert.equal(readFragment(ChatroomHeadFragmentDoc, invited.chatroom)?.memberCount, 3);
  await change(aaron, RemoveFromChatroomDocument, { chatroomId, memberId: IDS.carol });
  await change(aaron, LeaveChatroomDocument, { chatroomId });
  const { errors } = (await carol.ask(LeaveChatroomDocument, { input: { chatroomId } })).leaveChatroom;
  assert.equal(errors.length, 1);
  tell("Aaron opens a chatroom, renames it, removes Carol whom Betty invited, and leaves it to Betty");
}
