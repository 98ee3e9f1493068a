//! What is asked.

use std::fmt;

use clap::ValueEnum;
use messenger::types::{DirectConversationId, UserId};
use serde_json::{Value, json};

use crate::subjects::{Need, Subject};

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
    /// What GraphQL and the baseline call it.
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

    /// Whom it needs.
    pub fn need(self) -> Need {
        match self {
            Self::Recent => Need::Person,
            Self::RecentOfSender => Need::Pair,
            Self::History => Need::History,
            Self::Inbox => Need::Inbox,
            Self::Send => Need::Acquaintances,
        }
    }

    /// At most so many are asked about in turn. What is read of so few stays in the cache; what is written is spread wider.
    pub fn most(self) -> usize {
        if self == Self::Send { 256 } else { 32 }
    }

    /// A request about somebody.
    pub fn ask(self, subject: &Subject) -> Ask {
        let (one, other): (UserId, UserId) = (subject.one(), subject.other());
        let conversation_id: DirectConversationId = subject.one();
        let (viewer, variables) = match self {
            Self::Recent => (one, json!({ "recipientId": one.to_string() })),
            Self::RecentOfSender => {
                (one, json!({ "recipientId": one.to_string(), "senderId": other.to_string() }))
            }
            Self::History => (other, json!({ "conversationId": conversation_id.to_string() })),
            Self::Inbox => (one, json!({ "userId": one.to_string() })),
            Self::Send => (other, draft(other, one)),
        };
        let (name, document) = (self.name(), self.document());
        let body = json!({ "query": document, "operationName": name, "variables": variables });
        Ask { body: body.to_string(), viewer: viewer.to_string() }
    }
}

fn draft(sender_id: UserId, recipient_id: UserId) -> Value {
    json!({ "input": {
        "senderId": sender_id.to_string(),
        "recipientId": recipient_id.to_string(),
        "text": "Shall we meet at the station, or would you rather come home first?",
        "clientMessageId": KEY,
    } })
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
