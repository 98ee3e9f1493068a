//! The machine's clock is wrong: by years at a start, for an hour, or for good.

use std::time::Duration;

use messenger::{
    domain::{Pruned, find_clock_error, prune_events},
    store::{Connection, StoreError},
};
use serde_json::json;

use crate::support::{Actor, Host, NOON, Server, Socket, shared_secret};

const DAY: Duration = Duration::from_hours(24);

async fn prunes(server: &Server) -> Pruned {
    prune_events(&server.app, 30).await.expect("it works")
}

/// How many events there are.
async fn count(server: &Server) -> usize {
    let read = |connection: &mut Connection| {
        Ok::<_, StoreError>(messenger::models::event::times_after(connection, 0, i64::MAX)?.len())
    };
    server.app.store.read(read).await.expect("events")
}

async fn says_many(actor: &Actor<'_>, count: usize) {
    for _ in 0..count {
        actor.sends(actor, "note").await;
    }
}

#[tokio::test]
async fn a_clock_that_is_ahead_at_a_start_or_for_an_hour_forgets_nothing() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    says_many(&aaron, 20).await;
    server.clock.forward(DAY * 400);
    let server = server.restart().await;
    assert_eq!(prunes(&server).await, Pruned::PutOff, "at the start");
    // For an hour life goes on.
    let aaron = Actor { server: &server, username: "aaron".to_owned(), id: server_id(&server).await };
    for _ in 0..6 {
        says_many(&aaron, 3).await;
        server.clock.forward(Duration::from_mins(10));
        assert_eq!(prunes(&server).await, Pruned::PutOff);
    }
    server.clock.back(DAY * 400);
    says_many(&aaron, 3).await;
    assert_eq!(prunes(&server).await, Pruned::Forgot(0));
    assert_eq!(count(&server).await, 20 + 18 + 3);
}

async fn server_id(server: &Server) -> String {
    let answer = server.ask("{ user(username: \"aaron\") { id } }", json!({})).await;
    answer["data"]["user"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn an_idle_server_forgets_a_day_after_it_wakes_up() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    assert_eq!(prunes(&server).await, Pruned::Forgot(0), "an empty log");
    says_many(&aaron, 5).await;
    server.clock.forward(DAY * 31);
    assert_eq!(prunes(&server).await, Pruned::PutOff);
    says_many(&aaron, 2).await;
    assert_eq!(prunes(&server).await, Pruned::PutOff);
    server.clock.forward(DAY);
    assert_eq!(prunes(&server).await, Pruned::Forgot(5));
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn an_event_of_a_time_to_come_keeps_no_other() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    says_many(&aaron, 20).await;
    // More than one look takes, and of years from now.
    server.clock.forward(DAY * 3_650);
    for _ in 0..22 {
        let send = "mutation ($messages: [SendMessageInput!]!) { sendMessages(input: {messages: $messages}) { errors { code } } }";
        let message = json!({ "senderId": aaron.id, "recipientId": aaron.id, "text": "ahead" });
        server.ask(send, json!({ "messages": vec![message; 50] })).await;
    }
    server.clock.back(DAY * 3_650);
    assert_eq!(
        find_clock_error(&server.app).await.expect("it works").map(|behind| behind.as_secs()),
        Some(3_650 * 24 * 3_600),
        "the log says so at the next start"
    );
    let mut forgotten = 0;
    for day in 1..=60 {
        server.clock.forward(DAY);
        says_many(&aaron, 1).await;
        if let Pruned::Forgot(events) = prunes(&server).await {
            forgotten += events;
        }
        let kept = count(&server).await;
        assert!(day < 32 || kept <= 31, "{kept} events on day {day}");
    }
    assert_eq!(forgotten + count(&server).await, 20 + 1_100 + 60);
    assert_eq!(find_clock_error(&server.app).await.expect("it works"), None);
}

#[tokio::test]
async fn events_that_a_clock_behind_has_written_take_no_others_with_them() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    says_many(&aaron, 5).await;
    server.clock.back(DAY * 400);
    says_many(&aaron, 5).await;
    server.clock.forward(DAY * 402);
    says_many(&aaron, 5).await;
    assert_eq!(prunes(&server).await, Pruned::Forgot(0));
    server.clock.forward(DAY * 29);
    says_many(&aaron, 1).await;
    assert_eq!(prunes(&server).await, Pruned::Forgot(10));
    assert_eq!(count(&server).await, 6);
}

#[tokio::test]
async fn the_last_days_are_right_after_an_hour_with_the_clock_ahead() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "before").await;
    server.clock.forward(DAY * 3_650);
    aaron.sends(&betty, "ahead").await;
    server.clock.back(DAY * 3_650);
    for day in 0..5 {
        aaron.sends(&betty, &format!("day {day}")).await;
        server.clock.forward(DAY);
    }
    let read = betty.reads_texts(json!({ "window": { "days": 2 } })).await;
    // What was sent while the clock was ahead is of a time to come, and so it is recent.
    assert_eq!(read, ["day 4", "day 3", "ahead"]);
}

const VIEWER: &str = "{ viewer { username } }";

#[tokio::test]
async fn no_token_lives_longer_when_the_clock_is_set_back() {
    let server = Server::start_with_keys(shared_secret()).await;
    let host = Host::with_secret();
    let aaron = server.user_of(&host, "aaron").await;
    let token = host.signs(json!({ "sub": aaron, "exp": NOON + 120 }));
    let ask = async || server.ask_with(&token, VIEWER, json!({})).await.body;
    let viewer = json!({ "data": { "viewer": { "username": "aaron" } } });
    assert_eq!(ask().await, viewer);
    let mut socket =
        Socket::open_as(&server.url, json!({ "Authorization": format!("Bearer {token}") })).await;
    socket.subscribes("1", "subscription { events { event { __typename } } }", json!({})).await;
    assert_eq!(socket.hears().await["type"], "next");

    server.clock.forward(Duration::from_mins(1));
    server.clock.back(DAY * 365);
    assert_eq!(ask().await, viewer, "it has a minute left");
    server.clock.forward(Duration::from_secs(90));
    let expired = "the token has expired: get a new one and send it again";
    let error = json!({ "message": expired, "extensions": { "code": "UNAUTHENTICATED" } });
    assert_eq!(ask().await, json!({ "errors": [error] }));
    assert_eq!(socket.is_closed().await, (4403, expired.to_owned()));
}
