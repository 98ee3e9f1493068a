//! Answers as they come, in one response: server-sent events, and Apollo's multipart form.

use std::time::Duration;

use reqwest::{
    Method, RequestBuilder, Response,
    header::{ACCEPT, CONTENT_TYPE},
};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::{FOLLOW, Process, Server, folder};

const EVENTS: &str = "text/event-stream";

/// A response that is read as it comes.
pub struct Stream {
    response: Response,
    unread: String,
}

impl Stream {
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        Self { response, unread: String::new() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).map(|value| value.to_str().expect("a text"))
    }

    /// What comes up to and with this text; `None` when the response ends before.
    pub async fn until(&mut self, end: &str) -> Option<String> {
        loop {
            if let Some(at) = self.unread.find(end) {
                let rest = self.unread.split_off(at + end.len());
                return Some(std::mem::replace(&mut self.unread, rest));
            }
            let chunk = self.response.chunk().await.expect("a clean end")?;
            self.unread.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    }

    /// The next event, or comment.
    pub async fn event(&mut self) -> Option<String> {
        self.until("\n\n").await
    }

    /// What the next event has to say.
    pub async fn next(&mut self) -> Value {
        self.next_with_id().await.1
    }

    /// The same with the event's id, if it has one.
    pub async fn next_with_id(&mut self) -> (Option<String>, Value) {
        let event = self.event().await.expect("an event");
        let (id, event) = event
            .strip_prefix("id: ")
            .and_then(|event| event.split_once('\n'))
            .map_or((None, event.as_str()), |(id, event)| (Some(id.to_owned()), event));
        let data = event.strip_prefix("event: next\ndata: ").unwrap_or_else(|| panic!("{event:?}"));
        (id, serde_json::from_str(data).expect("JSON"))
    }

    /// It was connected, and says so at once.
    pub async fn begins(&mut self) {
        assert_eq!(self.event().await.as_deref(), Some(":\n\n"));
    }

    /// It says that this was all, and ends.
    pub async fn completes(&mut self) {
        assert_eq!(self.event().await.as_deref(), Some("event: complete\ndata:\n\n"));
        assert_eq!(self.event().await, None);
        assert_eq!(self.unread, "");
    }
}

fn posted(server: &Server, query: &str, variables: &Value) -> RequestBuilder {
    let body = json!({ "query": query, "variables": variables });
    server.request(Method::POST, "/graphql").header(ACCEPT, EVENTS).json(&body)
}

fn got(server: &Server, query: &str) -> RequestBuilder {
    server.request(Method::GET, "/graphql").header(ACCEPT, EVENTS).query(&[("query", query)])
}

#[tokio::test]
async fn a_query_gives_one_event_and_its_end() {
    let server = Server::start().await;
    for request in [posted(&server, "{ __typename }", &json!({})), got(&server, "{ __typename }")] {
        let mut stream = Stream::of(request).await;
        assert_eq!(stream.header("content-type"), Some("text/event-stream; charset=utf-8"));
        assert_eq!(stream.header("cache-control"), Some("no-store"));
        assert_eq!(stream.header("x-accel-buffering"), Some("no"));
        assert_eq!(stream.header("vary"), Some("Accept"));
        stream.begins().await;
        assert_eq!(stream.next().await, json!({ "data": { "__typename": "Query" } }));
        stream.completes().await;
    }
}

#[tokio::test]
async fn a_mutation_runs_by_post_only() {
    let server = Server::start().await;
    let create = "mutation { createUser(input: {username: \"aaron\"}) { user { username } } }";
    let mut stream = Stream::of(got(&server, create)).await;
    stream.begins().await;
    let refused = json!({
        "message": "GET only runs queries; send a mutation by POST",
        "extensions": { "code": "METHOD_NOT_ALLOWED" },
    });
    assert_eq!(stream.next().await, json!({ "errors": [refused] }));
    stream.completes().await;
    let mut stream = Stream::of(posted(&server, create, &json!({}))).await;
    stream.begins().await;
    assert_eq!(stream.next().await, json!({ "data": { "createUser": { "user": { "username": "aaron" } } } }));
    stream.completes().await;
}

#[tokio::test]
async fn a_subscription_goes_on() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let requests = [
        posted(&server, FOLLOW, &json!({ "userId": betty.id })),
        posted(&server, FOLLOW, &json!({})).header("Messenger-User", "betty"),
        got(&server, FOLLOW).header("Messenger-User", "betty"),
    ];
    for request in requests {
        let mut stream = Stream::of(request).await;
        stream.begins().await;
        let event = stream.next().await;
        assert_eq!(event.get("errors"), None, "{event}");
        assert_eq!(event["data"].as_object().map(serde_json::Map::len), Some(1), "{event}");
    }
}

