//! An error within a page that can be rendered is the same as where resolvers answer.

use diesel::{Connection as _, SqliteConnection, connection::SimpleConnection};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Server;

/// A page with an error in it: who asks, for what, and the code and the path of the error; and what is there all the same.
type Broken<'a> = (Option<&'static str>, &'a str, &'static str, Value, Value);

/// The answer to a document. Without the id of its request, which each has of its own.
async fn answer(server: &Server, acting_user: Option<&str>, document: &str) -> Value {
    let mut request = server.request(Method::POST, "/graphql").json(&json!({ "query": document }));
    if let Some(name) = acting_user {
        request = request.header("Messenger-User", name);
    }
    let mut body = server.send(request).await.body;
    for error in body["errors"].as_array_mut().expect("errors") {
        error["extensions"].as_object_mut().expect("a code").remove("requestId");
    }
    body
}

/// Asks for a page as it is, and so that it has to be merged with another one, which is never rendered.
async fn breaks_alike(server: &Server, (acting_user, page, code, path, data): Broken<'_>) {
    let (field, _) = page.split_once('{').expect("a selection");
    let alone = answer(server, acting_user, &format!("{{ {page} }}")).await;
    let merged = format!("{{ {page} {field} {{ __typename @skip(if: true) }} }}");
    assert_eq!(alone, answer(server, acting_user, &merged).await, "{page}");
    let errors = alone["errors"].as_array().expect("errors");
    let told: Vec<_> = errors.iter().map(|error| (&error["extensions"]["code"], &error["path"])).collect();
    assert_eq!(told, [(&json!(code), &path)], "{page}");
    assert_eq!(alone["data"], data, "{page}");
}

#[tokio::test]
async fn who_does_not_act_is_told_so_in_a_page_as_well() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "Hello").await;
    let required = "ACTING_USER_REQUIRED";
    let recent = |selection| format!("recentMessages(recipientId: \"{}\") {selection}", betty.id);
    let counts = recent("{ nodes { text conversation { id unreadCount } } }");
    let positions =
        recent("{ edges { cursor node { in: conversation { ... on Node { id } at: readUpTo } } } }");
    let count = json!(["recentMessages", "nodes", 0, "conversation", "unreadCount"]);
    let position = json!(["recentMessages", "edges", 0, "node", "in", "at"]);
    let table: [Broken<'_>; 4] = [
        (None, &counts, required, count, Value::Null),
        (None, &positions, required, position, Value::Null),
        (None, "conversations { nodes { id } }", required, json!(["conversations"]), Value::Null),
        (
            Some("betty"),
            "users(first: 0) { nodes { id } }",
            "PAGE_SIZE_INVALID",
            json!(["users"]),
            Value::Null,
        ),
    ];
    for broken in table {
        breaks_alike(&server, broken).await;
    }
}

#[tokio::test]
async fn a_fault_in_a_page_is_told_alike() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    betty.makes_room("quiet", &[]).await;
    aaron.sends(&betty, "Hello").await;
    let file = server.file();
    let mut stranger =
        SqliteConnection::establish(file.to_str().expect("a path in Unicode")).expect("a connection");
    stranger.batch_execute("ALTER TABLE read_positions RENAME TO hidden").expect("a table without its name");
    let table: [Broken<'_>; 4] = [
        (
            Some("betty"),
            "chatrooms { nodes { name lastMessage { text } } }",
            "INTERNAL",
            json!(["chatrooms", "nodes", 0, "lastMessage"]),
            json!({ "chatrooms": { "nodes": [{ "name": "quiet", "lastMessage": null }] } }),
        ),
        (
            Some("betty"),
            "chatrooms { nodes { name unreadCount } }",
            "INTERNAL",
            json!(["chatrooms", "nodes", 0, "unreadCount"]),
            Value::Null,
        ),
        (
            Some("betty"),
            "conversations { nodes { id latestSeq } }",
            "INTERNAL",
            json!(["conversations"]),
            Value::Null,
        ),
        (
            Some("betty"),
            "chatrooms { nodes { id ... on Conversation { seq: latestSeq } } }",
            "INTERNAL",
            json!(["chatrooms", "nodes", 0, "seq"]),
            Value::Null,
        ),
    ];
    for broken in table {
        breaks_alike(&server, broken).await;
    }
}
