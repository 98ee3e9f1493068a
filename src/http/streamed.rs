//! Answers as they come, in the body of one response.
//!
//! Server-sent events are those of graphql-sse's "distinct connections": a request that is sound HTTP always gets a stream,
//! and hears in it what is wrong with its document, because a browser's `EventSource` shows nothing of a refused one
//! (<https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>). The multipart form is that of Apollo Client's
//! `HttpLink`, whose parts are read when the boundary after them is there, so each part ends with one
//! (<https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol>).

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    response::IntoResponse,
};
use futures_util::{Stream, StreamExt, future::Either, stream};
use serde_json::Result;

use super::{accept::StreamType, connection::Connection, socket::QuotaPermit};
use crate::graphql::{Answer, Answers};

/// How long nothing may be sent: proxies take a silent connection for dead, and a client that vanished is found out by what
/// it does not acknowledge, within the 30 seconds after which its user counts as offline.
const KEEP_ALIVE: Duration = Duration::from_secs(9);

/// Proxies such as nginx collect a response before they pass it on, unless this says no.
const UNBUFFERED: [(&str, &str); 1] = [("x-accel-buffering", "no")];

/// A body with these answers. A subscription breaks off when the server stops: without its last word, so that clients take
/// it up again elsewhere.
pub(super) fn body(
    stream_type: StreamType,
    answers: Answers,
    connection: Connection,
    held: Vec<QuotaPermit>,
) -> impl IntoResponse {
    let shutdown = connection.shutdown.clone();
    let chunks = if answers.is_subscription {
        Either::Left(chunks(stream_type, answers).take_until(shutdown.requested()))
    } else {
        Either::Right(chunks(stream_type, answers))
    };
    // The places are free, and the connection is idle, when the stream is dropped.
    let chunks = chunks.inspect(move |_| {
        let _held = (&held, &connection);
    });
    (UNBUFFERED, Body::from_stream(chunks))
}

fn chunks(stream_type: StreamType, answers: Answers) -> impl Stream<Item = Result<Bytes>> + Send {
    let rest = stream::unfold(Some(answers), move |answers| async move {
        let mut answers = answers?;
        Some(match tokio::time::timeout(KEEP_ALIVE, answers.next()).await {
            Err(_) => (Ok(stream_type.keep_alive()), Some(answers)),
            // Without its last word, so that the client takes it up again.
            Ok(Some(answer @ Answer::Lost(_))) => (stream_type.next(answer), None),
            Ok(Some(answer)) => (stream_type.next(answer), Some(answers)),
            Ok(None) => (Ok(stream_type.complete()), None),
        })
    });
    // The client hears at once that it is connected.
    stream::iter([Ok(stream_type.start())]).chain(rest)
}

impl StreamType {
    fn start(self) -> Bytes {
        match self {
            Self::Events { .. } => self.keep_alive(),
            Self::Multipart => Bytes::from_static(b"\r\n--graphql"),
        }
    }

    fn keep_alive(self) -> Bytes {
        Bytes::from_static(match self {
            Self::Events { .. } => b":\n\n",
            Self::Multipart => b"\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql",
        })
    }

    fn next(self, answer: Answer) -> Result<Bytes> {
        let (before, after) = match self {
            Self::Events { ids } => {
                let id = answer.cursor().filter(|_| ids).map_or_else(String::new, |id| format!("id: {id}\n"));
                (format!("{id}event: next\ndata: "), "\n\n")
            }
            Self::Multipart => {
                ("\r\ncontent-type: application/json\r\n\r\n{\"payload\":".to_owned(), "}\r\n--graphql")
            }
        };
        match answer {
            Answer::Rendered(rendered) => {
                Ok(Bytes::from_owner(rendered.between(before.as_bytes(), after.as_bytes())))
            }
            other => Ok(format!("{before}{}{after}", serde_json::to_string(&other)?).into()),
        }
    }

    /// With a line of data, though there is none: without it `EventSource` would not hear of the event.
    fn complete(self) -> Bytes {
        match self {
            Self::Events { .. } => Bytes::from_static(b"event: complete\ndata:\n\n"),
            Self::Multipart => Bytes::from_static(b"--\r\n"),
        }
    }
}
