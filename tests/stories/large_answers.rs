//! An answer has a most of bytes, and the answers of all clients have a most of memory.

use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use futures_util::future::join_all;
use messenger::{
    app::App,
    config::Limits,
    graphql::{Allowed, Answer, Api, Credentials, ErrorCode, Request, RequestId},
};
use serde_json::{Value, json};

use crate::support::{Actor, Server, Socket};

const MIB: usize = 1_048_576;

/// A server with these limits.
async fn limited(limits: Limits) -> Server {
    Server::start_with(|app| App { limits: Arc::new(limits), ..app }).await
}

/// A text of which nearly each character takes six bytes in JSON: 29,995 bytes. One of nothing but these would be blank.
fn control() -> String {
    "\u{1}".repeat(4_999) + "."
}

/// The same field under so many names.
fn many(count: usize, field: &str) -> String {
    (0..count).map(|number| format!("a{number}: {field} ")).collect::<Vec<_>>().concat()
}

/// A page of somebody's messages with this selection.
fn page(actor: &Actor<'_>, first: usize, selection: &str) -> String {
    format!(
        "{{ recentMessages(recipientId: \"{}\", window: {{days: 30}}, first: {first}) {{ nodes {{ {selection} }} }} }}",
        actor.id
    )
}

/// What comes of a request that had an error for all of it; the id of the request is another one each time.
fn failed(mut answer: Value) -> Value {
    let id = answer["errors"][0]["extensions"].as_object_mut().and_then(|facts| facts.remove("requestId"));
    assert!(id.is_some_and(|id| id.is_string()), "{answer}");
    answer
}

/// What is told of an answer, or of what the client calls it, that is larger than this, and what to do.
fn is_too_large(what: &str, most: usize, advice: &str) -> Value {
    let message = format!(
        "{what} would have more than {most} bytes (serverInfo.limits.answerBytes), and was given up; {advice}"
    );
    json!({ "data": null, "errors": [{ "message": message, "extensions": { "code": "ANSWER_TOO_LARGE" } }] })
}

fn too_large(most: usize) -> Value {
    is_too_large("the answer", most, "ask for less: fewer values, or a smaller first")
}

fn too_large_event(most: usize) -> Value {
    let advice =
        "the next events are told; ask for fewer values of each event, and read the rest with a query";
    is_too_large("the answer to an event", most, advice)
}

async fn notes(actor: &Actor<'_>, count: usize) {
    for _ in 0..count {
        actor.sends(actor, &control()).await;
    }
}

#[tokio::test]
async fn an_answer_has_as_many_bytes_as_was_set_and_no_more() {
    let server = limited(Limits { answer_bytes: MIB, ..Limits::default() }).await;
    let aaron = server.user("aaron").await;
    notes(&aaron, 4).await;
    // 4 messages with 8 texts of 30,000 bytes fit, with 9 they do not.
    let (fits, more) = (many(8, "text"), many(9, "text"));
    // What has to be waited for is written by the library.
    for waited in ["", "reactions { count } "] {
        let answer = server.ask(&page(&aaron, 4, &format!("{fits}{waited}")), json!({})).await;
        let nodes = answer["data"]["recentMessages"]["nodes"].as_array().expect("a page");
        assert!(nodes.len() == 4 && nodes.iter().all(|node| node["a7"] == control()));

        let answer = server.ask(&page(&aaron, 4, &format!("{more}{waited}")), json!({})).await;
        assert_eq!(failed(answer), too_large(MIB), "{waited}");
    }
    // Many pages count together.
    let whole = page(&aaron, 4, "text");
    let field = whole.trim_start_matches('{').strip_suffix('}').expect("a document");
    let pages: Vec<String> = (0..9).map(|number| format!("p{number}: {field}")).collect();
    let pages = format!("{{ {} }}", pages.concat());
    assert_eq!(failed(server.ask(&pages, json!({})).await), too_large(MIB));
}

