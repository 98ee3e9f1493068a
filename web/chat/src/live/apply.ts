import type { EventsSubscription } from "../generated/graphql";
import { INBOX } from "../inbox/inboxQuery";
import type { Session } from "../session/session";
import { forgetChatroom, forgetMembers, keepConversation, keepMessage } from "./keep";
import { changed } from "./typing";

type Event = EventsSubscription["events"]["event"];

/**
 * Does what an event asks for beyond what it carries.
 *
 * Apollo has written its fields into the cache already: texts, reactions, names and counts are as they are by now. What
 * is left are the lists that something joins or leaves. All of it can be done twice, because an event may come for what
 * the answer to a mutation has told before.
 */
export function apply(session: Session, event: Event): void {
  const { client, me, outbox, typing } = session;
  switch (event.__typename) {
    case "CaughtUp":
      session.connection("live");
      // Presence is not kept in the log: what was missed of it is read. When that fails, it comes as it changes.
      client.refetchQueries({ include: [INBOX] }).catch(() => {});
      return;
    case "ResetRequired":
      // Reads anew all that is shown. What fails is told where it would stand.
      client.resetStore().catch(() => {});
      return;
    case "MessageSent":
      keepMessage(client.cache, event.message);
      if (event.message.clientMessageId) outbox.delivered(event.message.clientMessageId);
      return;
    case "MemberJoined":
      keepConversation(client.cache, event.chatroom);
      forgetMembers(client.cache, event.chatroom.id);
      return;
    case "MemberLeft":
      if (event.member.id === me.id) forgetChatroom(client.cache, event.chatroomId);
      else forgetMembers(client.cache, event.chatroomId);
      return;
    case "OwnerChanged":
      forgetMembers(client.cache, event.chatroom.id);
      return;
    case "TypingChanged":
      typing(changed(typing(), event.conversation.id, event.user, event.isTyping));
      return;
  }
}
