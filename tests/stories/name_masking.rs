//! A server that tells nothing of its schema.

use messenger::graphql::DocumentPolicy;
use serde_json::{Value, json};

use crate::support::{Process, Server, folder};

async fn discreet() -> Server {
    Server::start_behind(|limits| DocumentPolicy::open(false, limits)).await
}

/// The code and the message of the only error.
async fn refusal(server: &Server, document: &str, variables: Value) -> (String, String) {
    let answer = server.ask(document, variables).await;
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer}");
    let error = &answer["errors"][0];
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    (text(&error["extensions"]["code"]), text(&error["message"]))
}

#[tokio::test]
async fn nobody_is_told_the_schema() {
    let server = discreet().await;
    let documents = [
        "{ __schema { types { name } } }",
        "{ users { nodes { id } } hidden: __type(name: \"User\") { name } }",
        "{ ... { ... on Query { __schema { description } } } }",
        "{ ...asking } fragment asking on Query { __schema { description } }",
        "query One { __typename } query Two { __schema { description } }",
        "mutation { __schema { description } }",
    ];
    for document in documents {
        let request =
            json!({ "query": document, "operationName": document.contains("One").then_some("One") });
        let answer = server.post(request).await.body;
        assert_eq!(answer.get("data"), None, "{document}");
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "INTROSPECTION_DISABLED", "{document}");
        assert_eq!(
            error["message"],
            "introspection is switched off here: __schema and __type are not answered; __typename is"
        );
    }
    let answer = server.ask("{ __typename users { __typename } }", json!({})).await;
    assert_eq!(
        answer,
        json!({ "data": { "__typename": "Query", "users": { "__typename": "UserConnection" } } })
    );
}

#[tokio::test]
async fn a_conflict_of_types_names_neither() {
    let server = discreet().await;
    let answer = server.ask("{ viewer { a: username a: invitationsFrom } }", json!({})).await;
    let errors = answer["errors"].as_array().expect("errors").iter();
    let mut messages: Vec<_> = errors.map(|error| error["message"].as_str().expect("a message")).collect();
    messages.sort_unstable();
    let advice = "Use different aliases on the fields to fetch both if this was intentional.";
    let fields = "Fields \"a\" conflict because \"username\" and \"invitationsFrom\" are different fields.";
    let types = "Fields \"a\" conflict because they return conflicting types \"…\" and \"…\".";
    assert_eq!(messages, [fields, types].map(|message| format!("{message} {advice}")));
}

#[tokio::test]
async fn errors_name_only_what_the_client_named() {
    let validation = |message: &str| ("GRAPHQL_VALIDATION_FAILED".to_owned(), message.to_owned());
    let table = [
        ("{ user(username: \"a\") { nme } }", "Cannot query field \"nme\" on type \"…\"."),
        ("{ usres { nodes { id } } }", "Cannot query field \"usres\" on type \"…\"."),
        ("{ user(usrname: \"a\") { id } }", "Unknown argument \"usrname\" on field \"…\"."),
        (
            "{ users @skip(iff: true, if: true) { __typename } }",
            "Unknown argument \"iff\" on directive \"@skip\".",
        ),
        (
            "{ recentMessages { nodes { id } } }",
            "Field \"recentMessages\" argument \"…\" of type \"…\" is required, but it was not provided.",
        ),
        ("{ users }", "Field \"users\" on type \"…\" must have a selection of subfields."),
        (
            "query ($n: Int) { node(id: $n) { id } }",
            "Variable \"$n\" of type \"Int\" used in position expecting type \"…\".",
        ),
        (
            "query ($n: Int) { recentMessages(recipientId: \"x\", window: $n) { nodes { id } } }",
            "Variable \"$n\" of type \"Int\" used in position expecting type \"…\".",
        ),
        (
            "{ recentMessages(recipientId: \"x\", window: 7) { nodes { id } } }",
            "\"…\" cannot represent value: 7",
        ),
        (
            "mutation { setPresence(input: {userId: \"a\", status: ASLEEP}) { errors { code } } }",
            "Value \"ASLEEP\" does not exist in \"…\" enum.",
        ),
        (
            "mutation { sendMessage(input: {recipientId: \"a\"}) { deduplicated } }",
            "Field \"…\" of required type \"…\" was not provided.",
        ),
    ];
    let server = discreet().await;
    for (document, message) in table {
        assert_eq!(refusal(&server, document, json!({})).await, validation(message), "{document}");
    }
}

#[tokio::test]
async fn a_variable_is_refused_without_names_of_the_schema() {
    let server = discreet().await;
    let send = "mutation ($input: SendMessageInput!) { sendMessage(input: $input) { deduplicated } }";
    let draft = |text: Value| json!({ "input": { "recipientId": "a", "text": text } });
    let status = "mutation ($s: PresenceStatus!) { setPresence(input: {status: $s}) { errors { code } } }";
    let recent =
        "query ($w: RecentWindow!) { recentMessages(recipientId: \"a\", window: $w) { nodes { id } } }";
    let table = [
        (send, json!({}), "$input is missing; it must be SendMessageInput!"),
        (send, json!({ "input": null }), "$input is null, and must not be"),
        (send, json!({ "input": {} }), "$input lacks a field that is required"),
        (send, json!({ "input": { "txt": "a" } }), "$input.txt does not exist"),
        (send, draft(json!(1)), "$input.text is a number, which is not of its type"),
        (send, draft(Value::Null), "$input.text is null, and must not be"),
        (send, json!({ "input": [7] }), "$input is a list, which is not of its type"),
        (status, json!({ "s": "ASLEEP" }), "$s is \"ASLEEP\", which is not of its type"),
        (recent, json!({ "w": {} }), "$w has no field; exactly one must be given, and must not be null"),
        (
            recent,
            json!({ "w": { "last": null } }),
            "$w.last is null; exactly one must be given, and must not be null",
        ),
    ];
    for (document, variables, message) in table {
        let expected = ("VARIABLES_INVALID".to_owned(), format!("variable {message}"));
        assert_eq!(refusal(&server, document, variables.clone()).await, expected, "{variables}");
    }
}

#[tokio::test]
async fn with_introspection_errors_help_on() {
    let server = Server::start().await;
    let (_, message) = refusal(&server, "{ user(username: \"a\") { usernme } }", json!({})).await;
    assert!(message.ends_with("Did you mean \"username\"?"), "{message}");
}

#[tokio::test]
async fn the_setting_reaches_the_program() {
    let folder = folder();
    let settings = [("MESSENGER_ADDR", "127.0.0.1:0"), ("MESSENGER_INTROSPECTION", "off")];
    let process = Process::start_as(folder.path(), &[], &settings);
    let answer = process.ask("{ __schema { description } }", json!({})).await.expect("an answer");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTROSPECTION_DISABLED");
}
