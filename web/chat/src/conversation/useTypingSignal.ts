import { useRef } from "react";
import { graphql } from "../generated";
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
export function useTypingSignal(conversationId: string | null) {
  const { client, limits } = useSession();
  const saidAt = useRef(-Infinity);
  const repeatMs = limits.typingSeconds * 600;

  function say(isTyping: boolean) {
    const input = { conversationId: conversationId!, isTyping };
    // Nobody is told when this fails: the next letter says it again.
    client.mutate({ mutation: SET_TYPING, variables: { input } }).catch(() => {});
    saidAt.current = isTyping ? performance.now() : -Infinity;
  }

  return {
    signal(isTyping: boolean) {
      if (!conversationId) return;
      const isDue = isTyping ? performance.now() - saidAt.current > repeatMs : saidAt.current > -Infinity;
      if (isDue) say(isTyping);
    },
    /** A message was sent. */
    end() {
      saidAt.current = -Infinity;
    },
  };
}
