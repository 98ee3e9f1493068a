//! What is asked.

use std::fmt;

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::subject::Subject;

/// An operation that all contenders answer alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Operation {
    /// The last 100 messages to somebody, with their senders
    Recent,
    /// The last 100 messages to somebody from one sender
    RecentOfSender,
    /// The newest 100 messages of a conversation
    History,
    /// The first 20 conversations of somebody's inbox
    Inbox,
    /// A message to somebody, acknowledged when it is on disk
    Send,
}

/// Stands where each request has an idempotency key of its own, which is as long.
pub const KEY: &str = "@an idempotency key of its own@";

impl Operation {
    /// What GraphQL and the yardstick call it.
    fn name(self) -> &'static str {
        match self {
            Self::Recent => "Recent",
            Self::RecentOfSender => "RecentOfSender",
            Self::History => "History",
            Self::Inbox => "Inbox",
            Self::Send => "Send",
        }
    }

    fn document(self) -> &'static str {
        match self {
            Self::Recent => {
                "query Recent($recipientId: ID!) {
  recentMessages(recipientId: $recipientId, window: {last: 100}) {
    nodes { id text sentAt sender { id username displayName } }
    pageInfo { endCursor hasNextPage }
  }
}"
            }
            Self::RecentOfSender => {
                "query RecentOfSender($recipientId: ID!, $senderId: ID!) {
  recentMessages(recipientId: $recipientId, senderId: $senderId, window: {last: 100}) {
    nodes { id text sentAt sender { id username displayName } }
    pageInfo { endCursor hasNextPage }
  }
}"
            }
            Self::History => {
                "query History($conversationId: ID!) {
  conversation(id: $conversationId) {
    messages(first: 100) {
      nodes { id text sentAt sender { id username displayName } seq }
      pageInfo { endCursor hasNextPage }
    }
  }
}"
            }
            Self::Inbox => {
                "query Inbox($userId: ID!) {
  conversations(userId: $userId, first: 20) {
    nodes {
      __typename
      id
      unreadCount
      lastMessage { id text sentAt sender { id username displayName } }
      ... on DirectConversation { participants { id username displayName } }
      ... on Chatroom { name memberCount }
    }
    pageInfo { endCursor hasNextPage }
  }
}"
            }
            Self::Send => {
                "mutation Send($input: SendMessageInput!) {
  sendMessage(input: $input) {
    message { id seq sentAt }
    deduplicated
    errors { code message path }
  }
}"
            }
        }
    }

    fn variables(self, Subject { one, other }: &Subject) -> Value {
        match self {
            Self::Recent => json!({ "recipientId": one }),
            Self::RecentOfSender => json!({ "recipientId": one, "senderId": other }),
            Self::History => json!({ "conversationId": one }),
            Self::Inbox => json!({ "userId": one }),
            Self::Send => json!({ "input": {
                "senderId": other,
                "recipientId": one,
                "text": "Shall we meet at the station, or would you rather come home first?",
                "clientMessageId": KEY,
            } }),
        }
    }

    /// A request about somebody.
    pub fn ask(self, subject: &Subject) -> Ask {
        let (name, document) = (self.name(), self.document());
        let body = json!({ "query": document, "operationName": name, "variables": self.variables(subject) });
        let viewer = match self {
            Self::Recent | Self::RecentOfSender | Self::Inbox => &subject.one,
            Self::History | Self::Send => &subject.other,
        };
        Ask { body: body.to_string(), viewer: viewer.clone() }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Recent => "last 100 messages to somebody",
            Self::RecentOfSender => "last 100 from one sender",
            Self::History => "newest 100 of a conversation",
            Self::Inbox => "20 conversations of an inbox",
            Self::Send => "send a message, on disk",
        })
    }
}

/// One request.
#[derive(Clone, Debug)]
pub struct Ask {
    pub body: String,
    /// Whose token it needs, where tokens are asked for.
    pub viewer: String,
}
