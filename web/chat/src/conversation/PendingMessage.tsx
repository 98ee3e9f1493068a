import type { Pending } from "../sending/outbox";
import { useSession } from "../session/SessionContext";

/** A message that is being sent, or was not. */
export function PendingMessage({ draft }: { draft: Pending }) {
  const { outbox } = useSession();
  return (
    <li className="message" data-own="true" data-pending={draft.failure === null ? "sending" : "failed"}>
      <div className="said">
        <div className="bubble">
          <p className="text">{draft.text}</p>
          {draft.failure === null && <p className="when">sending…</p>}
        </div>
        {draft.failure !== null && (
          <div className="failure">
            <p>Not sent. {draft.failure}</p>
            <button type="button" className="button" onClick={() => outbox.retry(draft)}>Retry</button>
            <button type="button" className="button quiet" onClick={() => outbox.discard(draft)}>Discard</button>
          </div>
        )}
      </div>
    </li>
  );
}
