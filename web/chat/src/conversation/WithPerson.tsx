import { useQuery, useReactiveVar } from "@apollo/client/react";
import { useEffect } from "react";
import { graphql } from "../generated";
import { INBOX } from "../inbox/inboxQuery";
import { undelivered } from "../sending/outbox";
import { useSession } from "../session/SessionContext";
import { Trouble } from "../ui/Trouble";
import { replaceWith, toConversation } from "../ui/place";
import { Composer } from "./Composer";
import { Bar } from "./Bar";
import { PendingMessage } from "./PendingMessage";
import { otherOf } from "./names";

const PERSON = graphql(`
  query Person($userId: ID!) {
    user(id: $userId) { ...UserFields }
    conversation(withUserId: $userId) { id }
  }
`);

/** Somebody to write to. The conversation with them begins with its first message; then it is shown instead. */
export function WithPerson({ userId }: { userId: string }) {
  const { outbox } = useSession();
  const pending = useReactiveVar(outbox.pending);
  const { data, error, refetch } = useQuery(PERSON, { variables: { userId } });
  const conversationId = useConversationWith(userId) ?? data?.conversation?.id;

  useEffect(() => {
    if (conversationId) replaceWith(toConversation(conversationId));
  }, [conversationId]);

  if (error) return <section className="conversation nothing"><Trouble error={error} onRetry={() => refetch()} /></section>;
  if (!data?.user || conversationId) return <section className="conversation nothing"><p role="status">Reading…</p></section>;
  return (
    <section className="conversation" aria-label={data.user.displayName}>
      <Bar title={data.user.displayName} />
      <ol className="messages history">
        <li className="day">This is the beginning.</li>
        {undelivered(pending, userId, []).map((draft) => <PendingMessage key={draft.clientMessageId} draft={draft} />)}
      </ol>
      <Composer recipientId={userId} conversationId={null} intent={{ kind: "new" }} onDone={() => {}} />
    </section>
  );
}

/** From the inbox, where it comes to stand with the first message of either. */
function useConversationWith(userId: string): string | undefined {
  const { me } = useSession();
  const { data } = useQuery(INBOX);
  return data?.conversations.nodes.find((conversation) => otherOf(conversation, me)?.id === userId)?.id;
}
