import { useRef } from "react";
import { graphql } from "../gql";
import { useSession } from "../session/SessionContext";

const SET_TYPING = graphql(`
  mutation SetTyping($input: SetTypingInput!) {
    setTyping(input: $input) { errors { code } }
  }
`);

/**
 * Tells the others that one types. What was said holds for some seconds, so it is repeated well within them and not with
 * each letter; `false` is needed only when the text is cleared, because a message ends it by itself.
 */
export function useTypingSignal(conversationId: string | null): (isTyping: boolean) => void {
  const { client, limits } = useSession();
  const saidAt = useRef(-Infinity);

  function say(isTyping: boolean) {
    saidAt.current = isTyping ? performance.now() : -Infinity;
    const input = { conversationId: conversationId!, isTyping };
    // Nobody is told when this fails: the next letter says it again.
    client.mutate({ mutation: SET_TYPING, variables: { input } }).catch(() => {});
  }

  return (isTyping) => {
    if (!conversationId) return;
    const holds = performance.now() - saidAt.current < (limits.typingSeconds * 1000 * 3) / 5;
    if (isTyping ? !holds : saidAt.current > -Infinity) say(isTyping);
  };
}
