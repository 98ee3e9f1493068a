//! The schema is the web team's documentation: complete, up to date, and every example in it works.

use async_graphql::parser::types::{
    FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use messenger::{domain::set_up_example, graphql::sdl};
use serde_json::{Value, json};

use crate::support::{Server, Socket, schema};

#[test]
fn schema_graphql_is_what_the_program_exports() {
    let committed = include_str!("../../../schema.graphql");
    assert!(
        committed == sdl(),
        "schema.graphql is stale: run `just schema`, which is `cargo run -- schema > schema.graphql`"
    );
}

#[tokio::test]
async fn introspection_describes_the_schema_as_the_text_does() {
    let (_, description) = schema();
    assert!(description.starts_with("The API of Messenger: "), "{description}");
    let server = Server::start().await;
    let table = [
        ("{ __schema { description } }", json!({ "__schema": { "description": description } })),
        (
            "{ a: __schema { b: description description } }",
            json!({ "a": { "b": description, "description": description } }),
        ),
        (
            "query ($no: Boolean = false) {
                ...F
                a: __schema { description @include(if: $no) ... { b: description } }
                c: __schema @include(if: $no) { description }
            }
            fragment F on Query { __schema { ...G } }
            fragment G on __Schema { description kind: __typename }",
            json!({ "__schema": { "description": description, "kind": "__Schema" }, "a": { "b": description } }),
        ),
        (
            "{ __type(name: \"__Type\") { name description: name } viewer { description: username } }",
            json!({ "__type": { "name": "__Type", "description": "__Type" }, "viewer": null }),
        ),
    ];
    for (document, data) in table {
        let answer = server.ask(document, json!({})).await;
        assert_eq!(answer, json!({ "data": data }), "{document}");
    }
    let answer = server.ask("{ __schema { queryType { description } } }", json!({})).await;
    let of_query = &answer["data"]["__schema"]["queryType"]["description"];
    assert!(of_query.is_string() && *of_query != description, "{answer}");
}

#[test]
fn everything_is_described() {
    let document = schema().0;
    let missing: Vec<String> = document
        .definitions
        .iter()
        .flat_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => undescribed(&definition.node),
            _ => Vec::new(),
        })
        .collect();
    assert_eq!(missing, [""; 0]);
}

/// The places in a type that have no description.
fn undescribed(definition: &TypeDefinition) -> Vec<String> {
    let name = definition.name.node.as_str();
    let mut places = vec![(name.to_owned(), definition.description.is_some())];
    match &definition.kind {
        TypeKind::Object(object) => {
            object.fields.iter().for_each(|field| places.extend(of_field(name, &field.node)));
        }
        TypeKind::Interface(interface) => {
            interface.fields.iter().for_each(|field| places.extend(of_field(name, &field.node)));
        }
        TypeKind::InputObject(input) => {
            places.extend(input.fields.iter().map(|field| of_input(name, &field.node)));
        }
        TypeKind::Enum(kind) => places.extend(
            kind.values
                .iter()
                .map(|value| (format!("{name}.{}", value.node.value.node), value.node.description.is_some())),
        ),
        TypeKind::Scalar | TypeKind::Union(_) => {}
    }
    places.into_iter().filter(|(_, described)| !described).map(|(place, _)| place).collect()
}

fn of_field(name: &str, field: &FieldDefinition) -> Vec<(String, bool)> {
    let place = format!("{name}.{}", field.name.node);
    let arguments = field.arguments.iter().map(|argument| of_input(&place, &argument.node));
    std::iter::once((place.clone(), field.description.is_some())).chain(arguments).collect()
}

fn of_input(place: &str, input: &InputValueDefinition) -> (String, bool) {
    (format!("{place}.{}", input.name.node), input.description.is_some())
}

/// The GraphQL examples in the descriptions, in the order of the schema.
fn examples() -> Vec<String> {
    let text = sdl();
    let blocks = text.split("```graphql").skip(1);
    blocks.map(|block| block.split("```").next().expect("an end").to_owned()).collect()
}

