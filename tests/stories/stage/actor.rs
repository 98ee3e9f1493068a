//! Somebody who uses the messenger.

use serde_json::{Value, json};

use super::Server;

/// A user of a server.
pub struct Actor<'a> {
    pub server: &'a Server,
    pub username: String,
    pub id: String,
}

const SEND: &str = "mutation ($input: SendMessageInput!) {
    sendMessage(input: $input) {
        message { id seq text sentAt sender { username } clientMessageId conversation { id } }
        deduplicated
        errors { __typename code message path }
    }
}";

const RECENT: &str = "query ($recipientId: ID!, $senderId: ID, $window: RecentWindow, $first: Int, $after: String) {
    recentMessages(recipientId: $recipientId, senderId: $senderId, window: $window, first: $first, after: $after) {
        nodes { id seq text sentAt sender { username } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}";

impl Actor<'_> {
    /// Sends a text; gives the message.
    pub async fn sends(&self, to: &Actor<'_>, text: &str) -> Value {
        let payload = self.tries_to_send(json!({ "recipientId": to.id, "text": text })).await;
        assert_eq!(payload["errors"], json!([]), "{payload}");
        payload["message"].clone()
    }

    /// Sends what the input says; gives the whole payload.
    pub async fn tries_to_send(&self, mut input: Value) -> Value {
        input["senderId"] = json!(self.id);
        let answer = self.server.ask(SEND, json!({ "input": input })).await;
        answer["data"]["sendMessage"].clone()
    }

    /// Reads what was sent to them; gives the connection.
    pub async fn reads(&self, mut arguments: Value) -> Value {
        arguments["recipientId"] = json!(self.id);
        if arguments.get("window").is_none() {
            arguments["window"] = json!({ "last": 100 });
        }
        let answer = self.server.ask(RECENT, arguments).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"]["recentMessages"].clone()
    }

    /// The texts that `reads` gives.
    pub async fn reads_texts(&self, arguments: Value) -> Vec<String> {
        texts(&self.reads(arguments).await)
    }
}

/// The texts of a connection's nodes.
pub fn texts(connection: &Value) -> Vec<String> {
    let nodes = connection["nodes"].as_array().expect("nodes");
    nodes.iter().map(|node| node["text"].as_str().expect("a text").to_owned()).collect()
}
