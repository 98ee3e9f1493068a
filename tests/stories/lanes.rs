//! Reads that take too long, or that nobody waits for, end; and reads of one kind do not wait for those of
//! another.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use diesel::{RunQueryDsl, dsl::sql, sql_types::BigInt};
use futures_util::{FutureExt, future::join_all};
use messenger::{
    store::{Connection, Lane, StoreConfig, StoreError},
    types::UserId,
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::support::{Answer, Server};

/// A read that ends only when it is stopped.
fn endless(connection: &mut Connection) -> Result<(), StoreError> {
    const COUNT: &str =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    let Connection::Sqlite(connection) = connection;
    Ok(sql::<BigInt>(COUNT).get_result::<i64>(connection).map(drop)?)
}

/// Fills a thread of a lane until the task is aborted.
async fn occupies(server: &Server, lane: Lane) -> JoinHandle<()> {
    let (begun, has_begun) = oneshot::channel();
    let store = server.app.store.clone();
    let task = tokio::spawn(async move {
        let read = store.read_in(lane, move |connection| {
            begun.send(()).expect("the story goes on");
            endless(connection)
        });
        read.await.expect_err("it is aborted first");
    });
    has_begun.await.expect("it runs");
    task
}

fn patient(config: StoreConfig) -> StoreConfig {
    let hour = Duration::from_hours(1);
    StoreConfig { read_deadline: hour, search_deadline: hour, ..config }
}

fn hasty(config: StoreConfig) -> StoreConfig {
    StoreConfig { read_deadline: Duration::from_millis(50), search_deadline: Duration::ZERO, ..config }
}

/// The code of an answer's only error, and what it says beside it.
fn error(answer: &Answer) -> (Value, Value) {
    let errors = answer.body["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{answer:?}");
    (errors[0]["extensions"]["code"].clone(), errors[0]["message"].clone())
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_stopped_and_its_connection_goes_on() {
    let server = Server::start_storing(hasty).await;
    let store = &server.app.store;
    for _ in 0..4 {
        assert!(matches!(store.read(endless).await, Err(StoreError::TooLate)));
        assert!(matches!(store.read_rows(1, endless).await, Err(StoreError::TooLate)));
    }
    server.user("aaron").await;
    let users = server.ask("{ users { nodes { username } } }", json!({})).await;
    assert_eq!(users, json!({ "data": { "users": { "nodes": [{ "username": "aaron" }] } } }));
}

#[tokio::test]
async fn a_write_has_no_deadline() {
    let server =
        Server::start_storing(|config| StoreConfig { read_deadline: Duration::ZERO, ..config }).await;
    let written = server.app.store.write(|connection| {
        let Connection::Sqlite(connection) = connection;
        let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT count(*) FROM n";
        Ok::<_, StoreError>(sql::<BigInt>(many).get_result::<i64>(connection)?)
    });
    assert_eq!(written.await.expect("a number"), 100_000);
}

#[tokio::test]
async fn a_search_that_takes_too_long_says_what_to_do() {
    let server = Server::start_storing(hasty).await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    for _ in 0..4 {
        let message = json!({ "senderId": aaron.id, "recipientId": betty.id, "text": "the same words" });
        let send = "mutation ($all: [SendMessageInput!]!) { sendMessages(input: {messages: $all}) { errors { code } } }";
        let answer = server.ask(send, json!({ "all": vec![message; 100] })).await;
        assert_eq!(answer, json!({ "data": { "sendMessages": { "errors": [] } } }));
    }
    let search =
        "query ($id: ID!) { searchMessages(userId: $id, text: \"word\", first: 400) { nodes { seq } } }";
    let ask = || server.post(json!({ "query": search, "variables": { "id": betty.id } }));
    for _ in 0..2 {
        let refused = ask().await;
        assert_eq!(
            error(&refused),
            (
                json!("SEARCH_TOO_EXPENSIVE"),
                json!(
                    "this search would look through too much and was stopped; use longer words, or search in one conversation with conversationId"
                ),
            )
        );
    }
    let read = server.app.store.read_in(Lane::Search, |_| Ok::<_, StoreError>(()));
    read.await.expect("the lane and its connection go on");
}

#[tokio::test]
async fn what_nobody_waits_for_is_stopped_or_not_begun() {
    let server = Server::start_storing(patient).await;
    let store = &server.app.store;
    let busy = [occupies(&server, Lane::Query).await, occupies(&server, Lane::Query).await];
    let has_run = Arc::new(AtomicBool::new(false));
    let run = Arc::clone(&has_run);
    let mut waiting = Box::pin(store.read(move |_| {
        run.store(true, Ordering::SeqCst);
        Ok::<_, StoreError>(())
    }));
    assert!((&mut waiting).now_or_never().is_none(), "all threads have something to do");
    drop(waiting);
    for task in busy {
        task.abort();
    }
    // Both threads are free again, and what waited has been passed over by the time that others have run.
    let reads = (0..8).map(|_| store.read(|_| Ok::<_, StoreError>(())));
    assert!(join_all(reads).await.into_iter().all(|read| read.is_ok()));
    assert!(!has_run.load(Ordering::SeqCst));
}

#[tokio::test]
async fn one_lane_never_waits_for_another() {
    let server = Server::start_storing(patient).await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "a word").await;
    let mut early = betty.listens().await;
    // A server in a story has two threads for queries, and one for searches and for replays.
    let _busy = [
        occupies(&server, Lane::Query).await,
        occupies(&server, Lane::Query).await,
        occupies(&server, Lane::Search).await,
    ];

    let ready = server.send(server.request(Method::GET, "/health/ready")).await;
    assert_eq!((ready.status, ready.body), (200, json!("ready\n")));
    aaron.sends(&betty, "live").await;
    assert_eq!(early.hears().await["message"]["text"], "live");
    let mut late = betty.follows(json!({})).await;
    assert_eq!(late.catches_up().await, [Value::Null; 0]);
    assert_eq!(betty.reads_texts(json!({})).await, ["live", "a word"]);

    let _replays = occupies(&server, Lane::Replay).await;
    aaron.sends(&betty, "still").await;
    assert_eq!(late.hears().await["message"]["text"], "still");
}

#[tokio::test]
async fn many_who_ask_for_its_health_share_an_answer() {
    let server = Server::start_storing(patient).await;
    let busy = occupies(&server, Lane::Health).await;
    // More than may wait in the lane.
    let checks = (0..100).map(|_| server.send(server.request(Method::GET, "/health/ready")));
    let others_go_on = async {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        busy.abort();
    };
    let (answers, ()) = tokio::join!(join_all(checks), others_go_on);
    for ready in answers {
        assert_eq!((ready.status, ready.body), (200, json!("ready\n")));
    }
}

#[tokio::test]
async fn when_too_much_waits_more_is_refused() {
    let server = Server::start_storing(patient).await;
    let store = &server.app.store;
    let _busy = [occupies(&server, Lane::Query).await, occupies(&server, Lane::Query).await];
    let mut waiting: Vec<_> = (0..4_096).map(|_| Box::pin(store.read(|_| Ok::<_, StoreError>(())))).collect();
    assert!(waiting.iter_mut().all(|read| read.now_or_never().is_none()), "as many as may wait");

    let refused = server.post(json!({ "query": "{ users { nodes { id } } }" })).await;

    let message = "too much waits for the database already; nothing was read, try again";
    assert_eq!(error(&refused), (json!("OVERLOADED"), json!(message)));
    assert_eq!(refused.body["errors"][0]["extensions"]["retryAfterMs"], 1_000);
    drop(waiting);
}

#[tokio::test]
async fn searches_of_one_user_run_one_after_the_other() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "a word").await;
    let search = "query ($id: ID!) { searchMessages(userId: $id, text: \"word\") { nodes { text } } }";
    let ask = |id: &str| server.post(json!({ "query": search, "variables": { "id": id } }));
    let expected = json!({ "data": { "searchMessages": { "nodes": [{ "text": "a word" }] } } });
    let user_id: UserId = aaron.id.parse().expect("an id");
    let mut searches: Vec<_> = (0..128).map(|_| Box::pin(server.app.searches.wait(user_id))).collect();
    let turn = searches[0].as_mut().now_or_never().expect("at once").expect("a turn");
    assert!(searches[1..].iter_mut().all(|search| search.now_or_never().is_none()), "one at a time");

    let refused = ask(&aaron.id).await;
    let message =
        "your other searches are not done yet, and no more of them may wait; try again when they are";
    assert_eq!(error(&refused), (json!("OVERLOADED"), json!(message)));
    assert_eq!(refused.body["errors"][0]["extensions"]["retryAfterMs"], 1_000);
    assert_eq!(ask(&betty.id).await.body, expected, "others do not wait");

    searches.truncate(1);
    let mut waiting = Box::pin(ask(&aaron.id));
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("it is not its turn"),
        found = ask(&betty.id) => assert_eq!(found.body, expected),
    }
    drop(turn);
    assert_eq!(waiting.await.body, expected);
}
