//! As much of a WebSocket as an attacker needs.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::Outcome;

/// The answer to a ping.
const PONG: [u8; 6] = [0x8A, 0x80, 0, 0, 0, 0];

/// A socket that speaks `graphql-transport-ws`.
pub struct Socket {
    stream: TcpStream,
    received: Vec<u8>,
}

/// What the server says.
#[derive(Debug)]
pub enum Received {
    Text(String),
    /// It closes the socket, with a code and a reason.
    Closed(u16, String),
}

impl Socket {
    /// Opens one without saying who it is.
    pub async fn open(server: SocketAddr, from: &str) -> Outcome<Self> {
        Self::over(TcpStream::connect(server).await?, server, from).await
    }

    async fn over(mut stream: TcpStream, server: SocketAddr, from: &str) -> Outcome<Self> {
        stream.set_nodelay(true)?;
        let upgrade = format!(
            "GET /graphql HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             X-Forwarded-For: {from}\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
        );
        stream.write_all(upgrade.as_bytes()).await?;
        let mut received = Vec::with_capacity(4096);
        loop {
            if stream.read_buf(&mut received).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if let Some(end) = received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                if !received.starts_with(b"HTTP/1.1 101") {
                    return Err(String::from_utf8_lossy(&received).into());
                }
                received.drain(..end + 4);
                return Ok(Self { stream, received });
            }
        }
    }

    /// Opens one and its session.
    pub async fn with_token(server: SocketAddr, from: &str, token: &str) -> Outcome<Self> {
        Self::open(server, from).await?.init(token).await
    }

    /// The same for somebody who takes nothing: the kernel keeps little for them.
    pub async fn that_takes_little(server: SocketAddr, from: &str, token: &str) -> Outcome<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4_096)?;
        Self::over(socket.connect(server).await?, server, from).await?.init(token).await
    }

    async fn init(self, token: &str) -> Outcome<Self> {
        let mut socket = self;
        let payload = json!({ "Authorization": format!("Bearer {token}") });
        socket.send(&json!({ "type": "connection_init", "payload": payload }).to_string()).await?;
        match socket.next().await? {
            Received::Text(text) if text.contains("connection_ack") => Ok(socket),
            heard => Err(format!("{heard:?}").into()),
        }
    }

    /// Sends a text.
    pub async fn send(&mut self, text: &str) -> Outcome<()> {
        Ok(self.stream.write_all(&frame(text)).await?)
    }

    /// Begins an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) -> Outcome<()> {
        let payload = json!({ "query": query, "variables": variables });
        self.send(&json!({ "type": "subscribe", "id": id, "payload": payload }).to_string()).await
    }

    /// The next text, or the end. Answers pings.
    pub async fn next(&mut self) -> Outcome<Received> {
        loop {
            while let Some((kind, payload)) = self.take() {
                match kind {
                    0x1 => return Ok(Received::Text(String::from_utf8_lossy(&payload).into_owned())),
                    0x8 => {
                        let code =
                            payload.get(..2).map_or(1005, |code| u16::from_be_bytes([code[0], code[1]]));
                        let reason = payload.get(2..).unwrap_or_default();
                        return Ok(Received::Closed(code, String::from_utf8_lossy(reason).into_owned()));
                    }
                    0x9 => self.stream.write_all(&PONG).await?,
                    _ => {}
                }
            }
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err("the server closed the connection".into());
            }
        }
    }

    /// The first frame's kind and payload, if it is there as a whole.
    fn take(&mut self) -> Option<(u8, Vec<u8>)> {
        let bytes = &self.received;
        let (length, head) = match *bytes.get(1)? {
            126 => (u64::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])), 4),
            127 => (u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?), 10),
            length => (u64::from(length), 2),
        };
        let end = head + usize::try_from(length).ok()?;
        let payload = bytes.get(head..end)?.to_vec();
        let kind = bytes[0] & 0x0f;
        self.received.drain(..end);
        Some((kind, payload))
    }
}

/// A frame with a text, as a client sends it. The mask is zero, and so changes nothing.
fn frame(payload: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    match payload.len() {
        length @ 0..126 => frame.push(0x80 | length.to_le_bytes()[0]),
        length => {
            frame.push(0x80 | 0x7f);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload.as_bytes());
    frame
}
