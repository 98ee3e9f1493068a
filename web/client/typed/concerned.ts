import { type FragmentType, readFragment } from "../generated/gql";
import { HappeningFragmentDoc, TouchedMessageFragmentDoc } from "../generated/gql/graphql";

/** The id of the conversation to look at after an event; `null` when it is about none of them alone. */
export function concerned(event: FragmentType<typeof HappeningFragmentDoc>): string | null {
  const happening = readFragment(HappeningFragmentDoc, event);
  switch (happening.__typename) {
    case "MessageSent":
    case "MessageEdited":
    case "MessageDeleted":
    case "ReactionAdded":
    case "ReactionRemoved":
      return readFragment(TouchedMessageFragmentDoc, happening.message).conversation.id;
    case "ConversationRead":
    case "TypingChanged":
      return happening.conversation.id;
    case "MemberJoined":
    case "OwnerChanged":
    case "ChatroomRenamed":
      return happening.chatroom.id;
    case "MemberLeft":
      return happening.chatroomId;
    case "CaughtUp":
    case "PresenceChanged":
    case "ResetRequired":
      return null;
    default:
      // A kind of event that is new in the schema does not compile here.
      return happening satisfies never;
  }
}