#[tokio::test]
async fn a_mutation_that_is_too_large_to_answer_has_been_done() {
    let server = limited(Limits { answer_bytes: 65_536, ..Limits::default() }).await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let send = |selection: &str| {
        format!(
            "mutation ($input: SendMessageInput!) {{
                sendMessage(input: $input) {{ message {{ seq {selection} }} deduplicated errors {{ code }} }}
            }}"
        )
    };
    let input = json!({
        "senderId": aaron.id, "recipientId": betty.id, "text": control(), "clientMessageId": "once"
    });
    let answer = server.ask(&send(&many(3, "text")), json!({ "input": input })).await;
    let advice = "what was stored is stored; repeat it, a message with the same clientMessageId, and ask for fewer values to get them";
    assert_eq!(failed(answer), is_too_large("the answer to the mutation", 65_536, advice));

    let answer = server.ask(&send(""), json!({ "input": input })).await;
    let payload = json!({ "message": { "seq": 1 }, "deduplicated": true, "errors": [] });
    assert_eq!(answer, json!({ "data": { "sendMessage": payload } }));
}

#[tokio::test]
async fn a_subscription_goes_on_after_an_event_that_is_too_large() {
    let server = limited(Limits { answer_bytes: 65_536, ..Limits::default() }).await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut socket = Socket::open_as(&server.url, json!({ "Messenger-User": "betty" })).await;
    let texts = many(3, "text");
    let query = format!(
        "subscription {{ events {{ event {{ __typename ... on MessageSent {{ message {{ {texts} }} }} }} }} }}"
    );
    socket.subscribes("1", &query, json!({})).await;
    assert_eq!(socket.hears().await["payload"]["data"]["events"]["event"]["__typename"], "CaughtUp");

    aaron.sends(&betty, &control()).await;
    assert_eq!(failed(socket.hears().await["payload"].take()), too_large_event(65_536));
    // Her own messages are told to her alone.
    betty.sends(&betty, &control()).await;
    assert_eq!(failed(socket.hears().await["payload"].take()), too_large_event(65_536));
    aaron.sends(&betty, "short").await;
    let heard = socket.hears().await;
    assert_eq!(heard["payload"]["data"]["events"]["event"]["message"]["a2"], "short", "{heard}");
}

/// What is asked without a transport, so that the answer is held for as long as a client takes it.
async fn asks(api: &Api, actor: &Actor<'_>, query: &str) -> Answer {
    let id = RequestId("story".to_owned());
    let credentials = Credentials { token: None, acting_user: Some(actor.username.clone()) };
    let session = api.admit(&credentials, &id).await.expect("an open server");
    let request = Request { query: Some(query.to_owned()), ..Request::default() };
    api.execute(session, request, Allowed::EVERYTHING, &id).await
}

#[tokio::test]
async fn answers_that_are_not_sent_yet_take_a_share_of_the_memory() {
    // A quarter of it is 1 MiB.
    let server = limited(Limits { answer_memory_bytes: 4 * MIB, ..Limits::default() }).await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    notes(&aaron, 4).await;
    let api = Api::new(server.app.clone());
    // 360,000 bytes each; while they are written, they take more.
    let query = page(&aaron, 4, &many(3, "text"));
    let first = asks(&api, &aaron, &query).await;
    assert!(matches!(first, Answer::Rendered(_)), "{first:?}");
    let second = asks(&api, &aaron, &query).await;
    let second = failed(serde_json::to_value(second).expect("JSON"));
    let message = "your answers that are being written or sent take as much memory as one user may have, and the answer was \
                   given up; try again";
    let facts = json!({ "code": "OVERLOADED", "retryAfterMs": 1_000 });
    assert_eq!(second, json!({ "data": null, "errors": [{ "message": message, "extensions": facts }] }));

    let small = "{ viewer { username } }";
    let betty_is_answered = serde_json::to_value(asks(&api, &betty, small).await).expect("JSON");
    assert_eq!(betty_is_answered, json!({ "data": { "viewer": { "username": "betty" } } }));
    drop(first);
    let again = asks(&api, &aaron, &query).await;
    assert!(matches!(again, Answer::Rendered(_)), "what was sent takes nothing any more: {again:?}");
}

