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

    /// They write to each other: each becomes a contact of the other.
    pub async fn talks_with(&self, other: &Actor<'_>) {
        self.sends(other, "Hello!").await;
        other.sends(self, "Hello yourself!").await;
    }

    /// Sends what the input says; gives the whole payload.
    pub async fn tries_to_send(&self, mut input: Value) -> Value {
        input["senderId"] = json!(self.id);
        let answer = self.server.ask(SEND, json!({ "input": input })).await;
        answer["data"]["sendMessage"].clone()
    }

    /// Sends so many batches of 50 long messages: many of them are more than can wait in a mailbox and in a socket's
    /// buffers, while nobody reads.
    pub async fn floods(&self, to: &Actor<'_>, batches: usize) {
        let text = "x".repeat(4_000);
        let send = "mutation ($messages: [SendMessageInput!]!) { sendMessages(input: {messages: $messages}) { errors { code } } }";
        for batch in 0..batches {
            let message = |number| json!({ "senderId": self.id, "recipientId": to.id, "text": format!("{batch}/{number} {text}") });
            let messages: Vec<Value> = (0..50).map(message).collect();
            let answer = self.server.ask(send, json!({ "messages": messages })).await;
            assert_eq!(answer, json!({ "data": { "sendMessages": { "errors": [] } } }));
        }
    }

    /// Calls a mutation as the acting user; gives its payload: what is selected, and its errors.
    pub async fn calls(&self, mutation: &str, mut input: Value, selection: &str) -> Value {
        input["userId"] = json!(self.id);
        let (first, rest) = mutation.split_at(1);
        let document = format!(
            "mutation ($input: {}{rest}Input!) {{
                {mutation}(input: $input) {{ {selection} errors {{ __typename code message path }} }}
            }}",
            first.to_uppercase()
        );
        let answer = self.server.ask(&document, json!({ "input": input })).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"][mutation].clone()
    }

    /// Calls a mutation that succeeds; gives what is selected.
    pub async fn does(&self, mutation: &str, input: Value, selection: &str) -> Value {
        let payload = self.calls(mutation, input, selection).await;
        assert_eq!(payload["errors"], json!([]), "{payload}");
        payload
    }

    /// Makes a chatroom; gives its id.
    pub async fn makes_room(&self, name: &str, others: &[&Actor<'_>]) -> String {
        let ids: Vec<&str> = others.iter().map(|other| other.id.as_str()).collect();
        let input = json!({ "name": name, "memberIds": ids });
        let payload = self.does("createChatroom", input, "chatroom { id }").await;
        payload["chatroom"]["id"].as_str().expect("an id").to_owned()
    }

    /// Says something in a chatroom; gives the message.
    pub async fn says(&self, chatroom_id: &str, text: &str) -> Value {
        let payload = self.tries_to_send(json!({ "recipientId": chatroom_id, "text": text })).await;
        assert_eq!(payload["errors"], json!([]), "{payload}");
        payload["message"].clone()
    }

    /// Asks something of a chatroom as the acting user; `null` when they do not see it.
    pub async fn sees(&self, chatroom_id: &str, selection: &str) -> Value {
        let document = format!(
            "query ($id: ID!, $userId: ID!) {{ chatroom(id: $id, userId: $userId) {{ {selection} }} }}"
        );
        let answer = self.server.ask(&document, json!({ "id": chatroom_id, "userId": self.id })).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"]["chatroom"].clone()
    }

    /// The inbox, with what is selected of each conversation.
    pub async fn inbox(&self, selection: &str) -> Value {
        let document = format!(
            "query ($userId: ID!) {{ conversations(userId: $userId) {{ nodes {{ {selection} }} }} }}"
        );
        let answer = self.server.ask(&document, json!({ "userId": self.id })).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"]["conversations"]["nodes"].clone()
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
