import { Fragment, useState } from "react";
import type { ConversationFieldsFragment, MessageFieldsFragment } from "../generated/graphql";
import { useSession } from "../session/SessionContext";
import { dayOf, isSameDay } from "../ui/clock";
import { Message } from "./Message";
import type { Acted } from "./MessageActions";

const TOGETHER_MS = 5 * 60 * 1000;

interface Shown {
  conversation: ConversationFieldsFragment;
  messages: readonly MessageFieldsFragment[];
  target: number | null;
  onActions: (acted: Acted) => void;
}

/** The messages with a line between days, and one above what was new when they were opened. */
export function Messages({ conversation, messages, target, onActions }: Shown) {
  const { me } = useSession();
  const [readAtFirst] = useState(conversation.readUpTo);
  const firstNew = messages.find(({ seq, sender }) => seq > readAtFirst && sender.id !== me.id)?.seq;
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const beginsDay = !before || !isSameDay(before.sentAt, message.sentAt);
    return (
      <Fragment key={message.id}>
        {beginsDay && <li className="day"><time dateTime={message.sentAt}>{dayOf(message.sentAt)}</time></li>}
        {message.seq === firstNew && readAtFirst > 0 && <li className="new">New</li>}
        <Message
          message={message}
          isOwn={message.sender.id === me.id}
          isNamed={conversation.__typename === "Chatroom"}
          goesOn={!beginsDay && isTogether(before, message)}
          isTarget={message.seq === target}
          onActions={onActions}
        />
      </Fragment>
    );
  });
}

/** Whether one message goes on where the one before ended, so that the sender need not be named again. */
function isTogether(before: MessageFieldsFragment, message: MessageFieldsFragment): boolean {
  const gap = Date.parse(message.sentAt) - Date.parse(before.sentAt);
  return before.sender.id === message.sender.id && gap < TOGETHER_MS;
}
