//! The messages of the protocol.

use std::error::Error;

use async_graphql::{ServerError, Value};
use axum::{
    body::Bytes,
    extract::ws::{Message, Utf8Bytes},
};
use serde::{Deserialize, Serialize, Serializer};

use super::close::Close;
use crate::{
    graphql::{Answer, Rendered, Request, RequestError},
    http::parameters::{Fields, NoRequest, request, take_object},
    types::{JsonBounds, JsonError, read_envelope, read_json},
};

/// The most bytes in the id of an operation: it comes back with every answer.
const MAX_ID_BYTES: usize = 256;

/// What a client says.
#[derive(Debug)]
pub(super) enum ClientMessage {
    ConnectionInit {
        payload: Fields,
    },
    Ping {
        payload: Option<Fields>,
    },
    Pong,
    Subscribe {
        id: String,
        request: Request,
    },
    /// A `subscribe` whose payload cannot be taken. Its id can be read, so the other operations go on.
    Unreadable {
        id: String,
        error: JsonError,
    },
    Complete {
        id: String,
    },
}

impl ClientMessage {
    pub(super) fn read(text: &str) -> Result<Self, Close> {
        let mut message = match read_json(text.as_bytes(), JsonBounds::REQUEST) {
            Ok(Value::Object(message)) => message,
            Ok(_) => return Err(Close::malformed("a message must be a JSON object")),
            Err(error) => return Self::of_unreadable(text, error),
        };
        let Some(Value::String(kind)) = message.swap_remove("type") else {
            return Err(Close::malformed("a message must have a \"type\""));
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::ConnectionInit { payload: take_object(&mut message, "payload")? }),
            "ping" => {
                let payload = take_object(&mut message, "payload")?;
                Ok(Self::Ping { payload: Some(payload).filter(|payload| !payload.is_empty()) })
            }
            "pong" => take_object(&mut message, "payload").map(|_| Self::Pong).map_err(Close::from),
            "subscribe" => {
                let id = take_id(&mut message)?;
                Ok(Self::Subscribe { id, request: request(take_object(&mut message, "payload")?)? })
            }
            "complete" => Ok(Self::Complete { id: take_id(&mut message)? }),
            _ => Err(Close::malformed(format!("there is no message of the type \"{kind}\""))),
        }
    }

    /// What a message says of itself whose JSON cannot be taken. An operation is refused by its id; everything else closes
    /// the socket.
    fn of_unreadable(text: &str, error: JsonError) -> Result<Self, Close> {
        #[derive(Deserialize)]
        struct Envelope {
            #[serde(rename = "type")]
            kind: String,
            id: String,
        }
        match read_envelope::<Envelope>(text.as_bytes()) {
            Some(Envelope { kind, id }) if kind == "subscribe" => {
                check_id(id).map(|id| Self::Unreadable { id, error })
            }
            _ => Err(Close::malformed(format!("a message {error}"))),
        }
    }
}

fn take_id(message: &mut Fields) -> Result<String, Close> {
    match message.swap_remove("id") {
        Some(Value::String(id)) => check_id(id),
        _ => check_id(String::new()),
    }
}

fn check_id(id: String) -> Result<String, Close> {
    if (1..=MAX_ID_BYTES).contains(&id.len()) {
        return Ok(id);
    }
    Err(Close::malformed(format!("\"id\" must be a string of 1 to {MAX_ID_BYTES} bytes")))
}

impl From<NoRequest> for Close {
    fn from(reason: NoRequest) -> Self {
        Self::malformed(reason.to_string())
    }
}

/// What the server says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerMessage<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Echo>,
    },
    Next {
        id: &'a str,
        payload: &'a Answer,
    },
    Error {
        id: &'a str,
        payload: Errors<'a>,
    },
    Complete {
        id: &'a str,
    },
}

/// Why an operation was not begun.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Errors<'a> {
    /// The request was refused.
    Refused(&'a [RequestError]),
    /// The field of the subscription failed.
    NotBegun(&'a [ServerError]),
}

impl<'a> Errors<'a> {
    /// Those of an answer that says that nothing was begun.
    pub(super) fn of(answer: &'a Answer) -> Option<Self> {
        match answer {
            Answer::Refused { errors } => Some(Self::Refused(errors)),
            Answer::NotBegun { errors } => Some(Self::NotBegun(errors)),
            _ => None,
        }
    }
}

/// What a client sent, as it comes back. The library would write an object with a certain key as the JSON in its text.
#[derive(Debug)]
pub(super) struct Echo(pub(super) Fields);

impl Serialize for Echo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, Plain(value))))
    }
}

struct Plain<'a>(&'a Value);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                serializer.collect_map(fields.iter().map(|(name, value)| (name, Plain(value))))
            }
            Value::List(items) => serializer.collect_seq(items.iter().map(Plain)),
            leaf => leaf.serialize(serializer),
        }
    }
}

/// `next` with an answer that was rendered. It is not copied, and its memory is given back when the socket has taken it.
pub(super) fn next_frame(id: &str, rendered: Rendered) -> Result<Message, Box<dyn Error>> {
    let before = format!(r#"{{"type":"next","id":{},"payload":"#, serde_json::to_string(id)?);
    let text = Bytes::from_owner(rendered.between(before.as_bytes(), b"}"));
    Ok(Message::Text(Utf8Bytes::try_from(text)?))
}

impl ServerMessage<'_> {
    pub(super) fn frame(&self) -> serde_json::Result<Message> {
        Ok(Message::Text(serde_json::to_string(self)?.into()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Mostly JSON that resembles a message.
    fn text() -> impl Strategy<Value = String> {
        let value =
            r#"null|1|"|""|"a"|\{\}|\[\]|"query"|\{"query":"\{a\}"\}|\{"query":null,"documentId":"a"\}"#;
        let kind = "connection_init|ping|pong|subscribe|complete|next|";
        let message = (kind, value, value)
            .prop_map(|(kind, id, payload)| format!(r#"{{"type":"{kind}","id":{id},"payload":{payload}}}"#));
        // What is nested in itself, beyond what any parser's stack would hold.
        let nested = (0_usize..60, kind).prop_map(|(levels, kind)| {
            let payload = (0..levels).fold("[".repeat(60) + &"]".repeat(60), |inner, _| {
                let escaped = inner.replace('\\', "\\u005c").replace('"', "\\u0022");
                format!(
                    r#"{}{{"$serde_json::private::RawValue":"{escaped}"}}{}"#,
                    "[".repeat(120),
                    "]".repeat(120)
                )
            });
            format!(r#"{{"type":"{kind}","id":"1","payload":{payload}}}"#)
        });
        prop_oneof![4 => message, 2 => nested, 1 => r#"[{}\[\]":,a1\\]{0,30}"#, 1 => "(?s).{0,60}"]
    }

    proptest! {
        #[test]
        fn every_text_is_a_message_or_malformed(text in text()) {
            if let Err(close) = ClientMessage::read(&text) {
                prop_assert_eq!(close.code, 4400);
            }
        }
    }
}
