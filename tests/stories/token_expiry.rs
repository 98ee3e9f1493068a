//! A token expires: nothing goes on longer than it.

use std::time::Duration;

use messenger::store::{Connection, StoreError};
use reqwest::{Method, header::ACCEPT};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::{
    server_sent_events::Stream,
    support::{Frame, Host, NOON, Server, Socket, shared_secret},
};

const EXPIRED: &str = "the token has expired: get a new one and send it again";
const FOLLOW: &str = "subscription ($after: String) { events(after: $after) { cursor event {
    __typename ... on MessageSent { message { text } }
} } }";

/// A server on which Aaron writes to Betty, whose token is good for a minute, and thirty seconds.
struct Minute {
    server: Server,
    host: Host,
    aaron: String,
    betty: String,
}

impl Minute {
    async fn begins() -> Self {
        let server = Server::start_with_keys(shared_secret()).await;
        let host = Host::with_secret();
        let (aaron, betty) = (server.user_of(&host, "aaron").await, server.user_of(&host, "betty").await);
        Self { server, host, aaron, betty }
    }

    fn token_of_betty(&self, minutes: i64) -> String {
        self.host.signs(json!({ "sub": self.betty, "exp": NOON + minutes * 60 }))
    }

    async fn socket_of_betty(&self, minutes: i64) -> Socket {
        let token = self.token_of_betty(minutes);
        Socket::open_as(&self.server.url, json!({ "Authorization": format!("Bearer {token}") })).await
    }

    async fn aaron_writes(&self, text: &str) {
        let send = "mutation ($to: ID!, $text: String!) { sendMessage(input: {recipientId: $to, text: $text}) { errors { code } } }";
        let token = self.host.signs(json!({ "sub": self.aaron }));
        let answer = self.server.ask_with(&token, send, json!({ "to": self.betty, "text": text })).await.body;
        assert_eq!(answer, json!({ "data": { "sendMessage": { "errors": [] } } }));
    }

    fn ends(&self) {
        self.server.clock.forward(Duration::from_secs(90));
    }
}

async fn hears(socket: &mut Socket) -> Value {
    socket.hears().await["payload"]["data"]["events"].clone()
}

#[tokio::test]
async fn a_socket_is_closed_and_its_follower_misses_nothing() {
    let minute = Minute::begins().await;
    let mut socket = minute.socket_of_betty(1).await;
    let mut idle = minute.socket_of_betty(1).await;
    let mut longer = minute.socket_of_betty(2).await;
    socket.subscribes("1", FOLLOW, json!({})).await;
    assert_eq!(hears(&mut socket).await["event"]["__typename"], "CaughtUp");
    minute.server.clock.forward(Duration::from_millis(89_999));
    minute.aaron_writes("Are you there?").await;
    let heard = hears(&mut socket).await;
    assert_eq!(heard["event"]["message"]["text"], "Are you there?");
    minute.server.clock.forward(Duration::from_millis(1));
    for closed in [&mut socket, &mut idle] {
        assert_eq!(closed.is_closed().await, (4403, EXPIRED.to_owned()));
    }
    minute.aaron_writes("Betty?").await;

    longer.subscribes("1", FOLLOW, json!({ "after": heard["cursor"] })).await;
    assert_eq!(hears(&mut longer).await["event"]["message"]["text"], "Betty?");
    assert_eq!(hears(&mut longer).await["event"]["__typename"], "CaughtUp");
}

#[tokio::test]
async fn nothing_is_begun_on_a_socket_afterwards() {
    let minute = Minute::begins().await;
    let mut socket = minute.socket_of_betty(1).await;
    minute.ends();
    let rename = "mutation { updateUser(input: {displayName: \"Too late\"}) { errors { code } } }";
    socket.subscribes("1", rename, json!({})).await;
    assert_eq!(socket.is_told_why().await, (4403, EXPIRED.to_owned()));
    let betty = "query ($id: ID!) { user(id: $id) { displayName } }";
    let token = minute.host.signs_for_service();
    let answer = minute.server.ask_with(&token, betty, json!({ "id": minute.betty })).await.body;
    assert_eq!(answer, json!({ "data": { "user": { "displayName": "betty" } } }));
}

