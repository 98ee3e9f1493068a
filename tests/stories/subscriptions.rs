//! What the server keeps for a subscription: little, and nothing when it has ended. `tests/memory.rs` counts the bytes.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use futures_util::{StreamExt, poll};
use messenger::{
    app::App,
    config::{Limits, Rate, RateConfig},
    graphql::{Allowed, Answer, Answers, Api, Credentials, Request, RequestId},
    rates::Rates,
    store::{Connection, StoreError},
};
use serde_json::{Value, json};
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    task::{JoinHandle, yield_now},
};

use crate::{
    server_sent_events::Stream,
    support::{Actor, Server, Socket},
};

#[tokio::test]
async fn what_is_too_much_to_keep_is_refused_and_nothing_is_kept() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let api = Api::new(server.app.clone());
    let pages = TEXTS.replace(
        "text }",
        "conversation { ... on DirectConversation { messages(first: 1, after: $after) { eventCursor } } } }",
    );
    let pages = pages.replace("(userId: $me, after: $after)", "(userId: $me)");
    let long = format!("{TEXTS} #{}", "x".repeat(40_000));
    let variables = |after: usize| json!({ "me": aaron.id, "after": "x".repeat(after) });
    let table = [(long, 1, "DOCUMENT_TOO_LARGE"), (pages, 250_000, "VARIABLES_INVALID")];
    for (document, after, expected) in table {
        let mut answers = follow(&api, &document, variables(after)).await;
        let refused = answers.next().await.expect("an answer");
        let refused = serde_json::to_value(refused).expect("JSON");
        assert_eq!(refused["errors"][0]["extensions"]["code"], expected, "{refused}");
        assert!(answers.next().await.is_none(), "nothing more comes");
        drop(answers);
        assert_eq!((api.kept_for_subscriptions(), server.app.hub.listeners()), ((0, 0), 0));
    }
}

/// A subscription without a socket.
async fn follow(api: &Api, document: &str, variables: Value) -> Answers {
    let id = RequestId("story".to_owned());
    let session = api.admit(&Credentials::default(), &id).await.expect("an open server");
    let variables = serde_json::from_value(variables).expect("variables");
    let request = Request { query: Some(document.to_owned()), variables, ..Request::default() };
    api.follow(session, request, Allowed::EVERYTHING, id)
}

const TEXTS: &str = "subscription ($me: ID!, $after: String) { events(userId: $me, after: $after) {
    cursor event { __typename ... on MessageSent { message { text } } }
} }";

async fn listens(api: &Api, actor: &Actor<'_>) -> Answers {
    let mut answers = follow(api, TEXTS, json!({ "me": actor.id })).await;
    assert_eq!(next(&mut answers).await["event"]["__typename"], "CaughtUp");
    answers
}

/// The next event that is kept.
async fn next(answers: &mut Answers) -> Value {
    loop {
        let answer = serde_json::to_value(answers.next().await.expect("an answer")).expect("JSON");
        assert_eq!(answer.get("errors"), None, "{answer}");
        let edge = &answer["data"]["events"];
        if edge["cursor"] != Value::Null {
            return edge.clone();
        }
    }
}

async fn text(answers: &mut Answers) -> String {
    next(answers).await["event"]["message"]["text"].as_str().expect("a text").to_owned()
}

#[tokio::test]
async fn everything_goes_with_the_last_subscription() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let api = Api::new(server.app.clone());
    let mut running = Vec::new();
    for person in [&aaron, &aaron, &betty] {
        running.push(listens(&api, person).await);
    }
    let (subscriptions, bytes) = api.kept_for_subscriptions();
    assert!(subscriptions == 3 && bytes < 2 * TEXTS.len() + 1_024, "one document: {bytes}");
    for number in 0..300 {
        aaron.says(&room, &format!("{number} {}", "x".repeat(1_000))).await;
    }
    for answers in &mut running[1..] {
        for number in 0..300 {
            assert!(text(answers).await.starts_with(&format!("{number} ")));
        }
    }
    let waiting = server.app.hub.waiting_bytes();
    assert!((1..300 * 4 * 1_024).contains(&waiting), "for the one who does not listen: {waiting}");
    running.clear();
    assert_eq!(api.kept_for_subscriptions(), (0, 0));
    assert_eq!((server.app.hub.listeners(), server.app.hub.waiting_bytes()), (0, 0));
}