#[tokio::test]
async fn nothing_is_begun_for_somebody_whose_share_is_used_up() {
    let server = limited(Limits { answer_memory_bytes: 4 * MIB, ..Limits::default() }).await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let api = Api::new(server.app.clone());
    let id = RequestId("story".to_owned());
    let credentials = Credentials { token: None, acting_user: Some("aaron".to_owned()) };
    let session = api.admit(&credentials, &id).await.expect("an open server");
    // As a socket holds what its buffer takes; the first 64 KiB are free.
    let buffer = api.hold(session);
    assert!(buffer.grow_to(MIB + 65_536, OperationType::Query, &id).is_ok());
    let query = "mutation { createUser(input: {username: \"carol\"}) { user { id } } }";
    let refused = asks(&api, &aaron, query).await;
    assert!(refused.is_refused_with(ErrorCode::Overloaded), "{refused:?}");
    let error = json!({
        "message": "your answers that are being written or sent take as much memory as one user may have; nothing was run",
        "extensions": { "code": "OVERLOADED", "retryAfterMs": 1_000 },
    });
    assert_eq!(serde_json::to_value(&refused).expect("JSON"), json!({ "errors": [error] }));
    assert!(matches!(asks(&api, &betty, "{ viewer { id } }").await, Answer::Rendered(_)));
    let carol = server.ask("{ user(username: \"carol\") { id } }", json!({})).await;
    assert_eq!(carol, json!({ "data": { "user": null } }));
    drop(buffer);
    assert!(matches!(asks(&api, &aaron, query).await, Answer::Rendered(_)));
}

#[tokio::test]
async fn an_array_of_answers_is_what_each_of_them_is() {
    let limits = Limits { request_batch: 3, answer_bytes: 65_536, ..Limits::default() };
    let server = limited(limits).await;
    let aaron = server.user("aaron").await;
    notes(&aaron, 1).await;
    let requests =
        [page(&aaron, 1, "seq"), page(&aaron, 1, &many(3, "text")), page(&aaron, 1, &many(2, "text"))];
    let requests = requests.map(|query| json!({ "query": query }));
    let mut answers = server.post(json!(requests)).await.body;
    assert_eq!(answers[0], json!({ "data": { "recentMessages": { "nodes": [{ "seq": 1 }] } } }));
    assert_eq!(failed(answers[1].take()), too_large(65_536));
    assert_eq!(answers[2]["data"]["recentMessages"]["nodes"][0]["a1"], control());
}

/// How much memory a process takes is known on Linux.
#[cfg(target_os = "linux")]
mod peak {
    use super::*;
    use crate::support::{Process, folder};

    /// The worst documents that the limits let pass, all at once, and somebody else's page meanwhile.
    #[tokio::test]
    async fn the_worst_documents_take_a_bounded_amount_of_memory() {
        let folder = folder();
        let server = Process::start(folder.path());
        for username in ["aaron", "betty"] {
            let create =
                format!("mutation {{ createUser(input: {{username: \"{username}\"}}) {{ user {{ id }} }} }}");
            server.ask(&create, json!({})).await.expect("an answer");
        }
        let send = "mutation ($messages: [SendMessageInput!]!) { sendMessages(input: {messages: $messages}) { errors { code } } }";
        let me = server.ask("{ user(username: \"aaron\") { id } }", json!({})).await.expect("an answer");
        let me = me["data"]["user"]["id"].as_str().expect("an id").to_owned();
        let note = json!({ "senderId": me, "recipientId": me, "text": control() });
        for _ in 0..16 {
            let answer = server.ask(send, json!({ "messages": vec![&note; 31] })).await.expect("an answer");
            assert_eq!(answer, json!({ "data": { "sendMessages": { "errors": [] } } }));
        }
        let before = server.peak_kib();

        let head = format!("{{ recentMessages(recipientId: \"{me}\", window: {{days: 30}}, first: 490)");
        let flat = format!("{head} {{ nodes {{ text {} }} }} }}", many(99, "text"));
        let waited = format!("{head} {{ nodes {{ {} replyTo {{ id }} }} }} }}", many(98, "text"));
        let worst = [&flat, &waited, &flat, &waited];
        let (worst, page) = tokio::join!(
            join_all(worst.map(|query| server.ask_as("aaron", query, json!({})))),
            server.ask_as("betty", "{ viewer { username } users { nodes { username } } }", json!({})),
        );
        for answer in worst {
            let answer = answer.expect("an answer");
            let code = &answer["errors"][0]["extensions"]["code"];
            assert!(code == "ANSWER_TOO_LARGE" || code == "OVERLOADED", "{answer}");
        }
        assert_eq!(page.expect("an answer")["data"]["viewer"]["username"], "betty");
        let taken = server.peak_kib() - before;
        assert!(taken < 256 * 1_024, "{taken} KiB");
    }
}