/// A browser's `EventSource` shows nothing of a response that is refused.
#[tokio::test]
async fn what_is_wrong_is_told_in_the_stream() {
    let server = Server::start().await;
    let table = [
        ("{ users { ", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        (FOLLOW, "ACTING_USER_REQUIRED"),
    ];
    for (query, code) in table {
        let mut stream = Stream::of(posted(&server, query, &json!({}))).await;
        stream.begins().await;
        assert_eq!(stream.next().await["errors"][0]["extensions"]["code"], code, "{query}");
        stream.completes().await;
    }
    let mut stream = Stream::of(got(&server, FOLLOW).header("Messenger-User", "nobody")).await;
    stream.begins().await;
    assert_eq!(stream.next().await["errors"][0]["extensions"]["code"], "ACTING_USER_UNKNOWN");
    stream.completes().await;
}

#[tokio::test]
async fn what_is_no_request_is_refused_as_ever() {
    let server = Server::start().await;
    let request = || server.request(Method::POST, "/graphql").header(ACCEPT, EVENTS);
    let answer = server.send(request().header(CONTENT_TYPE, "application/json").body("nonsense")).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    assert_eq!(answer.headers["content-type"], "application/json; charset=utf-8");
    let answer = server.send(request().body("{ __typename }")).await;
    assert_eq!(answer.status, 415);
    let put = server.send(server.request(Method::PUT, "/graphql").header(ACCEPT, EVENTS)).await;
    assert_eq!((put.status, put.headers["allow"].to_str().expect("text")), (405, "GET, HEAD, POST"));
}

#[tokio::test]
async fn a_stream_shows_that_it_is_alive() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let mut stream = Stream::of(posted(&server, FOLLOW, &json!({ "userId": betty.id }))).await;
    stream.begins().await;
    stream.next().await;
    tokio::time::pause();
    let began = tokio::time::Instant::now();
    for _ in 0..4 {
        assert_eq!(stream.event().await.as_deref(), Some(":\n\n"));
    }
    assert!((35..=37).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}

/// As Apollo Client's `HttpLink` asks for it.
const MULTIPART: &str = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/graphql-response+json,application/json;q=0.9";

#[tokio::test]
async fn apollos_multipart_form_is_spoken_too() {
    let server = Server::start().await;
    let ask = |query: &str| {
        let request = server.request(Method::POST, "/graphql").header(ACCEPT, MULTIPART);
        request.header("Messenger-User", "betty").json(&json!({ "query": query }))
    };
    server.user("betty").await;
    let part = |content: Value| format!("\r\ncontent-type: application/json\r\n\r\n{content}\r\n--graphql");
    let mut stream = Stream::of(ask("{ __typename }")).await;
    let content_type = "multipart/mixed; boundary=\"graphql\"; subscriptionSpec=\"1.0\"";
    assert_eq!(stream.header("content-type"), Some(content_type));
    assert_eq!(stream.until("--graphql").await.as_deref(), Some("\r\n--graphql"));
    let typename = part(json!({ "payload": { "data": { "__typename": "Query" } } }));
    assert_eq!(stream.until("--graphql").await, Some(typename));
    assert_eq!(stream.until("--\r\n").await.as_deref(), Some("--\r\n"));
    assert_eq!(stream.until("--").await, None);

    let mut stream = Stream::of(ask(FOLLOW)).await;
    stream.until("--graphql").await.expect("its beginning");
    let event = stream.until("--graphql").await.expect("an event");
    assert!(event.contains("{\"payload\":{\"data\":{\"events\":"), "{event}");
    tokio::time::pause();
    assert_eq!(stream.until("--graphql").await, Some(part(json!({}))), "it is alive");
}

#[tokio::test]
async fn a_client_that_vanishes_leaves_nothing_behind() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    for _ in 0..20 {
        let mut stream = Stream::of(posted(&server, FOLLOW, &json!({ "userId": betty.id }))).await;
        stream.begins().await;
    }
    drop(server.restart().await);
}