#[tokio::test]
async fn a_user_has_so_many_subscriptions() {
    let limits = Limits { user_subscriptions: 2, ..Limits::default() };
    let server = Server::start_with(|app| App { limits: Arc::new(limits), ..app }).await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut sockets = [Socket::open(&server.url).await, Socket::open(&server.url).await];
    for socket in &mut sockets {
        socket.subscribes("1", TEXTS, json!({ "me": aaron.id })).await;
        assert_eq!(socket.hears().await["type"], "next");
    }
    let [first, second] = &mut sockets;
    second.subscribes("2", TEXTS, json!({ "me": aaron.id })).await;
    let message =
        "2 subscriptions of this user run (serverInfo.limits.userSubscriptions); end one of them first";
    let error = json!([{ "message": message, "extensions": { "code": "TOO_MANY_OPERATIONS" } }]);
    let refused = loop {
        // That another one of them came is told to the first.
        let told = second.hears().await;
        if told["id"] == "2" {
            break told;
        }
    };
    assert_eq!(refused, json!({ "type": "error", "id": "2", "payload": error }));
    second.subscribes("of betty", TEXTS, json!({ "me": betty.id })).await;
    assert_eq!(second.hears().await["type"], "next", "others have theirs");
    first.sends(json!({ "type": "complete", "id": "1" })).await;
    first.subscribes("3", TEXTS, json!({ "me": aaron.id })).await;
    assert_eq!(first.hears().await["type"], "next", "one has ended");
}

/// A server on which every answer that is written for one user alone takes a second of their bucket.
async fn slow() -> Server {
    Server::start_with(|app| {
        let number = |number| NonZeroU32::new(number).expect("a number");
        let event_values = Some(Rate { per_second: number(50), burst: number(1) });
        let config = RateConfig { event_values, ..RateConfig::default() };
        let limits = Limits { execution_seconds: 1, ..Limits::default() };
        App { rates: Arc::new(Rates::new(config, &app.clock)), limits: Arc::new(limits), ..app }
    })
    .await
}

/// Nothing comes, although there is something to tell.
async fn hears_nothing(answers: &mut Answers) {
    let mut next = answers.next();
    for _ in 0..1_000 {
        assert!(poll!(&mut next).is_pending(), "it is told at once");
        yield_now().await;
    }
}

#[tokio::test]
async fn whoever_is_told_much_alone_is_told_more_slowly_and_everything() {
    let server = slow().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let api = Api::new(server.app.clone());
    let mut at_aaron = listens(&api, &aaron).await;
    let from = follow(&api, TEXTS, json!({ "me": betty.id })).await.next().await.expect("an answer");
    let from = serde_json::to_value(from).expect("JSON")["data"]["events"]["cursor"].clone();
    for number in ["one", "two", "three"] {
        aaron.sends(&betty, number).await;
    }
    for number in ["one", "two", "three"] {
        hears_nothing(&mut at_aaron).await;
        server.clock.forward(Duration::from_secs(2));
        assert_eq!(text(&mut at_aaron).await, number);
    }
    server.clock.forward(Duration::from_mins(1));
    let mut missed = follow(&api, TEXTS, json!({ "me": betty.id, "after": from })).await;
    assert_eq!(text(&mut missed).await, "one");
    for number in ["two", "three"] {
        hears_nothing(&mut missed).await;
        server.clock.forward(Duration::from_secs(2));
        assert_eq!(text(&mut missed).await, number);
    }
}