#[tokio::test]
async fn every_example_runs_and_succeeds() {
    let examples = examples();
    assert_eq!(
        examples.len(),
        29,
        "one for each query, mutation and subscription, and a second for recentMessages"
    );

    for example in examples {
        let server = Server::start().await;
        set_up_example(&server.app).await.expect("the example");
        if example.trim_start().starts_with("subscription") {
            follows(&server, &example).await;
            continue;
        }
        let answer = match example.split_once("Messenger-User: ").and_then(|(_, named)| named.lines().next())
        {
            Some(acting_user) => server.ask_as(acting_user, &example, json!({})).await,
            None => server.ask(&example, json!({})).await,
        };
        assert_eq!(answer.get("errors"), None, "{example}\n{answer}");
        let fields = answer["data"].as_object().expect("data");
        for (field, value) in fields {
            assert!(!value.is_null(), "{field} is null in\n{example}");
            assert!(matches!(value.get("errors"), None | Some(Value::Array(_))));
            assert_eq!(value.get("errors").cloned().unwrap_or(json!([])), json!([]), "{example}");
            assert_ne!(value.get("nodes"), Some(&json!([])), "{example} shows nothing");
        }
    }
}

/// A subscription begins with an event.
async fn follows(server: &Server, example: &str) {
    let mut socket = Socket::open(&server.url).await;
    socket.subscribes("1", example, json!({})).await;
    let event = socket.hears().await;
    assert_eq!(event["type"], "next", "{example}\n{event}");
    assert_eq!(event["payload"].get("errors"), None, "{example}\n{event}");
}

#[tokio::test]
async fn every_query_and_mutation_has_an_example() {
    let document = schema().0;
    let examples = examples().concat();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let root = matches!(definition.node.name.node.as_str(), "Query" | "Mutation");
        let TypeKind::Object(object) = definition.node.kind else {
            continue;
        };
        for field in object.fields.iter().filter(|_| root) {
            let name = &field.node.name.node;
            assert!(examples.contains(&format!(" {name}")), "{name} has no example");
        }
    }
}

#[tokio::test]
async fn the_limits_that_are_told_are_the_limits_that_hold() {
    let server = Server::start().await;
    let answer = server
        .ask(
            "{ serverInfo { version features limits {
                addressSockets answerBytes batchSize bodyBytes chatroomNameLength clientMessageIdLength displayNameLength documentAliases
                documentBytes documentComplexity documentDepth documentFields documentRecursion documentTokens executionSeconds
                fieldDirectives messagePageSize messageTextLength pageSize
                presenceTextLength reactions recentDays recentLast requestBatch searchTextLength socketMessageBytes socketOperations
                typingSeconds userSockets usernameLength
            } } }",
            json!({}),
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": { "serverInfo": {
            "version": env!("CARGO_PKG_VERSION"),
            "features": ["MESSAGES", "CHATROOMS", "INBOX", "EDITS", "REACTIONS", "SEARCH", "EVENTS", "TYPING", "PRESENCE", "PERSISTED_QUERIES"],
            "limits": {
                "addressSockets": 1_000,
                "answerBytes": 16_777_216,
                "batchSize": 100,
                "bodyBytes": 1_048_576,
                "chatroomNameLength": 64,
                "clientMessageIdLength": 64,
                "displayNameLength": 64,
                "documentAliases": 100,
                "documentBytes": 65_536,
                "documentComplexity": 50_000,
                "documentDepth": 15,
                "documentFields": 2_000,
                "documentRecursion": 20,
                "documentTokens": 5_000,
                "executionSeconds": 30,
                "fieldDirectives": 5,
                "messagePageSize": 1_000,
                "messageTextLength": 5_000,
                "pageSize": 100,
                "presenceTextLength": 100,
                "reactions": 20,
                "recentDays": 30,
                "recentLast": 100,
                "requestBatch": 0,
                "searchTextLength": 200,
                "socketMessageBytes": 262_144,
                "socketOperations": 100,
                "typingSeconds": 5,
                "userSockets": 50,
                "usernameLength": 32,
            },
        } } })
    );
}
