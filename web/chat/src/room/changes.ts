import { useChange } from "../api/useChange";
import { graphql } from "../generated";
import { forgetChatroom, forgetMembers } from "../live/keep";
import { useSession } from "../session/SessionContext";

const INVITE = graphql(`
  mutation Invite($input: InviteToChatroomInput!) {
    inviteToChatroom(input: $input) { chatroom { id memberCount } errors { ...RefusalFields } }
  }
`);

const REMOVE = graphql(`
  mutation Remove($input: RemoveFromChatroomInput!) {
    removeFromChatroom(input: $input) { chatroom { id memberCount } errors { ...RefusalFields } }
  }
`);

const RENAME = graphql(`
  mutation Rename($input: RenameChatroomInput!) {
    renameChatroom(input: $input) { chatroom { id name } errors { ...RefusalFields } }
  }
`);

const LEAVE = graphql(`
  mutation Leave($input: LeaveChatroomInput!) {
    leaveChatroom(input: $input) { chatroomId errors { ...RefusalFields } }
  }
`);

// The events of these tell the same; what is done here as well is there when the socket is not.

export function useInvite(chatroomId: string) {
  const change = useChange();
  const { client } = useSession();
  return async (memberId: string) => {
    const data = await change(INVITE, { chatroomId, memberIds: [memberId] });
    if (data) forgetMembers(client.cache, chatroomId);
  };
}

export function useRemove(chatroomId: string) {
  const change = useChange();
  const { client } = useSession();
  return async (memberId: string) => {
    const data = await change(REMOVE, { chatroomId, memberId });
    if (data) forgetMembers(client.cache, chatroomId);
  };
}

export function useRename(chatroomId: string) {
  const change = useChange();
  return (name: string) => change(RENAME, { chatroomId, name });
}

/** Gives whether the room was left. */
export function useLeave(chatroomId: string) {
  const change = useChange();
  const { client } = useSession();
  return async () => {
    const data = await change(LEAVE, { chatroomId });
    if (data) forgetChatroom(client.cache, chatroomId);
    return data !== null;
  };
}
