//! What one client may ask for and hold is set by the operator, told by the server, and kept.

use std::sync::Arc;

use messenger::{
    app::App,
    config::Limits,
    store::{Connection, StoreError},
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::support::{Server, Socket, run};

/// A server with these limits.
async fn limited(limits: Limits) -> Server {
    Server::start_with(|app| App { limits: Arc::new(limits), ..app }).await
}

async fn code(server: &Server, query: &str) -> Value {
    let answer = server.ask(query, json!({})).await;
    answer["errors"][0]["extensions"]["code"].clone()
}

#[tokio::test]
async fn each_limit_has_a_setting_and_a_code() {
    let defaults = Limits::default();
    let table = [
        (
            Limits { document_bytes: 30, ..defaults },
            "{ users { totalCount nodes { username } } }",
            "DOCUMENT_TOO_LARGE",
        ),
        (Limits { document_tokens: 5, ..defaults }, "{ users { nodes { id } } }", "TOO_MANY_TOKENS"),
        (Limits { document_fields: 2, ..defaults }, "{ users { nodes { id } } }", "TOO_MANY_FIELDS"),
        (Limits { document_aliases: 1, ..defaults }, "{ a: __typename b: __typename }", "TOO_MANY_ALIASES"),
        (Limits { document_depth: 2, ..defaults }, "{ users { nodes { id } } }", "DOCUMENT_TOO_DEEP"),
        (
            Limits { document_recursion: 2, ..defaults },
            "{ ...a } fragment a on Query { ...b } fragment b on Query { ...c } fragment c on Query { __typename }",
            "RECURSION_TOO_DEEP",
        ),
        (
            Limits { field_directives: 1, ..defaults },
            "{ __typename @include(if: true) @skip(if: false) }",
            "TOO_MANY_DIRECTIVES",
        ),
        (
            Limits { document_complexity: 10, ..defaults },
            "{ users(first: 10) { nodes { id } } }",
            "DOCUMENT_TOO_COMPLEX",
        ),
    ];
    let usual = Server::start().await;
    for (limits, document, expected) in table {
        let server = limited(limits).await;
        assert_eq!(code(&server, document).await, expected, "{document}");
        assert_eq!(server.ask("{ a: __typename }", json!({})).await, json!({ "data": { "a": "Query" } }));
        let refused = code(&usual, document).await;
        assert!(refused == Value::Null || refused == "GRAPHQL_VALIDATION_FAILED", "{document}: {refused}");
    }
}

#[tokio::test]
async fn a_subscription_has_limits_of_its_own() {
    let limits = Limits { subscription_bytes: 200, subscription_complexity: 12, ..Limits::default() };
    let server = limited(limits).await;
    let aaron = server.user("aaron").await;
    let mut socket = Socket::open_as(&server.url, json!({ "Messenger-User": "aaron" })).await;
    let events = |size: u32, more: &str| {
        format!(
            "subscription {{ events {{ event {{ ... on MessageSent {{ message {{ conversation {{
                ... on DirectConversation {{ messages(first: {size}) {{ nodes {{ id }} }} }} }} }} }} }} }} }}{more}"
        )
    };
    let too_complex = "the subscription may give more than 12 values for each event \
        (serverInfo.limits.subscriptionComplexity); ask for less of each, and read the rest with a query";
    let comment = format!(" #{}", "x".repeat(50));
    let length = events(1, &comment).len();
    let too_long = format!(
        "a document whose subscription runs has at most 200 bytes (serverInfo.limits.subscriptionBytes), and this one has \
         {length}; send the subscription in a document of its own"
    );
    let table = [
        (events(20, ""), "DOCUMENT_TOO_COMPLEX", too_complex.to_owned()),
        (events(1, &comment), "DOCUMENT_TOO_LARGE", too_long),
    ];
    for (number, (document, code, message)) in table.into_iter().enumerate() {
        let id = number.to_string();
        socket.subscribes(&id, &document, json!({})).await;
        let error = json!([{ "message": message, "extensions": { "code": code } }]);
        assert_eq!(socket.hears().await, json!({ "type": "error", "id": id, "payload": error }));
    }
    socket.subscribes("right", &events(1, ""), json!({})).await;
    assert_eq!(socket.hears().await["payload"]["data"]["events"], json!({ "event": {} }), "it has caught up");
    let pages = format!(
        "{{ conversations {{ nodes {{ messages(first: 20) {{ nodes {{ id }} }} }} }} }}{comment}{comment}{comment}{comment}"
    );
    let answer = server.ask_as("aaron", &pages, json!({})).await;
    assert_eq!(
        answer,
        json!({ "data": { "conversations": { "nodes": [] } } }),
        "{} may ask for more",
        aaron.username
    );
}

