import { useApolloClient } from "@apollo/client/react";
import { useEffect, useSyncExternalStore } from "react";
import { graphql } from "../generated";
import type { ConversationFieldsFragment } from "../generated/graphql";

const MARK_READ = graphql(`
  mutation MarkRead($input: MarkReadInput!) {
    markRead(input: $input) {
      conversation { id readUpTo unreadCount }
      errors { code }
    }
  }
`);

/** Marks as read what was seen: when the end is in view, in a tab that is looked at. */
export function useMarkRead({ id, readUpTo }: ConversationFieldsFragment, newestSeq: number, isAtEnd: boolean): void {
  const client = useApolloClient();
  const isLookedAt = useSyncExternalStore(onVisibility, () => document.visibilityState === "visible");
  const isNew = isAtEnd && isLookedAt && newestSeq > readUpTo;
  useEffect(() => {
    if (!isNew) return;
    const input = { conversationId: id, readUpTo: newestSeq };
    // Nobody is told when this fails: the next message that is seen says the same and more.
    client.mutate({ mutation: MARK_READ, variables: { input } }).catch(() => {});
  }, [client, id, isNew, newestSeq]);
}

function onVisibility(onChange: () => void): () => void {
  document.addEventListener("visibilitychange", onChange);
  return () => document.removeEventListener("visibilitychange", onChange);
}
