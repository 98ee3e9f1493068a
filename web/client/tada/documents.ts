// The same screens, with types that TypeScript infers from the text of the documents: nothing is generated for each.
import { graphql } from "./graphql";

export const person = graphql(`
  fragment Person on User {
    id
    displayName
  }
`);

export const problem = graphql(`
  fragment Problem on UserError {
    __typename
    code
    message
    ... on MessageTooLong {
      actual
      max
    }
  }
`);

export const message = graphql(
  `
    fragment Message on Message {
      __typename
      id
      seq
      text
      sentAt
      deletedAt
      sender {
        __typename
        ...Person
      }
    }
  `,
  [person],
);

export const inbox = graphql(
  `
    query TadaInbox($first: Int!, $after: String) {
      conversations(first: $first, after: $after) {
        nodes {
          __typename
          id
          unreadCount
          lastMessage {
            ...Message
          }
          ... on Chatroom {
            name
          }
          ... on DirectConversation {
            participants {
              ...Person
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
        eventCursor
      }
    }
  `,
  [message, person],
);

export const recent = graphql(
  `
    query TadaRecent($recipientId: ID!, $window: RecentWindow!) {
      recentMessages(recipientId: $recipientId, window: $window, first: 50) {
        nodes {
          ...Message
        }
      }
    }
  `,
  [message],
);

export const send = graphql(
  `
    mutation TadaSend($input: SendMessageInput!) {
      sendMessage(input: $input) {
        message {
          ...Message
        }
        deduplicated
        errors {
          ...Problem
        }
      }
    }
  `,
  [message, problem],
);

export const events = graphql(
  `
    subscription TadaEvents($after: String) {
      events(after: $after) {
        cursor
        event {
          __typename
          ... on MessageSent {
            message {
              ...Message
            }
          }
          ... on PresenceChanged {
            user {
              id
              presence {
                status
              }
            }
          }
        }
      }
    }
  `,
  [message],
);
