import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import type { Inbox_rows$key } from "../generated/relay/Inbox_rows.graphql";
import type { InboxPageQuery } from "../generated/relay/InboxPageQuery.graphql";
import type { InboxQuery } from "../generated/relay/InboxQuery.graphql";

/** The inbox, a page at a time. */
export function useInbox() {
  const query = useLazyLoadQuery<InboxQuery>(
    graphql`
      query InboxQuery($first: Int!) {
        ...Inbox_rows @arguments(first: $first)
      }
    `,
    { first: 20 },
  );
  return usePaginationFragment<InboxPageQuery, Inbox_rows$key>(
    graphql`
      fragment Inbox_rows on Query
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
      @refetchable(queryName: "InboxPageQuery") {
        conversations(first: $first, after: $after) @connection(key: "Inbox_conversations") {
          edges {
            node {
              id
              ...Row_conversation
            }
          }
        }
      }
    `,
    query,
  );
}
