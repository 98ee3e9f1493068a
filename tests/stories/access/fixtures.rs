//! Who is on the stage of these stories, and what is between them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Host, Server, Socket, shared_secret};

/// Stands in the name of the chatroom and in what is said there.
pub const HUSH: &str = "Hush";
/// Stands in what is between Aaron and Carol.
pub const PSST: &str = "Psst";

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Eve, who shares nothing with the others.
    Stranger,
    /// Betty, who is in the chatroom.
    Member,
    /// Aaron, whose chatroom it is.
    Owner,
    /// Carol, who is in it as well: it is her message, and she is the user that is asked for.
    Oneself,
}

pub const ROLES: [Role; 4] = [Role::Stranger, Role::Member, Role::Owner, Role::Oneself];

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Stranger => "eve",
            Self::Member => "betty",
            Self::Owner => "aaron",
            Self::Oneself => "carol",
        }
    }
}

/// As whom a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// Nobody: without a token.
    Nobody,
    /// With a token of their own.
    User(Role),
    /// A service that names them in the header.
    ServiceFor(Role),
    /// A service that names nobody.
    Service,
}

/// A server that asks for tokens, with everybody who is there.
pub struct Fixtures {
    pub server: Server,
    host: Host,
    ids: [String; 4],
}

/// What is on the stage for one request: everything of it is new, but the people.
#[derive(Clone)]
pub struct Props {
    /// The place in the log before all of it.
    pub before: Value,
    pub room: String,
    /// Carol's message in the chatroom, to which Betty has reacted.
    pub message: String,
    /// What is between Aaron and Carol.
    pub direct: String,
    pub carol: String,
    pub aaron: String,
}

impl Fixtures {
    pub async fn meet() -> Self {
        let server = Server::start_with_keys(shared_secret()).await;
        let host = Host::with_secret();
        let mut ids = [const { String::new() }; 4];
        for (id, role) in ids.iter_mut().zip(ROLES) {
            *id = server.user_of(&host, role.name()).await;
            let link = "mutation ($id: ID!, $sub: String!) { updateUser(input: {userId: $id, externalId: $sub}) { errors { code } } }";
            let variables = json!({ "id": id, "sub": format!("{}@host", role.name()) });
            server.ask_with(&host.signs_for_service(), link, variables).await;
        }
        Self { server, host, ids }
    }

    pub fn id(&self, role: Role) -> &str {
        let place = ROLES.iter().position(|other| *other == role).expect("a role");
        &self.ids[place]
    }

    pub fn token(&self, role: Role) -> String {
        self.host.signs(json!({ "sub": self.id(role) }))
    }

    /// Sets the stage anew.
    pub async fn props(&self) -> Props {
        let [carol, betty] = [Role::Oneself, Role::Member].map(|role| json!(self.id(role)));
        let page = self.does(Role::Owner, "{ users(first: 1) { eventCursor } }", json!({})).await;
        let create = "mutation ($name: String!, $ids: [ID!]) {
            createChatroom(input: {name: $name, memberIds: $ids}) { chatroom { id } } }";
        let room = self.does(Role::Owner, create, json!({ "name": HUSH, "ids": [betty, carol] })).await;
        let room = room["createChatroom"]["chatroom"]["id"].clone();
        let send = "mutation ($to: ID!, $text: String!, $key: String) {
            sendMessage(input: {recipientId: $to, text: $text, clientMessageId: $key}) { message { id conversation { id } } } }";
        let key = format!("of {room}");
        let said = json!({ "to": room, "text": format!("{HUSH} now"), "key": key });
        let said = self.does(Role::Oneself, send, said).await;
        let message = said["sendMessage"]["message"]["id"].clone();
        let whispered = json!({ "to": carol, "text": format!("{PSST} you") });
        let whispered = self.does(Role::Owner, send, whispered).await;
        let react =
            "mutation ($id: ID!) { addReaction(input: {messageId: $id, emoji: \"👍\"}) { errors { code } } }";
        self.does(Role::Member, react, json!({ "id": message })).await;
        Props {
            before: page["users"]["eventCursor"].clone(),
            room: text(&room),
            message: text(&message),
            direct: text(&whispered["sendMessage"]["message"]["conversation"]["id"]),
            carol: text(&carol),
            aaron: self.id(Role::Owner).to_owned(),
        }
    }

    /// What somebody does that works: the data.
    pub async fn does(&self, role: Role, document: &str, variables: Value) -> Value {
        let answer = self.server.ask_with(&self.token(role), document, variables).await.body;
        assert_eq!(answer.get("errors"), None, "{answer}");
        answer["data"].clone()
    }

    /// The whole answer; of a subscription everything up to the end of what was missed, or the error.
    pub async fn ask(&self, sender: Sender, document: &str, variables: Value) -> Value {
        if document.starts_with("subscription") && sender != Sender::Nobody {
            return self.follow(sender, document, variables).await;
        }
        let mut request = self.server.request(Method::POST, "/graphql");
        for (name, value) in self.credentials(sender) {
            request = request.header(name, value);
        }
        self.server.send(request.json(&json!({ "query": document, "variables": variables }))).await.body
    }

    async fn follow(&self, sender: Sender, document: &str, variables: Value) -> Value {
        let payload: serde_json::Map<String, Value> = self
            .credentials(sender)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        let mut socket = Socket::open_as(&self.server.url, Value::Object(payload)).await;
        socket.subscribes("1", document, variables).await;
        let mut told = Vec::new();
        loop {
            let message = socket.hears().await;
            let payload = message["payload"].clone();
            if message["type"] == "error" {
                return json!({ "errors": payload });
            }
            let event = payload["data"]["events"]["event"].clone();
            let is_last = event["__typename"] == "CaughtUp";
            told.push(event);
            if is_last {
                return json!({ "data": { "events": told } });
            }
        }
    }

    fn credentials(&self, sender: Sender) -> Vec<(&'static str, String)> {
        let bearer = |token: String| ("Authorization", format!("Bearer {token}"));
        match sender {
            Sender::Nobody => Vec::new(),
            Sender::User(role) => vec![bearer(self.token(role))],
            Sender::Service => vec![bearer(self.host.signs_for_service())],
            Sender::ServiceFor(role) => {
                vec![bearer(self.host.signs_for_service()), ("Messenger-User", self.id(role).to_owned())]
            }
        }
    }
}

fn text(id: &Value) -> String {
    id.as_str().expect("an id").to_owned()
}
