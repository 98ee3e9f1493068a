import { useReactiveVar } from "@apollo/client/react";
import { otherOf, titleOf } from "../conversation/names";
import type { ConversationFieldsFragment } from "../generated/graphql";
import { PresenceDot } from "../people/PresenceDot";
import { useSession } from "../session/SessionContext";
import { Avatar } from "../ui/Avatar";
import { shortly } from "../ui/clock";
import { toConversation } from "../ui/place";

interface Entry {
  conversation: ConversationFieldsFragment;
  isOpen: boolean;
}

export function InboxEntry({ conversation, isOpen }: Entry) {
  const { me } = useSession();
  const { lastMessage, unreadCount } = conversation;
  const title = titleOf(conversation, me);
  const other = otherOf(conversation, me);
  return (
    <a className="entry" href={toConversation(conversation.id)} aria-current={isOpen ? "page" : undefined} data-unread={unreadCount > 0}>
      <Avatar id={other?.id ?? conversation.id} name={title} isRoom={!other} />
      {other && other.id !== me.id && <PresenceDot presence={other.presence} />}
      <span className="title">{title}</span>
      {lastMessage && <time dateTime={lastMessage.sentAt}>{shortly(lastMessage.sentAt)}</time>}
      <Preview conversation={conversation} />
      {unreadCount > 0 && (
        <span className="unread">
          {unreadCount > 99 ? "99+" : unreadCount}
          <span className="visually-hidden"> unread</span>
        </span>
      )}
    </a>
  );
}

/** Who types, or else what was said last. */
function Preview({ conversation: { __typename, id, lastMessage } }: Pick<Entry, "conversation">) {
  const { me, typing } = useSession();
  const isTyping = (useReactiveVar(typing)[id] ?? []).length > 0;
  if (isTyping) return <span className="preview typing">typing…</span>;
  if (!lastMessage) return <span className="preview">Nothing said yet</span>;
  const isOwn = lastMessage.sender.id === me.id;
  const sender = isOwn ? "You: " : __typename === "Chatroom" ? `${lastMessage.sender.displayName}: ` : "";
  return <span className="preview">{sender}{lastMessage.deletedAt ? "deleted message" : lastMessage.text}</span>;
}
