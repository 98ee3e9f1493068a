import { useQuery } from "@apollo/client/react";
import { codeOf } from "../api/refusal";
import { titleOf } from "../conversation/names";
import { graphql } from "../generated";
import { useSession } from "../session/SessionContext";
import { More } from "../ui/More";
import { Trouble } from "../ui/Trouble";
import { shortly } from "../ui/clock";
import { toConversation } from "../ui/place";

const SEARCH = graphql(`
  query Search($text: String!, $after: String) {
    searchMessages(text: $text, first: 20, after: $after) {
      nodes { ...SentMessage }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

/** Messages with these words; a press leads to where one was said. */
export function Results({ words }: { words: string }) {
  const { me } = useSession();
  // Read anew each time: what is found is not told by events.
  const { data, error, refetch, fetchMore } = useQuery(SEARCH, { variables: { text: words }, fetchPolicy: "cache-and-network" });
  const isNoWord = error && codeOf(error) === "SEARCH_TEXT_INVALID";
  if (error && !isNoWord) return <Trouble error={error} onRetry={() => refetch()} />;
  if (!data && !isNoWord) return <p className="empty" role="status">Searching…</p>;
  const { nodes, pageInfo } = data?.searchMessages ?? { nodes: [], pageInfo: null };
  if (isNoWord) return <p className="empty" role="status">Type one to ten words.</p>;
  return (
    <div className="list">
      <p className="empty" role="status">{nodes.length === 0 ? "Nothing found." : `${nodes.length}${pageInfo?.hasNextPage ? " or more" : ""} found`}</p>
      <ul>
        {nodes.map(({ id, seq, text, sentAt, sender, conversation }) => (
          <li key={id}>
            <a className="entry result" href={toConversation(conversation.id, seq)}>
              <span className="title">{titleOf(conversation, me)}</span>
              <time dateTime={sentAt}>{shortly(sentAt)}</time>
              <span className="preview">{sender.id === me.id ? "You" : sender.displayName}: {text}</span>
            </a>
          </li>
        ))}
      </ul>
      {pageInfo?.hasNextPage && <More of="messages" onMore={() => fetchMore({ variables: { after: pageInfo.endCursor } })} />}
    </div>
  );
}
