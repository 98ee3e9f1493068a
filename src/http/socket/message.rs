//! The messages of the protocol.

use axum::extract::ws::Message;
use serde::Serialize;
use serde_json::{Map, Value};

use super::close::Close;
use crate::{
    graphql::{Answer, Request, RequestError},
    http::parameters::{NoRequest, request, take_object},
};

/// The most bytes in the id of an operation: it comes back with every answer.
const MAX_ID_BYTES: usize = 256;

/// What a client says.
#[derive(Debug)]
pub(super) enum ClientMessage {
    ConnectionInit { payload: Map<String, Value> },
    Ping { payload: Option<Map<String, Value>> },
    Pong,
    Subscribe { id: String, request: Request },
    Complete { id: String },
}

impl ClientMessage {
    pub(super) fn read(text: &str) -> Result<Self, Close> {
        let mut message: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Close::malformed(format!("a message must be a JSON object (line {line}, column {column})"))
        })?;
        let Some(Value::String(kind)) = message.remove("type") else {
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
}

fn take_id(message: &mut Map<String, Value>) -> Result<String, Close> {
    match message.remove("id") {
        Some(Value::String(id)) if (1..=MAX_ID_BYTES).contains(&id.len()) => Ok(id),
        _ => Err(Close::malformed(format!("\"id\" must be a string of 1 to {MAX_ID_BYTES} bytes"))),
    }
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
        payload: Option<Map<String, Value>>,
    },
    Next {
        id: &'a str,
        payload: &'a Answer,
    },
    Error {
        id: &'a str,
        payload: &'a [RequestError],
    },
    Complete {
        id: &'a str,
    },
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
        prop_oneof![4 => message, 1 => r#"[{}\[\]":,a1\\]{0,30}"#, 1 => "(?s).{0,60}"]
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
