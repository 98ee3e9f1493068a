import { graphql } from "../generated";

/** A screenful and more; the server allows larger pages of a document that asks for less. */
export const PAGE_SIZE = 50;

export const CONVERSATION = graphql(`
  query Conversation($id: ID!, $first: Int!, $after: String) {
    conversation(id: $id) {
      ...ConversationFields
      messages(first: $first, after: $after) {
        nodes { ...MessageFields }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);
