import { useState } from "react";
import type { ConversationFieldsFragment } from "../generated/graphql";
import { wordsOf } from "../people/PresenceDot";
import { RoomDialog } from "../room/RoomDialog";
import { useSession } from "../session/SessionContext";
import { Icon } from "../ui/Icon";
import { Bar } from "./Bar";
import { otherOf, titleOf } from "./names";

export function Header({ conversation }: { conversation: ConversationFieldsFragment }) {
  const { me } = useSession();
  const [isOpen, setOpen] = useState(false);
  const title = titleOf(conversation, me);
  if (conversation.__typename === "DirectConversation") {
    const other = otherOf(conversation, me);
    return (
      <Bar title={title}>
        {other && other.id !== me.id && <p className="detail presence-words">{wordsOf(other)}</p>}
      </Bar>
    );
  }
  return (
    <Bar title={title}>
      <p className="detail">{conversation.memberCount} {conversation.memberCount === 1 ? "person" : "people"}</p>
      <button type="button" className="icon-button" aria-label="People and settings of the room" onClick={() => setOpen(true)}>
        <Icon name="people" />
      </button>
      {isOpen && <RoomDialog chatroomId={conversation.id} name={conversation.name} onClose={() => setOpen(false)} />}
    </Bar>
  );
}
