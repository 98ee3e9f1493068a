import { graphql } from "../gql";

export const INBOX = graphql(`
  query Inbox($after: String) {
    conversations(first: 30, after: $after) {
      nodes { ...ConversationFields }
      pageInfo { hasNextPage endCursor }
      eventCursor
    }
  }
`);
