import { useRef, useState } from "react";
import type { ConversationFieldsFragment, MessageFieldsFragment } from "../generated/graphql";
import type { Pending } from "../sending/outbox";
import { Icon } from "../ui/Icon";
import { useIsVisible } from "../ui/useIsVisible";
import { type Acted, MessageActions } from "./MessageActions";
import { Messages } from "./Messages";
import { PendingMessage } from "./PendingMessage";
import { PAGE_SIZE } from "./conversationQuery";
import type { Intent } from "./intent";
import { useEarlier } from "./useEarlier";
import { useMarkRead } from "./useMarkRead";
import { useTarget } from "./useTarget";

interface Shown {
  conversation: ConversationFieldsFragment;
  /** Oldest first. */
  messages: readonly MessageFieldsFragment[];
  pending: readonly Pending[];
  target: number | null;
  hasEarlier: boolean;
  onEarlier: (count: number) => Promise<unknown>;
  onIntent: (intent: Intent) => void;
}

/**
 * What was said. The box is laid out from its lower end (`column-reverse` around the list), so the browser itself keeps
 * the distance to the end: earlier messages come in above without a jump, and who is at the end stays there.
 */
export function History({ conversation, messages, pending, target, hasEarlier, onEarlier, onIntent }: Shown) {
  const box = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLLIElement>(null);
  const end = useRef<HTMLLIElement>(null);
  const [acted, setActed] = useState<Acted | null>(null);
  const isAtEnd = useIsVisible(end, box);
  const count = messages.length;
  const { isReading, readEarlier } = useEarlier({ top, box, hasEarlier, count, onEarlier });
  useMarkRead(conversation, messages.at(-1)?.seq ?? 0, isAtEnd);
  useTarget({ target, box, count, isReading, readEarlier });

  return (
    <div className="history-frame">
      <div ref={box} className="history" role="log" aria-label="Messages" aria-busy={isReading} tabIndex={0}>
        <ol className="messages">
          <li ref={top} className="earlier">
            {hasEarlier
              ? <button type="button" className="button quiet" onClick={() => void readEarlier(PAGE_SIZE)}>Earlier messages</button>
              : "This is the beginning."}
          </li>
          <Messages conversation={conversation} messages={messages} target={target} onActions={setActed} />
          {pending.map((draft) => <PendingMessage key={draft.clientMessageId} draft={draft} />)}
          <li ref={end} className="end" aria-hidden="true" />
        </ol>
      </div>
      {!isAtEnd && (
        <button type="button" className="icon-button to-end" aria-label="Newest messages" onClick={() => box.current?.scrollTo({ top: 0 })}>
          <Icon name="down" />
        </button>
      )}
      <MessageActions messages={messages} acted={acted} onIntent={onIntent} onClose={() => setActed(null)} />
    </div>
  );
}
