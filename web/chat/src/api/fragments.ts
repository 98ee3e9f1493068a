import { graphql } from "../generated";

// What the screens show of each thing. All operations ask for the same fields, so that whatever one of them reads
// completes what the others show: an event carries all that a page carries.

graphql(`
  fragment UserFields on User {
    id
    username
    displayName
  }
`);

graphql(`
  fragment MessageFields on Message {
    id
    seq
    text
    sentAt
    editedAt
    deletedAt
    clientMessageId
    sender { ...UserFields }
    replyTo { id seq text deletedAt sender { ...UserFields } }
    reactions { emoji count viewerHasReacted }
  }
`);

graphql(`
  fragment ConversationFields on Conversation {
    id
    latestSeq
    readUpTo
    unreadCount
    lastMessage { id text sentAt deletedAt sender { ...UserFields } }
    ... on DirectConversation {
      participants { ...UserFields presence { status text } }
    }
    ... on Chatroom { name memberCount createdAt }
  }
`);

graphql(`
  fragment SentMessage on Message {
    ...MessageFields
    conversation { ...ConversationFields }
  }
`);

graphql(`
  fragment RefusalFields on UserError {
    code
    message
    ... on MessageTooLong { actual max }
    ... on RateLimited { retryAfterMs }
  }
`);
