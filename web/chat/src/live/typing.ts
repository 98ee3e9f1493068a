import type { UserFieldsFragment } from "../generated/graphql";

/** Who is typing in which conversation. The server says when they stop, also when they just went away. */
export type Typing = Readonly<Record<string, readonly UserFieldsFragment[]>>;

export function changed(typing: Typing, conversationId: string, user: UserFieldsFragment, isTyping: boolean): Typing {
  const others = (typing[conversationId] ?? []).filter(({ id }) => id !== user.id);
  return { ...typing, [conversationId]: isTyping ? [...others, user] : others };
}
