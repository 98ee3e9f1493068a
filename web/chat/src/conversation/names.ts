import type { ConversationFieldsFragment, UserFieldsFragment } from "../generated/graphql";

/** Who is shown as the conversation's other side: nobody in a chatroom, oneself in a note to self. */
export function otherOf(conversation: ConversationFieldsFragment, me: UserFieldsFragment) {
  if (conversation.__typename === "Chatroom") return null;
  return conversation.participants.find(({ id }) => id !== me.id) ?? conversation.participants[0] ?? null;
}

/** What a conversation is called by the acting user. */
export function titleOf(conversation: ConversationFieldsFragment, me: UserFieldsFragment): string {
  if (conversation.__typename === "Chatroom") return conversation.name;
  const other = otherOf(conversation, me);
  return other && other.id !== me.id ? other.displayName : "Notes to self";
}

/** Whom a message is sent to, so that it comes to this conversation. */
export function recipientOf(conversation: ConversationFieldsFragment, me: UserFieldsFragment): string {
  return otherOf(conversation, me)?.id ?? conversation.id;
}