#[tokio::test]
async fn a_stream_ends_without_its_last_word_when_the_server_stops() {
    let folder = folder();
    let process = Process::start(folder.path());
    let create = "mutation { createUser(input: {username: \"betty\"}) { user { id } } }";
    process.ask(create, json!({})).await.expect("an answer");
    let request = reqwest::Client::new().post(format!("{}/graphql", process.url)).header(ACCEPT, EVENTS);
    let mut stream =
        Stream::of(request.header("Messenger-User", "betty").json(&json!({ "query": FOLLOW }))).await;
    stream.begins().await;
    stream.next().await;

    let asked = std::time::Instant::now();
    process.signal(Signal::TERM);
    // The response ends as it should; what is missing is the event that says that there is no more to come.
    assert_eq!(stream.event().await, None);
    assert_eq!(stream.unread, "");
    let (code, said) = process.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(asked.elapsed() < Duration::from_secs(8), "{:?}", asked.elapsed());
}

/// As a browser's `EventSource` does: it asks the same again, and says which event was the last.
#[tokio::test]
async fn a_stream_goes_on_behind_the_last_event() {
    const CURSORS: &str = "subscription ($after: String) { events(after: $after) { cursor event {
        __typename ... on MessageSent { message { text } } } } }";
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let asks = |last: Option<&str>, after: Option<&str>| {
        let variables = json!({ "after": after }).to_string();
        let request = got(&server, CURSORS).query(&[("variables", &variables)]);
        let request = request.header("Messenger-User", "betty");
        match last {
            Some(last) => request.header("Last-Event-ID", last),
            None => request,
        }
    };
    let mut stream = Stream::of(asks(None, None)).await;
    stream.begins().await;
    // Who is there may be told before.
    let (id, caught_up) = loop {
        let (id, event) = stream.next_with_id().await;
        if event["data"]["events"]["cursor"] != Value::Null {
            break (id, event);
        }
    };
    assert_eq!(json!(id), caught_up["data"]["events"]["cursor"]);
    let start = id.expect("an id");
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        aaron.sends(&betty, text).await;
        let (id, event) = loop {
            let (id, event) = stream.next_with_id().await;
            let kind = event["data"]["events"]["event"]["__typename"].clone();
            if kind == "MessageSent" {
                break (id, event);
            }
            assert_eq!(id, None, "what is not kept has no place: {event}");
        };
        assert_eq!(json!(id), event["data"]["events"]["cursor"]);
        ids.push(id.expect("an id"));
    }
    drop(stream);
    // The argument is that of the first time; the empty id is none.
    for (last, after, expected) in [
        (Some(ids[0].as_str()), None, "two"),
        (Some(ids[1].as_str()), Some(start.as_str()), "three"),
        (Some(""), Some(start.as_str()), "one"),
    ] {
        let mut stream = Stream::of(asks(last, after)).await;
        stream.begins().await;
        let event = stream.next().await;
        assert_eq!(event["data"]["events"]["event"]["message"]["text"], expected, "{last:?}");
    }
    // A stream of a POST has no ids, as programs know it that read it by hand; it goes on all the same.
    let request = posted(&server, CURSORS, &json!({})).header("Messenger-User", "betty");
    let mut stream = Stream::of(request.header("Last-Event-ID", &ids[1])).await;
    stream.begins().await;
    let (id, event) = stream.next_with_id().await;
    assert_eq!((id, &event["data"]["events"]["event"]["message"]["text"]), (None, &json!("three")));

    let mut stream = Stream::of(asks(Some("nonsense"), None)).await;
    stream.begins().await;
    let refused = stream.next().await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "CURSOR_INVALID", "{refused}");
}

/// The headers of Apollo Kotlin and iOS, which name no boundary, and of Apollo Client, which does.
#[tokio::test]
async fn a_multipart_stream_needs_no_boundary() {
    let server = Server::start().await;
    server.user("betty").await;
    let accepts = [
        "multipart/mixed;subscriptionSpec=1.0, application/graphql-response+json, application/json",
        "multipart/mixed;subscriptionSpec=1.0,application/json",
        "multipart/mixed; SubscriptionSpec=\"1.0\"",
        "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json",
    ];
    for accept in accepts {
        let request = server.request(Method::POST, "/graphql").header(ACCEPT, accept);
        let request = request.header("Messenger-User", "betty").json(&json!({ "query": FOLLOW }));
        let mut stream = Stream::of(request).await;
        let content_type = "multipart/mixed; boundary=\"graphql\"; subscriptionSpec=\"1.0\"";
        assert_eq!(stream.header("content-type"), Some(content_type), "{accept}");
        let part = stream.until("\r\n--graphql\r\n").await.expect("a part");
        assert_eq!(part, "\r\n--graphql\r\n", "{accept}");
        let part = stream.until("\r\n--graphql").await.expect("a part");
        assert!(part.contains("\"payload\":{\"data\":{\"events\""), "{accept}: {part}");
    }
}
