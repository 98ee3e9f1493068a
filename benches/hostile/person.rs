//! Somebody with a token, who asks over HTTP.

use std::{
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use jsonwebtoken::{EncodingKey, Header, encode};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::Outcome;

/// The secret that the server shares with the host application.
pub const SECRET: &str = "a secret of this benchmark, and of nobody else";

/// How much of an answer is kept; of the rest only the length is counted.
const KEPT: usize = 64 * 1024;

/// How long an answer may take: beyond every limit of the server.
const PATIENCE: Duration = Duration::from_secs(90);

/// A token with these claims, good for an hour.
pub fn token(mut claims: Value) -> Outcome<String> {
    #[expect(clippy::disallowed_methods, reason = "the server under attack has the system's clock")]
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    claims["exp"] = (now.as_secs() + 3_600).into();
    Ok(encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes()))?)
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    /// How many bytes the body had.
    pub bytes: u64,
    /// The first of them.
    pub start: String,
    pub took: Duration,
}

impl Reply {
    /// The first error's code, or `none`.
    pub fn code(&self) -> &str {
        const KEY: &str = "\"code\":\"";
        let start = self.start.find(KEY).map(|place| &self.start[place + KEY.len()..]);
        start.and_then(|rest| rest.split('"').next()).unwrap_or("none")
    }

    /// Status, code, length and time in a few words.
    pub fn told(&self) -> String {
        format!("{} {}, {} kB, {} ms", self.status, self.code(), self.bytes / 1_000, self.took.as_millis())
    }
}

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Person {
    pub address: SocketAddr,
    pub token: String,
    /// As whom a service acts.
    acting: Option<String>,
    /// From where it says that it calls.
    from: &'static str,
    client: Client,
}

impl Person {
    /// A user by their external id, which is their username, too.
    pub fn user(address: SocketAddr, name: &str, from: &'static str) -> Outcome<Self> {
        let token = token(json!({ "sub": name, "username": name }))?;
        Ok(Self { address, token, acting: None, from, client: client()? })
    }

    /// A service that acts as nobody yet.
    pub fn service(address: SocketAddr) -> Outcome<Self> {
        let token = token(json!({ "scope": "messenger:service" }))?;
        Ok(Self { address, token, acting: None, from: "", client: client()? })
    }

    /// The service acting for a user, by id.
    pub fn acting_as(&self, id: &str) -> Self {
        Self { acting: Some(id.to_owned()), ..self.clone() }
    }

    /// Asks, and reads the whole answer, of which it keeps the start.
    pub async fn ask(&self, query: &str, variables: Value) -> Outcome<Reply> {
        self.post(json!({ "query": query, "variables": variables }).to_string()).await
    }

    /// Sends a body as it is.
    pub async fn post(&self, body: String) -> Outcome<Reply> {
        self.send(self.request().body(body)).await
    }

    /// Sends a body that says that it is compressed with gzip.
    pub async fn post_packed(&self, body: Vec<u8>) -> Outcome<Reply> {
        self.send(self.request().header("content-encoding", "gzip").body(body)).await
    }

    fn request(&self) -> RequestBuilder {
        let mut request = self.client.post(format!("http://{}/graphql", self.address));
        request = request.bearer_auth(&self.token).header("content-type", "application/json");
        if !self.from.is_empty() {
            request = request.header("x-forwarded-for", self.from);
        }
        if let Some(acting) = &self.acting {
            request = request.header("messenger-user", acting);
        }
        request
    }

    async fn send(&self, request: RequestBuilder) -> Outcome<Reply> {
        let begin = Instant::now();
        let mut response = request.send().await?;
        let status = response.status().as_u16();
        let (mut bytes, mut start) = (0, Vec::new());
        while let Some(chunk) = response.chunk().await? {
            bytes += chunk.len() as u64;
            let kept = chunk.len().min(KEPT - start.len());
            start.extend(&chunk[..kept]);
        }
        let start = String::from_utf8_lossy(&start).into_owned();
        Ok(Reply { status, bytes, start, took: begin.elapsed() })
    }

    /// The data of an answer without errors, in payloads neither; of at most 64 KiB.
    pub async fn data(&self, query: &str, variables: Value) -> Outcome<Value> {
        let reply = self.ask(query, variables).await?;
        if reply.start.contains("\"message\":\"") {
            return Err(reply.start.into());
        }
        let mut answer: Value = serde_json::from_str(&reply.start)?;
        Ok(answer["data"].take())
    }

    /// The id of the user whose token it is; made by the first request.
    pub async fn id(&self) -> Outcome<String> {
        text(&self.data("{ viewer { id } }", json!({})).await?["viewer"]["id"])
    }

    /// Sends many messages of one text, as many in a request as a body of 1 MiB holds.
    pub async fn sends(&self, recipient: &str, text: &str, count: usize) -> Outcome<()> {
        let message = json!({ "recipientId": recipient, "text": text });
        let each = (900_000 / message.to_string().len()).clamp(1, 100);
        let send = "mutation($all: [SendMessageInput!]!) { sendMessages(input: { messages: $all }) {
            errors { code message } } }";
        let mut left = count;
        while left > 0 {
            let now = left.min(each);
            self.data(send, json!({ "all": vec![message.clone(); now] })).await?;
            left -= now;
        }
        Ok(())
    }
}

/// The text of a value that is one.
pub fn text(value: &Value) -> Outcome<String> {
    Ok(value.as_str().ok_or_else(|| format!("a text is missing: {value}"))?.to_owned())
}

fn client() -> Outcome<Client> {
    Ok(Client::builder().timeout(PATIENCE).build()?)
}