/// What a chat shows of a message and its place, as Apollo Client sends it: with `__typename` in every selection.
const RICH: &str = "
    fragment Person on User { id username displayName __typename }
    fragment Reactions on Message {
        reactions { emoji count viewerHasReacted firstUsers { ...Person __typename } __typename } __typename
    }
    fragment Line on Message {
        id seq text sentAt editedAt deletedAt clientMessageId
        sender { ...Person presence { status text since __typename } __typename }
        replyTo { id seq text deletedAt sender { ...Person __typename } ...Reactions __typename }
        ...Reactions
        recipient { ... on User { ...Person __typename } ... on Chatroom { id name memberCount __typename } __typename }
        conversation { id latestSeq readUpTo unreadCount __typename }
        __typename
    }";

#[tokio::test]
async fn a_page_of_all_that_a_chat_shows_fits_the_defaults() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let message = aaron.sends(&aaron, "note").await;
    let note = message["conversation"]["id"].as_str().expect("an id");
    let ask = async |field: String| server.ask_as("aaron", &format!("{{ {field} }} {RICH}"), json!({})).await;
    let fits = [
        format!(
            "recentMessages(recipientId: \"{}\") {{ edges {{ cursor node {{ ...Line __typename }} __typename }} }}",
            aaron.id
        ),
        format!(
            "conversation(id: \"{note}\") {{ messages {{ nodes {{ ...Line __typename }} __typename }} __typename }}"
        ),
        "conversations { nodes { id lastMessage { ...Line __typename } __typename } __typename }".to_owned(),
        "conversations(first: 20) { nodes { messages(first: 8) { nodes { ...Line } } __typename } }"
            .to_owned(),
    ];
    for field in fits {
        let answer = ask(field.clone()).await;
        assert_eq!(answer.get("errors"), None, "{field}");
        assert!(answer.to_string().contains("\"text\":\"note\""), "{answer}");
    }
    let refused = ask("conversations { nodes { messages { nodes { ...Line } } } }".to_owned()).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "DOCUMENT_TOO_COMPLEX");
}

#[tokio::test]
async fn a_typename_beside_something_else_is_free_and_no_other_one_is() {
    let table = [
        ("{ users(first: 10) { nodes { id } } }", 21),
        ("{ users(first: 10) { nodes { id __typename } __typename } __typename }", 21),
        ("{ users(first: 10) { nodes { ...Id __typename } } } fragment Id on User { id __typename }", 21),
        ("{ users(first: 10) { nodes { __typename } } }", 21),
        ("{ users(first: 10) { nodes { id __typename __typename } } }", 31),
        ("{ users(first: 10) { nodes { id one: __typename two: __typename } } }", 31),
        ("{ users(first: 10) { nodes { id ... { __typename } ... on Node { __typename } } } }", 41),
    ];
    for (document, cost) in table {
        let [enough, less] =
            [cost, cost - 1].map(|most| Limits { document_complexity: most, ..Limits::default() });
        assert_eq!(code(&limited(enough).await, document).await, Value::Null, "{document}");
        assert_eq!(code(&limited(less).await, document).await, "DOCUMENT_TOO_COMPLEX", "{document}");
    }
}

#[tokio::test]
async fn a_body_has_as_many_bytes_as_was_set_and_no_more() {
    let server = limited(Limits { body_bytes: 1_024, ..Limits::default() }).await;
    let body = |bytes: usize| {
        let body = json!({ "query": "{ __typename }" }).to_string();
        format!("{body}{}", " ".repeat(bytes - body.len()))
    };
    let post = |text: String| {
        server
            .request(reqwest::Method::POST, "/graphql")
            .header("content-type", "application/json")
            .body(text)
    };
    assert_eq!(server.send(post(body(1_024))).await.body, json!({ "data": { "__typename": "Query" } }));
    let refused = server.send(post(body(1_025))).await;
    assert_eq!(refused.status, 413);
    assert_eq!(
        refused.body,
        json!({ "errors": [{
            "message": "the body is too large; at most 1024 bytes are allowed",
            "extensions": { "code": "REQUEST_TOO_LARGE" },
        }] })
    );
}