#[tokio::test]
async fn a_mutation_that_was_begun_before_gets_its_answer() {
    let minute = Minute::begins().await;
    let mut socket = minute.socket_of_betty(1).await;
    let (hold, begun) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    let store = minute.server.app.store.clone();
    let held_up = tokio::spawn(async move {
        let work = move |_: &mut Connection| {
            hold.send(()).expect("somebody waits");
            released.blocking_recv().expect("the release");
            Ok::<_, StoreError>(())
        };
        store.write(work).await
    });
    begun.await.expect("the writer has begun");
    let rename = "mutation { updateUser(input: {displayName: \"B.\"}) { user { displayName } } }";
    socket.subscribes("1", FOLLOW, json!({})).await;
    assert_eq!(hears(&mut socket).await["event"]["__typename"], "CaughtUp");
    socket.subscribes("2", rename, json!({})).await;
    socket.sends_ping().await;
    assert_eq!(socket.receives().await, Frame::Pong, "it was taken");
    minute.ends();
    release.send(()).expect("the writer waits");
    let renamed = json!({ "data": { "updateUser": { "user": { "displayName": "B." } } } });
    assert_eq!(socket.hears().await, json!({ "type": "next", "id": "2", "payload": renamed }));
    assert_eq!(socket.hears().await, json!({ "type": "complete", "id": "2" }));
    assert_eq!(socket.is_closed().await, (4403, EXPIRED.to_owned()));
    held_up.await.expect("no panic").expect("it was committed");
}

#[tokio::test]
async fn an_event_stream_says_so_and_ends() {
    let minute = Minute::begins().await;
    let posted = |accept: &str| {
        let request = minute.server.request(Method::POST, "/graphql").header(ACCEPT, accept);
        request.bearer_auth(minute.token_of_betty(1)).json(&json!({ "query": FOLLOW }))
    };
    let mut stream = Stream::of(posted("text/event-stream")).await;
    stream.begins().await;
    assert_eq!(stream.next().await["data"]["events"]["event"]["__typename"], "CaughtUp");
    let multipart = posted("multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json;q=0.9")
        .send()
        .await
        .expect("an answer");
    minute.ends();
    let error = json!({ "message": EXPIRED, "extensions": { "code": "UNAUTHENTICATED" } });
    assert_eq!(stream.next().await, json!({ "errors": [error] }));
    stream.completes().await;
    let told = multipart.text().await.expect("a body");
    let told = told.strip_suffix("\r\n--graphql--\r\n").expect("its end");
    let last: Value = serde_json::from_str(told.lines().last().expect("a line")).expect("JSON");
    assert_eq!(last, json!({ "payload": { "errors": [error] } }));
    assert_eq!(posted("text/event-stream").send().await.expect("an answer").status(), 401);
}

#[tokio::test]
async fn a_token_that_is_not_believed_opens_no_socket() {
    let minute = Minute::begins().await;
    minute.ends();
    let missing = "the token is missing: send Authorization: Bearer TOKEN, on a WebSocket in the payload of connection_init";
    let malformed = "the token is malformed: Authorization must be Bearer, a space and a JWT (three parts with dots between)";
    let bearer = format!("Bearer {}", minute.token_of_betty(1));
    let table = [
        (json!({}), missing),
        (json!({ "Authorization": null }), missing),
        (json!({ "Messenger-User": "betty" }), missing),
        (json!({ "Authorization": 7 }), malformed),
        (json!({ "Authorization": "" }), missing),
        (json!({ "Authorization": "Bearer " }), missing),
        (json!({ "Authorization": "Basic x" }), malformed),
        (json!({ "authorization": minute.token_of_betty(5) }), malformed),
        (json!({ "AUTHORIZATION": bearer }), EXPIRED),
    ];
    for (payload, reason) in table {
        let mut socket = Socket::silent(&minute.server.url).await;
        socket.sends(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.is_closed().await, (4403, reason.to_owned()), "{payload}");
    }
    let mut hasty = Socket::silent(&minute.server.url).await;
    hasty.subscribes("1", "{ __typename }", json!({})).await;
    assert_eq!(hasty.is_closed().await.0, 4401);
}
