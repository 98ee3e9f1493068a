//! A WebSocket with nothing between us and its frames.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpSocket, TcpStream},
};

/// The sub-protocol that is spoken.
pub const SUB_PROTOCOL: (&str, &str) = ("Sec-WebSocket-Protocol", "graphql-transport-ws");

/// A subscription that goes on until somebody ends it.
pub const FOLLOW: &str = "subscription ($userId: ID) { events(userId: $userId) { event { __typename } } }";

/// How the head of an answer begins when the connection is a WebSocket from now on.
const SWITCHED: &str = "http/1.1 101 ";

const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;
const FINAL: u8 = 0x80;

/// How often the server may ask whether somebody is there before what is waited for comes: a minute and more.
const PINGS: usize = 8;

/// A client's end of a WebSocket.
pub struct Socket(BufReader<TcpStream>);

/// What comes over a socket.
#[derive(Debug, PartialEq)]
pub enum Frame {
    Text(Value),
    Ping,
    Pong,
    Close(u16, String),
    /// The connection ended.
    End,
}

impl Socket {
    /// Opens a socket, and waits until it is acknowledged.
    pub async fn open(url: &str) -> Self {
        Self::open_as(url, json!({})).await
    }

    /// The same with a payload of `connection_init`.
    pub async fn open_as(url: &str, payload: Value) -> Self {
        let mut socket = Self::upgraded(url, &[SUB_PROTOCOL]).await.expect("an upgrade");
        socket.sends(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hears().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// A socket on which nothing was said yet.
    pub async fn silent(url: &str) -> Self {
        Self::upgraded(url, &[SUB_PROTOCOL]).await.expect("an upgrade")
    }

    /// The same as `open` with a server that may be gone at any moment.
    pub async fn reaches(url: &str) -> io::Result<Self> {
        let mut socket = Self::connected(url).await?;
        let head = socket.asks_for_upgrade(&[SUB_PROTOCOL]).await?;
        assert!(head.starts_with(SWITCHED), "{head}");
        socket.tries_to_send(&json!({ "type": "connection_init" })).await?;
        match socket.receives().await {
            Frame::Text(message) => assert_eq!(message, json!({ "type": "connection_ack" })),
            Frame::End => return Err(ErrorKind::UnexpectedEof.into()),
            other => panic!("no message: {other:?}"),
        }
        Ok(socket)
    }

    /// Asks for an upgrade with these headers; gives the status and the body when it is refused.
    pub async fn upgraded(url: &str, headers: &[(&str, &str)]) -> Result<Self, (u16, Value)> {
        let mut socket = Self::connected(url).await.expect("a connection");
        let head = socket.asks_for_upgrade(headers).await.expect("an answer");
        if !head.starts_with(SWITCHED) {
            return Err(socket.refusal(&head).await);
        }
        assert!(head.contains("\r\nsec-websocket-protocol: graphql-transport-ws\r\n"), "{head}");
        Ok(socket)
    }

    async fn connected(url: &str) -> io::Result<Self> {
        let address: SocketAddr = url.trim_start_matches("http://").parse().expect("an address");
        let socket = TcpSocket::new_v4()?;
        // So that a story in which nobody reads need not send much.
        socket.set_recv_buffer_size(16 * 1024)?;
        let stream = socket.connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Gives the head of the answer, in lower case.
    async fn asks_for_upgrade(&mut self, headers: &[(&str, &str)]) -> io::Result<String> {
        let names_host = headers.iter().any(|(name, _)| *name == "Host");
        let host = if names_host { "" } else { "Host: localhost\r\n" };
        let more = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
        let more = more.collect::<Vec<_>>().concat();
        let request = format!(
            "GET /graphql HTTP/1.1\r\n{host}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
        );
        self.0.write_all(request.as_bytes()).await?;
        self.head().await
    }

    /// A response's head, in lower case.
    async fn head(&mut self) -> io::Result<String> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head).await? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(head.to_ascii_lowercase())
    }

    async fn refusal(&mut self, head: &str) -> (u16, Value) {
        let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
        let length = head.split("content-length: ").nth(1).expect("a length");
        let length = length.lines().next().expect("a line").parse().expect("a number");
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.expect("a body");
        (status, serde_json::from_slice(&body).expect("JSON"))
    }

    /// Sends a message.
    pub async fn sends(&mut self, message: Value) {
        self.sends_text(message.to_string()).await;
    }

    /// Sends a text that may be no message.
    pub async fn sends_text(&mut self, text: impl AsRef<[u8]>) {
        self.sends_frame(FINAL | TEXT, text.as_ref()).await;
    }

    pub async fn sends_binary(&mut self, bytes: &[u8]) {
        self.sends_frame(FINAL | BINARY, bytes).await;
    }

    pub async fn sends_close(&mut self, code: u16) {
        self.sends_frame(FINAL | CLOSE, &code.to_be_bytes()).await;
    }

    pub async fn sends_pong(&mut self) {
        self.sends_frame(FINAL | PONG, b"").await;
    }

    pub async fn sends_ping(&mut self) {
        self.sends_frame(FINAL | PING, b"").await;
    }

    /// Sends a message in frames of so many bytes, with a ping between them, as the protocol allows.
    pub async fn sends_in_pieces(&mut self, message: &Value, bytes: usize) {
        let text = message.to_string();
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(bytes).collect();
        for (number, piece) in pieces.iter().enumerate() {
            let opcode = if number == 0 { TEXT } else { 0 };
            let end = if number + 1 == pieces.len() { FINAL } else { 0 };
            self.sends_frame(end | opcode, piece).await;
            if end == 0 {
                self.sends_ping().await;
                assert_eq!(self.receives().await, Frame::Pong);
            }
        }
    }

    /// Sends a message to a server that may be gone.
    pub async fn tries_to_send(&mut self, message: &Value) -> io::Result<()> {
        self.tries_to_send_text(message.to_string().as_bytes()).await
    }

    /// The same with a text that may be no message.
    pub async fn tries_to_send_text(&mut self, text: &[u8]) -> io::Result<()> {
        self.0.write_all(&masked(FINAL | TEXT, text)).await
    }

    /// Starts an operation.
    pub async fn subscribes(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.sends(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// A frame as clients send it.
    pub async fn sends_frame(&mut self, first: u8, payload: &[u8]) {
        self.sends_bytes(&masked(first, payload)).await;
    }

    /// Bytes that may be no frame.
    pub async fn sends_bytes(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.expect("it takes them");
    }

    /// The next message; a few pings that come before it are answered.
    pub async fn hears(&mut self) -> Value {
        for _ in 0..PINGS {
            match self.receives().await {
                Frame::Text(message) => return message,
                Frame::Ping => self.sends_pong().await,
                other => panic!("no message: {other:?}"),
            }
        }
        panic!("nothing but pings: no message comes");
    }

    /// The next message as it is written. Pings must not come before it.
    pub async fn hears_text(&mut self) -> String {
        let Some((TEXT, payload)) = self.frame().await else { panic!("no message") };
        String::from_utf8(payload).expect("text")
    }

    /// Passes over whatever comes until the server closes; gives the code.
    pub async fn is_closed_at_last(&mut self) -> u16 {
        loop {
            if let (CLOSE, payload) = self.frame().await.expect("a close frame") {
                return u16::from_be_bytes([payload[0], payload[1]]);
            }
        }
    }

    /// The code and the reason with which the server closes, when nothing comes before. The connection then ends.
    pub async fn is_closed(&mut self) -> (u16, String) {
        let (code, reason) = self.is_told_why().await;
        self.sends_close(code).await;
        assert_eq!(self.receives().await, Frame::End);
        (code, reason)
    }

    /// The same, without waiting for the end: a server that cannot read on hears no good-bye, and waits a while.
    pub async fn is_told_why(&mut self) -> (u16, String) {
        match self.receives().await {
            Frame::Close(code, reason) => (code, reason),
            other => panic!("it goes on: {other:?}"),
        }
    }

    /// The next frame.
    pub async fn receives(&mut self) -> Frame {
        let Some((opcode, payload)) = self.frame().await else { return Frame::End };
        match opcode {
            TEXT => Frame::Text(serde_json::from_slice(&payload).expect("JSON")),
            PING => Frame::Ping,
            PONG => Frame::Pong,
            CLOSE => {
                let (code, reason) = payload.split_at(2);
                let code = u16::from_be_bytes(code.try_into().expect("two bytes"));
                Frame::Close(code, String::from_utf8(reason.to_vec()).expect("text"))
            }
            other => panic!("a frame of kind {other}"),
        }
    }

    /// A reset is an end, too.
    async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let first = self.0.read_u8().await.ok()?;
        assert_eq!(first & 0xf0, FINAL, "the server sends whole frames");
        let length = match self.0.read_u8().await.ok()? {
            126 => self.0.read_u16().await.ok()?.into(),
            127 => self.0.read_u64().await.ok()?,
            short => short.into(),
        };
        let mut payload = vec![0; usize::try_from(length).expect("a length")];
        self.0.read_exact(&mut payload).await.ok()?;
        Some((first & 0x0f, payload))
    }
}

/// A frame as clients send it, masked; with zeros, which leaves the bytes as they are.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..=125 => frame.push(FINAL | u8::try_from(short).expect("a byte")),
        long => {
            frame.push(FINAL | 127);
            frame.extend(u64::try_from(long).expect("a length").to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}