#[tokio::test]
async fn an_array_holds_as_many_requests_as_was_set() {
    let server = limited(Limits { request_batch: 2, ..Limits::default() }).await;
    let post = |body: Value| server.post(body);
    let one = json!({ "query": "{ __typename }" });
    let sent =
        json!({ "query": "mutation { createUser(input: {username: \"aaron\"}) { user { username } } }" });
    let known = json!({ "query": "{ users { nodes { username } } }" });
    let answer = post(json!([sent, known])).await;
    assert_eq!(
        (answer.status, answer.body),
        (
            200,
            json!([
                { "data": { "createUser": { "user": { "username": "aaron" } } } },
                { "data": { "users": { "nodes": [{ "username": "aaron" }] } } },
            ])
        ),
        "one after the other"
    );
    let refused = |message: &str| json!({ "errors": [{ "message": message, "extensions": { "code": "REQUEST_BATCH_TOO_LARGE" } }] });
    for body in [json!([]), json!([one, one, one])] {
        let answer = post(body).await;
        assert_eq!((answer.status, answer.body), (400, refused("an array may hold 1 to 2 requests")));
    }
    let usual = Server::start().await;
    for body in [json!([]), json!([one])] {
        let answer = usual.post(body).await;
        let message = "arrays of requests are not served; send one request at a time";
        assert_eq!((answer.status, answer.body), (400, refused(message)));
    }
}

const SEND: &str = "mutation ($input: SendMessageInput!) {
    sendMessage(input: $input) { deduplicated message { text } errors { code } }
}";

#[tokio::test]
async fn what_takes_too_long_is_given_up_and_can_be_repeated() {
    let server = limited(Limits { execution_seconds: 1, ..Limits::default() }).await;
    let aaron = server.user("aaron").await;
    let input =
        json!({ "senderId": aaron.id, "recipientId": aaron.id, "text": "note", "clientMessageId": "key" });
    let (start, started) = oneshot::channel::<()>();
    let store = server.app.store.clone();
    let busy = tokio::spawn(async move {
        let wait = move |_: &mut Connection| {
            started.blocking_recv().expect("the start");
            Ok::<_, StoreError>(())
        };
        store.write(wait).await
    });

    let answer = server.ask(SEND, json!({ "input": input })).await;
    assert_eq!(answer["data"], Value::Null);
    let message = "the answer to the mutation took more than 1 s (serverInfo.limits.executionSeconds), and was given up; \
                   it may have been done; repeat it, a message with the same clientMessageId";
    assert_eq!(answer["errors"][0]["message"], message);
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["code"], "EXECUTION_TIMEOUT");
    assert!(extensions["requestId"].is_string(), "{answer}");
    start.send(()).expect("the writer waits");
    busy.await.expect("no panic").expect("it is written");

    let again = server.ask(SEND, json!({ "input": input })).await;
    let sent = json!({ "deduplicated": true, "message": { "text": "note" }, "errors": [] });
    assert_eq!(again, json!({ "data": { "sendMessage": sent } }), "it was done all the same, and once");
}

#[test]
fn a_limit_that_cannot_be_is_refused_at_the_start() {
    let folder = tempfile::TempDir::new().expect("a folder");
    for wrong in ["many", "0", "41", "-1", "1.5"] {
        let output = run(folder.path(), &["serve"], &[("MESSENGER_MAX_DOCUMENT_DEPTH", wrong)]);
        assert!(!output.status.success());
        let told = String::from_utf8(output.stderr).expect("text");
        let expected = format!(
            "messenger: MESSENGER_MAX_DOCUMENT_DEPTH or --max-document-depth: {wrong} is not a number from 1 to 40\n"
        );
        assert_eq!(told, expected);
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left behind");
}
