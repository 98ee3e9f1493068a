import { type FormEvent, useState } from "react";
import { useChange } from "../api/useChange";
import { graphql } from "../generated";
import { keepConversation } from "../live/keep";
import { People } from "../people/People";
import { useSession } from "../session/SessionContext";
import { Dialog } from "../ui/Dialog";
import { goTo, toConversation } from "../ui/place";

const CREATE_ROOM = graphql(`
  mutation CreateRoom($input: CreateChatroomInput!) {
    createChatroom(input: $input) {
      chatroom { ...ConversationFields }
      errors { ...RefusalFields }
    }
  }
`);

export function NewRoom({ onClose }: { onClose: () => void }) {
  const { me, limits, client } = useSession();
  const change = useChange();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name"));
    const data = await change(CREATE_ROOM, { name, memberIds: [...picked] });
    onClose();
    const chatroom = data?.createChatroom.chatroom;
    if (!chatroom) return;
    keepConversation(client.cache, chatroom);
    goTo(toConversation(chatroom.id));
  }

  return (
    <Dialog title="New room" onClose={onClose}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <label>
          Name of the room
          <input name="name" className="field" required maxLength={limits.chatroomNameLength} autoComplete="off" />
        </label>
        <People
          picked={picked}
          without={new Set([me.id])}
          onPick={({ id }) => setPicked(picked.symmetricDifference(new Set([id])))}
        />
        <button className="button primary">Create room</button>
      </form>
    </Dialog>
  );
}
