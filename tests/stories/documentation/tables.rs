//! The guide's tables have every value that there is, and no other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    fs,
    path::Path,
};

use async_graphql::parser::types::{EnumValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{GUIDE, page::names};
use crate::support::{Server, schema};

/// A type of the schema.
fn definition(name: &str) -> TypeDefinition {
    let document = schema().0;
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        _ => None,
    });
    types.into_iter().find(|definition| definition.name.node == name).expect("a type")
}

/// The closed list of codes, each with its description.
fn error_codes() -> Vec<(String, String)> {
    let TypeKind::Enum(codes) = definition("ErrorCode").kind else { panic!("no enum") };
    let code = |code: EnumValueDefinition| {
        (code.value.node.to_string(), code.description.expect("a description").node)
    };
    codes.values.into_iter().map(|value| code(value.node)).collect()
}

/// What the guide lacks, and what it has too much or twice.
fn differences<T: Ord + Display>(
    told: impl IntoIterator<Item = T>,
    expected: impl IntoIterator<Item = T>,
) -> Vec<String> {
    let mut counts: BTreeMap<T, i32> = BTreeMap::new();
    told.into_iter().for_each(|item| *counts.entry(item).or_default() += 1);
    expected.into_iter().for_each(|item| *counts.entry(item).or_default() -= 1);
    let differing = counts.into_iter().filter(|(_, count)| *count != 0);
    differing.map(|(item, count)| format!("{} {item}", if count < 0 { "lacks" } else { "has" })).collect()
}

#[test]
fn every_error_code_has_a_row_that_says_where_it_comes() {
    let expected =
        error_codes().into_iter().map(|(code, description)| format!("{code}: {}", places(&description)));
    let rows = GUIDE.rows("Every error code");
    let told = rows.iter().map(|row| format!("{}: {}", row[0].trim_matches('`'), row[1]));
    assert_eq!(differences(told, expected), [""; 0]);
    assert!(rows.iter().all(|row| !row[2].is_empty()), "a code about which nothing is to be done");
}

/// In which of the four places a code comes, and its status, as its description says.
fn places(description: &str) -> String {
    let description = description.to_lowercase().replace('\n', " ");
    let places = ["payload", "field", "answer", "request"].into_iter();
    let places = places.filter(|place| description.contains(&format!("{place} error")));
    let status = description.split_once("http status ").and_then(|(_, rest)| rest.get(..3));
    places.chain(status).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_code_with_which_a_socket_is_closed_has_a_row() {
    let source = include_str!("../../../src/http/socket/close.rs");
    let made = source.split("Self::new(").skip(1).filter_map(|rest| rest.get(..4)?.parse::<u16>().ok());
    let expected: BTreeSet<u16> = made.collect();
    let told =
        GUIDE.rows("Why a WebSocket closes").into_iter().map(|row| row[0].parse::<u16>().expect("a code"));
    assert_eq!(differences(told, expected), [""; 0]);
}

#[test]
fn every_status_has_a_row() {
    let sources = ["graphql.rs", "rejection.rs", "request.rs"];
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/http"));
    let source = sources.map(|file| fs::read_to_string(folder.join(file)).expect("a file")).concat();
    let is_given = |status: &StatusCode| {
        let name = status.canonical_reason().map(|reason| reason.to_uppercase().replace(' ', "_"));
        name.is_some_and(|name| source.contains(&format!("StatusCode::{name}")))
    };
    let statuses = (100..600).filter_map(|status| StatusCode::from_u16(status).ok());
    // Those of the library, which answers what it cannot read as a request: `heads`.
    let of_library = [414, 431];
    let expected = statuses.filter(is_given).map(|status| status.as_u16()).chain(of_library);
    let told = GUIDE.rows("HTTP statuses").into_iter().map(|row| row[0].parse::<u16>().expect("a status"));
    assert_eq!(differences(told, expected), [""; 0]);
}

#[tokio::test]
async fn what_is_accepted_comes_as_the_table_says() {
    let server = Server::start().await;
    let ask = async |accept: &str| {
        let request = server.request(Method::POST, "/graphql").header("accept", accept);
        let request = request.json(&json!({ "query": "{ __typename }" }));
        let answer = request.send().await.expect("an answer");
        let content_type = answer.headers()["content-type"].to_str().expect("a text");
        (content_type.split(';').next().expect("a type").to_owned(), answer.status().as_u16())
    };
    let rows = GUIDE.rows("Media types");
    let told = |row: &[&str]| {
        let name = names(row[1]).next().expect("a type").to_owned();
        (name, if row[1].contains("406") { 406 } else { 200 })
    };
    // Without the header: `heads`. The client here would send one of its own.
    assert_eq!(ask("").await, told(&rows[0]));
    for row in &rows {
        for accept in names(row[0]) {
            assert_eq!(ask(accept).await, told(row), "{accept}");
        }
    }
}

#[test]
fn every_event_has_a_row() {
    let TypeKind::Union(events) = definition("Event").kind else { panic!("no union") };
    let expected = events.members.iter().map(|member| member.node.to_string());
    let told = GUIDE.rows("What each event asks of you").into_iter().flat_map(|row| names(row[0]));
    assert_eq!(differences(told.map(str::to_owned), expected), [""; 0]);
}

#[tokio::test]
async fn every_limit_has_a_row_with_its_default() {
    let TypeKind::Object(limits) = definition("Limits").kind else { panic!("no object") };
    let fields =
        limits.fields.iter().map(|field| field.node.name.node.as_str()).collect::<Vec<_>>().join(" ");
    let server = Server::start().await;
    let answer = server.ask(&format!("{{ serverInfo {{ limits {{ {fields} }} }} }}"), json!({})).await;
    let told = GUIDE.rows("Limits").into_iter().map(|row| {
        let default: u64 = row[1].replace(',', "").parse().expect("a number");
        (row[0].trim_matches('`').to_owned(), json!(default))
    });
    assert_eq!(Value::Object(told.collect()), answer["data"]["serverInfo"]["limits"]);
}

#[test]
fn no_code_is_named_that_there_is_not() {
    let codes: BTreeSet<String> = error_codes().into_iter().map(|(code, _)| code).collect();
    let prose = GUIDE.prose();
    let in_capitals =
        names(&prose).filter(|name| name.chars().all(|letter| letter == '_' || letter.is_ascii_uppercase()));
    let unknown = in_capitals.filter(|name| name.trim_matches('_').contains('_') && !codes.contains(*name));
    assert_eq!(unknown.collect::<Vec<_>>(), ["MESSENGER_ALLOWED_ORIGINS"; 2]);
}
