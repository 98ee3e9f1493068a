import { useChange } from "../api/useChange";
import { graphql } from "../generated";
import type { MessageFieldsFragment } from "../generated/graphql";

const EDIT = graphql(`
  mutation Edit($input: EditMessageInput!) {
    editMessage(input: $input) { message { ...MessageFields } errors { ...RefusalFields } }
  }
`);

const DELETE = graphql(`
  mutation Delete($input: DeleteMessageInput!) {
    deleteMessage(input: $input) { message { ...MessageFields } errors { ...RefusalFields } }
  }
`);

const REACT = graphql(`
  mutation React($input: AddReactionInput!) {
    addReaction(input: $input) { message { ...MessageFields } errors { ...RefusalFields } }
  }
`);

const TAKE_BACK = graphql(`
  mutation TakeBack($input: RemoveReactionInput!) {
    removeReaction(input: $input) { message { ...MessageFields } errors { ...RefusalFields } }
  }
`);

// The answer has the message as it is now, and Apollo puts it where the message is shown: nothing else is to be done.

export function useEditMessage() {
  const change = useChange();
  return (messageId: string, text: string) => change(EDIT, { messageId, text });
}

export function useDeleteMessage() {
  const change = useChange();
  return (messageId: string) => change(DELETE, { messageId });
}

/** Reacts with an emoji, or takes that back. */
export function useToggleReaction() {
  const change = useChange();
  return ({ id, reactions }: MessageFieldsFragment, emoji: string) => {
    const isOwn = reactions.some((group) => group.emoji === emoji && group.viewerHasReacted);
    const input = { messageId: id, emoji };
    return isOwn ? change(TAKE_BACK, input) : change(REACT, input);
  };
}
