import assert from "node:assert/strict";
import { readFragment } from "../generated/gql";
import {
  EventsDocument,
  HappeningFragmentDoc,
  InboxDocument,
  SetPresenceDocument,
  SetTypingDocument,
} from "../generated/gql/graphql";
import { concerned } from "../typed/concerned";
import { change } from "./changing";
import { IDS, type People, tell } from "./example";

/** Where Betty's inbox stands now: from here on she has missed what follows. */
export async function placeOf({ betty }: People): Promise<string> {
  return (await betty.ask(InboxDocument, { first: 1 })).conversations.eventCursor;
}

/** Betty comes back, hears what she missed and what happens now. */
export async function hearEverything(people: People, after: string) {
  const missed = new Set<string>();
  const live = new Set<string>();
  for await (const { events } of people.betty.follow(EventsDocument, { after })) {
    const { __typename: kind } = readFragment(HappeningFragmentDoc, events.event);
    if (kind === "CaughtUp") void showThatOneIsThere(people);
    if (events.cursor === null) assert.notEqual(concerned(events.event), undefined);
    (events.cursor === null ? live : missed).add(kind);
    if (live.has("TypingChanged") && live.has("PresenceChanged")) break;
  }
  assert.deepEqual([...missed].sort(), [
    "CaughtUp",
    "ChatroomRenamed",
    "ConversationRead",
    "MemberJoined",
    "MemberLeft",
    "MessageDeleted",
    "MessageEdited",
    "MessageSent",
    "OwnerChanged",
    "ReactionAdded",
    "ReactionRemoved",
  ]);
  assert.deepEqual([...live].sort(), ["PresenceChanged", "TypingChanged"]);
  tell("Betty hears thirteen kinds of event, each of its type");
}

async function showThatOneIsThere({ aaron, carol }: People) {
  await change(aaron, SetTypingDocument, { conversationId: IDS.chatroom, isTyping: true });
  await change(carol, SetPresenceDocument, { status: "BUSY", text: "Writing" });
}

/** With a cursor of another server, everything is to be read anew. */
export async function hearReset({ betty }: People, foreign: string) {
  for await (const { events } of betty.follow(EventsDocument, { after: foreign })) {
    assert.equal(readFragment(HappeningFragmentDoc, events.event).__typename, "ResetRequired");
    assert.equal(concerned(events.event), null);
    break;
  }
  tell("Betty hears ResetRequired when her cursor is of another server");
}
