//! Something that somebody does, and repeats until it is acknowledged.

use serde_json::{Value, json};

/// What is done, by whom it is known already.
#[derive(Clone, Debug)]
pub enum Deed {
    /// One text or many, each under its key.
    Send {
        to: String,
        texts: Vec<(String, String)>,
    },
    Edit {
        message: Value,
        text: String,
    },
    React {
        message: Value,
    },
    Admit {
        chatroom_id: String,
        member_id: String,
    },
    Remove {
        chatroom_id: String,
        member_id: String,
    },
}

const SEND: &str = "mutation ($input: SendMessagesInput!) {
    done: sendMessages(input: $input) {
        results { message { id seq sentAt sender { id } recipient { ... on User { id } } conversation { id } } }
        errors { code }
    }
}";
const EDIT: &str =
    "mutation ($input: EditMessageInput!) { done: editMessage(input: $input) { errors { code } } }";
const REACT: &str =
    "mutation ($input: AddReactionInput!) { done: addReaction(input: $input) { errors { code } } }";
const ADMIT: &str =
    "mutation ($input: InviteToChatroomInput!) { done: inviteToChatroom(input: $input) { errors { code } } }";
const REMOVE: &str = "mutation ($input: RemoveFromChatroomInput!) {
    done: removeFromChatroom(input: $input) { errors { code } }
}";

impl Deed {
    pub fn document(&self) -> &'static str {
        match self {
            Self::Send { .. } => SEND,
            Self::Edit { .. } => EDIT,
            Self::React { .. } => REACT,
            Self::Admit { .. } => ADMIT,
            Self::Remove { .. } => REMOVE,
        }
    }

    pub fn input(&self, actor: &str) -> Value {
        match self {
            Self::Send { to, texts } => {
                let message = |(key, text): &(String, String)| json!({ "senderId": actor, "recipientId": to, "text": text, "clientMessageId": key });
                json!({ "messages": texts.iter().map(message).collect::<Vec<_>>() })
            }
            Self::Edit { message, text } => {
                json!({ "userId": actor, "messageId": message["id"], "text": text })
            }
            Self::React { message } => json!({ "userId": actor, "messageId": message["id"], "emoji": "👍" }),
            Self::Admit { chatroom_id, member_id } => {
                json!({ "userId": actor, "chatroomId": chatroom_id, "memberIds": [member_id] })
            }
            Self::Remove { chatroom_id, member_id } => {
                json!({ "userId": actor, "chatroomId": chatroom_id, "memberId": member_id })
            }
        }
    }

    /// Fails when it was refused. Who repeats a removal that was done already is told so.
    pub fn assert_done(&self, payload: &Value) {
        let errors = &payload["errors"];
        let was_done = matches!(self, Self::Remove { .. }) && *errors == json!([{ "code": "NOT_MEMBER" }]);
        assert!(was_done || *errors == json!([]), "{}: {payload}", self.document());
    }
}

/// The messages that a payload acknowledges.
pub fn messages(payload: &Value) -> impl DoubleEndedIterator<Item = &Value> {
    payload["results"].as_array().into_iter().flatten().map(|result| &result["message"])
}
