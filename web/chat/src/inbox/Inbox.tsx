import { useQuery } from "@apollo/client/react";
import { More } from "../ui/More";
import { Trouble } from "../ui/Trouble";
import type { Place } from "../ui/place";
import { InboxEntry } from "./InboxEntry";
import { INBOX } from "./inboxQuery";

/** All conversations, latest activity first. */
export function Inbox({ place }: { place: Place }) {
  const { data, error, refetch, fetchMore } = useQuery(INBOX);
  if (!data) return error ? <Trouble error={error} onRetry={() => refetch()} /> : <p className="empty" role="status">Reading…</p>;
  const { nodes, pageInfo } = data.conversations;
  return (
    <div className="list">
      <ul>
        {nodes.map((conversation) => (
          <li key={conversation.id}>
            <InboxEntry conversation={conversation} isOpen={place.kind === "conversation" && place.id === conversation.id} />
          </li>
        ))}
      </ul>
      {nodes.length === 0 && <p className="empty">No conversations yet. Write to somebody.</p>}
      {pageInfo.hasNextPage && (
        <More of="conversations" onMore={() => fetchMore({ variables: { after: pageInfo.endCursor } })} />
      )}
    </div>
  );
}