#[tokio::test]
async fn a_subscription_that_cannot_begin_is_refused_as_a_whole() {
    let server = Server::start().await;
    server.user("betty").await;
    let errors = json!([{
        "message": "after: this is no cursor of this list; use one that an event had as its cursor, or a page as its eventCursor, or none",
        "locations": [{ "line": 1, "column": 16 }],
        "path": ["events"],
        "extensions": { "code": "CURSOR_INVALID" },
    }]);
    let document = "subscription { events(after: \"nonsense\") { cursor } }";
    let mut socket = Socket::open_as(&server.url, json!({ "Messenger-User": "betty" })).await;
    for _ in 0..2 {
        socket.subscribes("1", document, json!({})).await;
        assert_eq!(socket.hears().await, json!({ "type": "error", "id": "1", "payload": errors }));
    }
    // Nothing more is said of it.
    socket.subscribes("2", "{ __typename }", json!({})).await;
    assert_eq!(socket.hears().await["id"], "2");

    let request = server.request(reqwest::Method::POST, "/graphql").header("messenger-user", "betty");
    let request = request.header("accept", "text/event-stream").json(&json!({ "query": document }));
    let mut stream = Stream::of(request).await;
    stream.begins().await;
    assert_eq!(stream.next().await, json!({ "errors": errors }));
    assert_eq!(stream.event().await.as_deref(), Some("event: complete\ndata:\n\n"));
}

#[tokio::test]
async fn a_subscription_whose_answer_takes_too_long_breaks_off_and_loses_nothing() {
    let server = slow().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let api = Api::new(server.app.clone());
    let histories = "subscription ($me: ID!, $after: String) { events(userId: $me, after: $after) {
        cursor event { ... on MessageSent { message { text conversation { ... on DirectConversation { messages(first: 300) { eventCursor } } } } } }
    } }";
    let mut at_aaron = follow(&api, histories, json!({ "me": aaron.id })).await;
    let cursor = next(&mut at_aaron).await["cursor"].clone();
    let mut at_betty = listens(&api, &betty).await;
    server.clock.forward(Duration::from_mins(1));
    aaron.sends(&betty, "Hello").await;
    assert_eq!(text(&mut at_betty).await, "Hello", "so it is told to Aaron as well");

    let (go_on, _) = watch::channel(false);
    let (start, mut started) = mpsc::unbounded_channel();
    let busy: Vec<_> = (0..8).map(|_| keeps_a_reader_busy(&server, &go_on, start.clone())).collect();
    for _ in 0..READERS {
        started.recv().await.expect("a reader that is busy");
    }
    let last = at_aaron.next().await.expect("an answer");
    assert!(matches!(last, Answer::Lost(_)), "{last:?}");
    let last = serde_json::to_value(last).expect("JSON");
    assert_eq!(last["errors"][0]["extensions"]["code"], "EXECUTION_TIMEOUT", "{last}");
    let message = "the answer to an event took more than 1 s, and was given up; subscribe again with after: the cursor of \
                   the last event that you have";
    assert_eq!(last["errors"][0]["message"], message);
    assert!(at_aaron.next().await.is_none());
    go_on.send_replace(true);
    for reader in busy {
        reader.await.expect("no panic").expect("it is read");
    }
    let mut again = follow(&api, histories, json!({ "me": aaron.id, "after": cursor })).await;
    assert_eq!(text(&mut again).await, "Hello");
}

/// How many readers the stage has.
const READERS: usize = 2;

/// A read that goes on until it is told to end.
fn keeps_a_reader_busy(
    server: &Server,
    go_on: &watch::Sender<bool>,
    start: mpsc::UnboundedSender<()>,
) -> JoinHandle<Result<(), StoreError>> {
    let (store, mut told) = (server.app.store.clone(), go_on.subscribe());
    let runtime = Handle::current();
    tokio::spawn(async move {
        let wait = move |_: &mut Connection| {
            start.send(()).expect("somebody waits for it");
            drop(runtime.block_on(told.wait_for(|go_on| *go_on)));
            Ok::<_, StoreError>(())
        };
        store.read(wait).await
    })
}
