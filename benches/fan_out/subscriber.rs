//! Somebody who subscribes to a room over a WebSocket of their own.

use std::{net::SocketAddr, sync::Arc};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    Outcome,
    frames::{self, Frame, PONG},
    record::Record,
};

const QUERY: &str = "subscription Follow($room: ID!) { events(conversationId: $room) {
    cursor event { __typename ... on MessageSent { message { id seq text sender { id displayName } } } } } }";

/// A subscriber to whom everything until now was told.
pub struct Subscriber {
    stream: TcpStream,
    received: Vec<u8>,
}

/// Subscribes, and waits until the subscription is live.
pub async fn subscribe(server: SocketAddr, member: &str, room: &str) -> Outcome<Subscriber> {
    let mut stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let upgrade = format!(
        "GET /graphql HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    );
    stream.write_all(upgrade.as_bytes()).await?;
    let mut received = Vec::with_capacity(4096);
    let end = |received: &[u8]| received.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    while end(&received).is_none() {
        if stream.read_buf(&mut received).await? == 0 {
            return Err("the server does not speak WebSocket".into());
        }
    }
    received.drain(..end(&received).map_or(0, |end| end + 4));
    let init = json!({ "type": "connection_init", "payload": { "Messenger-User": member } });
    let payload = json!({ "query": QUERY, "variables": { "room": room } });
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": payload });
    let both = [frames::text(&init.to_string()), frames::text(&subscribe.to_string())].concat();
    stream.write_all(&both).await?;
    let mut subscriber = Subscriber { stream, received };
    let mut is_live = false;
    while !is_live {
        subscriber.read(|text| is_live |= find(text, b"CaughtUp").is_some()).await?;
    }
    Ok(subscriber)
}

impl Subscriber {
    /// Notes what is received until the connection ends.
    pub async fn listen(mut self, record: Arc<Record>) {
        let note = |text: &[u8]| {
            if let Some(number) = number(text) {
                record.add(number);
            }
        };
        while self.read(note).await.is_ok() {}
    }

    /// Reads once, and hands on the texts that are there as a whole.
    async fn read(&mut self, mut take: impl FnMut(&[u8])) -> Outcome<()> {
        if self.stream.read_buf(&mut self.received).await? == 0 {
            return Err("the server closed the connection".into());
        }
        let (mut rest, mut is_pinged) = (self.received.as_slice(), false);
        while let Some(frame) = frames::take(&mut rest) {
            match frame {
                Frame::Text(text) => take(text),
                Frame::Ping => is_pinged = true,
                Frame::Other => {}
            }
        }
        let done = self.received.len() - rest.len();
        self.received.drain(..done);
        if is_pinged {
            self.stream.write_all(&PONG).await?;
        }
        Ok(())
    }
}

/// The number that a message says.
fn number(answer: &[u8]) -> Option<u32> {
    let start = find(answer, b"\"text\":\"")?;
    let digits = answer[start..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
}

/// Where the text goes on after this.
fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|part| part == wanted).map(|start| start + wanted.len())
}
