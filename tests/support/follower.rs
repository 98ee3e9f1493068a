//! Somebody who follows what happens.

use serde_json::{Value, json};

use super::{Actor, Frame, Socket};

/// What a follower asks of every event.
const EVENTS: &str = "subscription ($userId: ID, $conversationId: ID, $after: String) {
    events(userId: $userId, conversationId: $conversationId, after: $after) {
        cursor
        event {
            __typename
            ... on MessageSent { message { id seq text } }
            ... on MessageEdited { message { seq text } }
            ... on MessageDeleted { message { seq deletedAt } }
            ... on ReactionAdded { emoji message { seq } user { username } }
            ... on ReactionRemoved { emoji message { seq } user { username } }
            ... on ConversationRead { readUpTo user { username } }
            ... on MemberJoined { chatroom { name } member { username } invitedBy { username } }
            ... on MemberLeft { visibleChatroom { name } chatroomId member { username } removedBy { username } }
            ... on OwnerChanged { chatroom { name } owner { username } }
            ... on ChatroomRenamed { chatroom { id } name user { username } }
            ... on CaughtUp { position }
            ... on ResetRequired { advice }
        }
    }
}";

/// A subscription on a socket of its own.
pub struct Follower {
    socket: Socket,
    /// The cursor of the last event that was heard.
    pub cursor: Value,
}

impl Actor<'_> {
    /// Follows everything from now on; has caught up.
    pub async fn listens(&self) -> Follower {
        let mut ear = self.follows(json!({})).await;
        assert_eq!(ear.hears().await["__typename"], "CaughtUp");
        ear
    }

    /// Follows what the arguments say.
    pub async fn follows(&self, arguments: Value) -> Follower {
        let mut socket = Socket::open(&self.server.url).await;
        let mut variables = arguments;
        variables["userId"] = json!(self.id);
        let payload = json!({ "query": EVENTS, "variables": variables });
        socket.sends(json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
        Follower { socket, cursor: Value::Null }
    }
}

impl Follower {
    /// The next event that is kept.
    pub async fn hears(&mut self) -> Value {
        loop {
            let told = self.socket.hears().await;
            assert_eq!(told["payload"].get("errors"), None, "{told}");
            let edge = &told["payload"]["data"]["events"];
            // What is not kept has stories of its own.
            if edge["cursor"] != Value::Null {
                self.cursor = edge["cursor"].clone();
                return edge["event"].clone();
            }
        }
    }

    /// Everything up to the end of what was missed.
    pub async fn catches_up(&mut self) -> Vec<Value> {
        let mut missed = Vec::new();
        loop {
            let event = self.hears().await;
            if event["__typename"] == "CaughtUp" {
                return missed;
            }
            missed.push(event);
        }
    }

    /// The payload of the next answer, whatever it is.
    pub async fn is_told(&mut self) -> Value {
        self.socket.hears().await["payload"].clone()
    }

    /// The next frame, whatever it is.
    pub async fn receives(&mut self) -> Frame {
        loop {
            match self.socket.receives().await {
                Frame::Ping => self.socket.sends_pong().await,
                frame => return frame,
            }
        }
    }
}
