//! Somebody who follows what happens, and keeps what a client keeps: the last cursor, and what they were told.

use std::{
    cell::{Ref, RefCell},
    io,
};

use rand::{RngExt, rngs::StdRng};
use serde_json::{Value, json};

use super::{Pulse, THE_END};
use crate::support::{Frame, Socket};

/// How eagerly somebody reads.
#[derive(Clone, Copy, PartialEq)]
pub enum Pace {
    Quick,
    /// Lets things wait again and again.
    Slow,
    /// The same, and asks for so much that it fills the buffers.
    Stuck,
}

/// What somebody was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub cursor: String,
    /// Without the text, which is told as it is by then.
    pub event: Value,
    pub text: Option<String>,
}

impl Told {
    pub fn kind(&self) -> &str {
        self.event["__typename"].as_str().expect("a kind")
    }

    /// Where it happened.
    pub fn place(&self) -> &str {
        let places = ["/message/conversation/id", "/chatroom/id", "/chatroomId"];
        let place = places.iter().find_map(|path| self.event.pointer(path)?.as_str());
        place.unwrap_or_else(|| panic!("{self:?}"))
    }

    /// The id of the message or the member that it is about.
    pub fn about(&self) -> &str {
        let things = ["/message/id", "/member/id"];
        let thing = things.iter().find_map(|path| self.event.pointer(path)?.as_str());
        thing.unwrap_or_else(|| panic!("{self:?}"))
    }

    fn new(cursor: &str, mut event: Value) -> Self {
        let fields = event.as_object_mut().expect("an event");
        fields.remove("bulk");
        let text = fields.get_mut("message").and_then(|message| message.as_object_mut()?.remove("text"));
        let text = text.map(|text| text.as_str().expect("a text").to_owned());
        Self { cursor: cursor.to_owned(), event, text }
    }
}

/// One device of somebody.
pub struct Subscriber {
    pub name: &'static str,
    pub user_id: String,
    /// The one conversation that they follow; everything, when there is none.
    pub only: Option<String>,
    pub pace: Pace,
    pub chance: RefCell<StdRng>,
    pub cursor: RefCell<String>,
    pub told: RefCell<Vec<Told>>,
}

impl Subscriber {
    /// Listens over one socket after the other, until the server is killed or they have heard the end.
    pub async fn follows(&self, url: &str, pulse: &Pulse) {
        while !pulse.is_over() && !self.has_heard_the_end() {
            match self.subscribes(url).await {
                Ok(socket) => self.listens(socket, pulse).await,
                Err(error) => assert!(pulse.is_over(), "{} is cut off: {error}", self.name),
            }
        }
    }

    /// Fails when there is anything more to tell them.
    pub async fn has_heard_everything(&self, url: &str) {
        let mut socket = self.subscribes(url).await.expect("a subscription");
        assert_eq!(self.hears(&mut socket).await.as_deref(), Some("CaughtUp"), "{}", self.name);
    }

    pub fn told(&self) -> Ref<'_, Vec<Told>> {
        self.told.borrow()
    }

    async fn subscribes(&self, url: &str) -> io::Result<Socket> {
        let mut socket = Socket::reaches(url).await?;
        let variables = json!({ "userId": self.user_id, "only": self.only, "after": *self.cursor.borrow() });
        let payload = json!({ "query": self.query(), "variables": variables });
        socket.tries_to_send(&json!({ "type": "subscribe", "id": "1", "payload": payload })).await?;
        Ok(socket)
    }

    /// A heavy question fills the buffers of who does not read.
    fn query(&self) -> String {
        let heavy: Vec<String> = (0..16).map(|number| format!("t{number}: text")).collect();
        let bulk = match self.pace {
            Pace::Quick | Pace::Slow => String::new(),
            Pace::Stuck => format!("bulk: message {{ {} }}", heavy.join(" ")),
        };
        let message = "message { id seq text sender { id } conversation { id } }";
        format!(
            "subscription ($userId: ID!, $only: ID, $after: String!) {{
                events(userId: $userId, conversationId: $only, after: $after) {{
                    cursor
                    event {{
                        __typename
                        ... on MessageSent {{ {message} {bulk} }}
                        ... on MessageEdited {{ {message} }}
                        ... on ReactionAdded {{ emoji user {{ id }} {message} }}
                        ... on MemberJoined {{ chatroom {{ id }} member {{ id }} }}
                        ... on MemberLeft {{ chatroomId member {{ id }} }}
                    }}
                }}
            }}"
        )
    }

    /// Listens for a while, until the socket is dropped.
    async fn listens(&self, mut socket: Socket, pulse: &Pulse) {
        let patience = if self.pace == Pace::Quick { 200 } else { 2_000 };
        for _ in 0..self.draws(0..patience) {
            let Some(kind) = self.hears(&mut socket).await else {
                return assert!(pulse.is_over(), "{} is cut off", self.name);
            };
            if self.has_heard_the_end() {
                return;
            }
            if self.pace != Pace::Quick && kind == "CaughtUp" {
                self.dawdles(pulse).await;
            }
        }
    }

    /// Does something else while others write: for so long that more waits for them than fits into a mailbox, now and then.
    async fn dawdles(&self, pulse: &Pulse) {
        pulse.reaches(pulse.count() + self.draws(0..120)).await;
    }

    /// Gives the kind of the next thing that is kept, or nothing when the connection has ended.
    async fn hears(&self, socket: &mut Socket) -> Option<String> {
        loop {
            match socket.receives().await {
                Frame::Text(message) => {
                    if let Some(kind) = self.takes(&message) {
                        return Some(kind);
                    }
                }
                Frame::Ping => {}
                Frame::End => return None,
                other => panic!("{} hears {other:?}", self.name),
            }
        }
    }

    /// Presence has no cursor, and is not kept.
    fn takes(&self, message: &Value) -> Option<String> {
        let edge = &message["payload"]["data"]["events"];
        let is_edge = message["type"] == "next" && message["payload"].get("errors").is_none();
        assert!(is_edge, "{} is told {message}", self.name);
        let cursor = edge["cursor"].as_str()?;
        self.cursor.replace(cursor.to_owned());
        let kind = edge["event"]["__typename"].as_str().expect("a kind");
        assert_ne!(kind, "ResetRequired", "{} was told from the start", self.name);
        if kind != "CaughtUp" {
            self.told.borrow_mut().push(Told::new(cursor, edge["event"].clone()));
        }
        Some(kind.to_owned())
    }

    fn has_heard_the_end(&self) -> bool {
        let told = self.told();
        told.last().is_some_and(|told| told.text.as_deref() == Some(THE_END))
    }

    fn draws(&self, range: std::ops::Range<usize>) -> usize {
        self.chance.borrow_mut().random_range(range)
    }
}
