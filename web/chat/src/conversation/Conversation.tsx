import { useQuery, useReactiveVar } from "@apollo/client/react";
import { useState } from "react";
import { undelivered } from "../sending/outbox";
import { useSession } from "../session/SessionContext";
import { Trouble } from "../ui/Trouble";
import { Composer } from "./Composer";
import { Header } from "./Header";
import { History } from "./History";
import { TypingLine } from "./TypingLine";
import { CONVERSATION, PAGE_SIZE } from "./conversationQuery";
import type { Intent } from "./intent";
import { recipientOf, titleOf } from "./names";

interface Shown {
  id: string;
  /** The `seq` of the message to show; the newest ones without it. */
  target: number | null;
}

/** A conversation that has begun. */
export function Conversation({ id, target }: Shown) {
  const { me, outbox } = useSession();
  const pending = useReactiveVar(outbox.pending);
  const [intent, setIntent] = useState<Intent>({ kind: "new" });
  const { data, error, refetch, fetchMore } = useQuery(CONVERSATION, { variables: { id, first: PAGE_SIZE } });
  const conversation = data?.conversation;

  if (error && !data) return <section className="conversation nothing"><Trouble error={error} onRetry={() => refetch()} /></section>;
  if (!data) return <section className="conversation nothing"><p role="status">Reading…</p></section>;
  if (!conversation) return <section className="conversation nothing"><p>This conversation is not there, or not for you.</p></section>;

  const { nodes, pageInfo } = conversation.messages;
  const recipientId = recipientOf(conversation, me);
  return (
    <section className="conversation" aria-label={titleOf(conversation, me)}>
      <Header conversation={conversation} />
      <History
        conversation={conversation}
        messages={nodes.toReversed()}
        pending={undelivered(pending, recipientId, nodes)}
        target={target}
        hasEarlier={pageInfo.hasNextPage}
        onEarlier={(count) => fetchMore({ variables: { first: count, after: pageInfo.endCursor } })}
        onIntent={setIntent}
      />
      <TypingLine conversationId={id} />
      <Composer
        key={intent.kind === "new" ? "new" : `${intent.kind} ${intent.message.id}`}
        recipientId={recipientId}
        conversationId={id}
        intent={intent}
        onDone={() => setIntent({ kind: "new" })}
      />
    </section>
  );
}
