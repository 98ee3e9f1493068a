import { graphql, usePaginationFragment } from "react-relay";
import type { History_messages$key } from "../generated/relay/History_messages.graphql";
import type { HistoryPageQuery } from "../generated/relay/HistoryPageQuery.graphql";

export const historyQuery = graphql`
  query HistoryQuery($conversationId: ID!, $first: Int!) {
    conversation(id: $conversationId) {
      ...History_messages @arguments(first: $first)
    }
  }
`;

/** What was said in a conversation, newest first; `loadNext` gives what is older. */
export function useHistory(key: History_messages$key) {
  const { data, loadNext, hasNext } = usePaginationFragment<HistoryPageQuery, History_messages$key>(
    graphql`
      fragment History_messages on Conversation
      @argumentDefinitions(first: { type: "Int", defaultValue: 50 }, after: { type: "String" })
      @refetchable(queryName: "HistoryPageQuery") {
        messages(first: $first, after: $after) @connection(key: "History_messages", filters: []) {
          __id
          edges {
            node {
              id
              seq
              text
              sentAt
              sender {
                displayName
              }
            }
          }
        }
      }
    `,
    key,
  );
  const lines = data.messages.edges.map(({ node }) => `${node.sender.displayName}: ${node.text}`);
  return { lines, loadOlder: () => loadNext(50), hasOlder: hasNext };
}
