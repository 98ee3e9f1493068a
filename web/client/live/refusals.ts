import assert from "node:assert/strict";
import { type FragmentType, readFragment } from "../generated/gql";
import {
  AddReactionDocument,
  CreateUserDocument,
  MarkReadDocument,
  MessageLineFragmentDoc,
  ProblemFragmentDoc,
  RenameChatroomDocument,
  SendMessageDocument,
  type SendMessageInput,
} from "../generated/gql/graphql";
import { explain, isWorthRepeating } from "../typed/explain";
import type { Caller } from "./caller";
import { change } from "./changing";
import { IDS, type People, tell } from "./example";

const FRUIT = [..."🍇🍈🍉🍊🍋🍌🍍🍎🍏🍐🍑🍒🍓🥝🍅🥥🥑🍆🥔🥕"];
const NOBODY = "user_01kdvq5a00ezzzzzzzzzzzzzzz";

/** Every kind of refusal that a server without rates has, as a form tells it. */
export async function hearRefusals({ aaron, betty }: People) {
  assert.equal(await refusalOf(aaron, { text: "a".repeat(5_001) }), "5001 characters, and 5000 are the most");
  assert.match(await refusalOf(aaron, { text: " " }), /^the text is empty/);
  assert.equal(await refusalOf(aaron, { recipientId: NOBODY }), `${NOBODY} is gone`);
  assert.equal(await refusalOf(aaron, { recipientId: IDS.welcome }), "not the id of a user or room");
  assert.match(await refusalOf(aaron, { clientMessageId: "lunch-1" }), /^the key belongs to msg_/);
  const { createUser } = await aaron.ask(CreateUserDocument, { input: { username: "Betty" } });
  assert.equal(wordsOf(createUser), "betty is taken");
  const { markRead } = await betty.ask(MarkReadDocument, { input: { conversationId: IDS.chatroom, readUpTo: 100 } });
  assert.equal(wordsOf(markRead), "the newest message is 7");
  const rename = { chatroomId: IDS.chatroom, name: "Betty's" };
  const { renameChatroom } = await betty.ask(RenameChatroomDocument, { input: rename });
  assert.match(wordsOf(renameChatroom), /owner/);
  const { message } = await change(aaron, SendMessageDocument, { recipientId: IDS.betty, text: "What do you like?" });
  const messageId = readFragment(MessageLineFragmentDoc, message)?.id ?? "";
  for (const emoji of FRUIT) await change(betty, AddReactionDocument, { messageId, emoji });
  const { addReaction } = await betty.ask(AddReactionDocument, { input: { messageId, emoji: "🥦" } });
  assert.equal(wordsOf(addReaction), "no more than 20 different reactions");
  tell("nine kinds of refusal have the facts that their types promise");
}

async function refusalOf(who: Caller, input: Partial<SendMessageInput>): Promise<string> {
  const { sendMessage } = await who.ask(SendMessageDocument, {
    input: { recipientId: IDS.betty, text: "Hello", ...input },
  });
  return wordsOf(sendMessage);
}

function wordsOf({ errors }: { errors: FragmentType<typeof ProblemFragmentDoc>[] }): string {
  const problems = readFragment(ProblemFragmentDoc, errors);
  assert.ok(!problems.some(isWorthRepeating));
  return problems.map(explain).join("; ");
}
