import { graphql } from "../generated";

export const INBOX = graphql(`
  query Inbox($after: String) {
    conversations(first: 30, after: $after) {
      nodes { ...ConversationFields }
      pageInfo { hasNextPage endCursor }
      eventCursor
    }
  }
`);
