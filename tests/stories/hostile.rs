//! What is sent to hurt: refused with its code, and the next honest query is answered.

use std::{fmt::Write, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use serde_json::{Value, json};

use crate::support::Server;

/// How long a refusal may take, on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(5);

const TYPENAME: &str = "{ __typename }";

/// The codes of the errors that a document is refused with. The server must still be there afterwards.
async fn codes(server: &Server, document: &str) -> Vec<String> {
    let asked = server.ask(document, json!({}));
    let answer = tokio::time::timeout(PATIENCE, asked)
        .await
        .unwrap_or_else(|_| panic!("too slow: {}", shown(document)));
    assert!(answer.get("data").is_none(), "{}", shown(document));
    assert_eq!(server.ask(TYPENAME, json!({})).await, json!({ "data": { "__typename": "Query" } }));
    let errors = answer["errors"].as_array().expect("errors");
    errors.iter().map(|error| error["extensions"]["code"].as_str().expect("a code").to_owned()).collect()
}

/// The start of a document, for a failure's message.
fn shown(document: &str) -> String {
    document.chars().take(200).collect()
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

/// A chain of fragments, each with the text that spreads the next one.
fn chain(count: usize, link: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut document, number| {
        let body = if number + 1 < count { link(number + 1) } else { "__typename".to_owned() };
        writeln!(document, "fragment f{number} on Query {{ {body} }}").expect("memory");
        document
    })
}

fn bomb(depth: usize) -> String {
    let fragments = chain(depth, |next| format!("...f{next} ...f{next}"));
    format!("{{ ...f0 }} {fragments}")
}

#[tokio::test]
async fn deep_literals_never_reach_the_parser() {
    let server = Server::start().await;
    for depth in [41, 1_550, 30_000] {
        let list = nested("[", "1", "]", depth);
        let object = nested("{a:", "1", "}", depth);
        let unclosed = "[".repeat(depth);
        for literal in [list, object, unclosed] {
            let documents = [
                format!("{{ user(id: {literal}) {{ id }} }}"),
                format!("query ($v: Int = {literal}) {{ users(first: $v) {{ nodes {{ id }} }} }}"),
                format!("{{ users @include(if: {literal}) {{ nodes {{ id }} }} }}"),
                format!("query ($v: Int @skip(if: {literal})) {{ users(first: $v) {{ nodes {{ id }} }} }}"),
                format!("fragment unused on Query @include(if: {literal}) {{ __typename }} {{ __typename }}"),
                format!("query ($v: {literal}) {{ __typename }}"),
            ];
            for document in documents {
                let expected =
                    if document.len() > 64 * 1024 { "DOCUMENT_TOO_LARGE" } else { "DOCUMENT_TOO_DEEP" };
                assert_eq!(codes(&server, &document).await, [expected], "{}", shown(&document));
            }
        }
    }
    let longest = nested("[", "", "]", 100_000);
    assert_eq!(codes(&server, &format!("{{ user(id: {longest}) {{ id }} }}")).await, ["DOCUMENT_TOO_LARGE"]);
}

#[tokio::test]
async fn a_string_that_is_not_closed_hides_no_depth() {
    let server = Server::start().await;
    let deep = nested("[", "1", "]", 100);
    // As deep as a document has place for: whatever reads it recursively would overflow its stack.
    let deepest = nested("{a:", "1", "}", 15_000);
    let starts = [
        // The grammar falls back from a block string that is not closed to an empty string and another one.
        "\"\"\" \"",
        "\"\"\"\" \"",
        "\"\"\"\\\"\"\" \"",
        "\"\"\"\"\" \"",
        "\"\n",
        "\"\\\n",
        "\"\\\"\n",
        "\"é\\\n",
        "# \"\"\"\n",
        "# \"\"\"\r",
        "\"\\\\\"",
        "\"\"\"\"\"\"",
        "\"\"\"a\\\\\"\"\"\"\"\"",
    ];
    for start in starts {
        for hidden in [&deep, &deepest] {
            let document = format!("{{ user(id: [{start} {hidden}]) {{ id }} }}");
            let codes = codes(&server, &document).await;
            assert!(
                codes == ["DOCUMENT_TOO_DEEP"] || codes == ["GRAPHQL_PARSE_FAILED"],
                "{start:?}: {codes:?}"
            );
        }
    }
}

#[tokio::test]
async fn deep_selections_are_refused() {
    let server = Server::start().await;
    let types =
        |depth: usize| format!("{{ __type(name: \"ID\") {} }}", nested("{ ofType", "{ name }", "}", depth));
    let inline = |depth: usize| nested("{ ...", "{ __typename }", "}", depth);
    let directives = "@include(if: true) ".repeat(6);
    let table = [
        (nested("{ a ", "{ b }", "}", 40), "DOCUMENT_TOO_DEEP"),
        (nested("{ a ", "{ b }", "}", 1_500), "DOCUMENT_TOO_DEEP"),
        (nested("{ a(b: {c: ", "1", "}) }", 100), "DOCUMENT_TOO_DEEP"),
        (types(14), "DOCUMENT_TOO_DEEP"),
        (types(38), "RECURSION_TOO_DEEP"),
        (inline(21), "RECURSION_TOO_DEEP"),
        (format!("{{ ...f0 }} {}", chain(21, |next| format!("...f{next}"))), "RECURSION_TOO_DEEP"),
        (format!("{{ __typename {directives} }}"), "TOO_MANY_DIRECTIVES"),
    ];
    for (document, code) in table {
        assert_eq!(codes(&server, &document).await, [code], "{}", shown(&document));
    }
}

#[tokio::test]
async fn long_chains_and_bombs_of_fragments_are_refused() {
    let server = Server::start().await;
    let spread = |next: usize| format!("...f{next}");
    let wide = |next: usize| format!("...f{next} ").repeat(40);
    let deep = |next: usize| nested("a { ", &format!("...f{next}"), "}", 15);
    let unknown = |depth: usize| {
        let fragments =
            chain(depth, |next| format!("...f{next} ...f{next}")).replace("__typename", "...nobody");
        format!("{{ ...f0 }} {fragments}")
    };
    let glued = chain(500, spread).replace("fragment f", "fragmentf");
    let too_large = [
        (format!("{{ __typename }} {}", chain(5_000, spread)), "DOCUMENT_TOO_LARGE"),
        (format!("{{ __typename }} {}", chain(101, spread)), "TOO_MANY_FRAGMENTS"),
        (format!("{{ __typename }} {glued}"), "TOO_MANY_FRAGMENTS"),
        (bomb(20), "TOO_MANY_FIELDS"),
        (bomb(24), "TOO_MANY_FIELDS"),
        (
            format!("{{ __typename }} {}", chain(20, |next| format!("...f{next} ...f{next}"))),
            "TOO_MANY_FIELDS",
        ),
        (unknown(18), "TOO_MANY_FIELDS"),
        (format!("{{ users {{ ...f0 }} }} {}", chain(20, wide)), "TOO_MANY_FIELDS"),
    ];
    for (document, code) in too_large {
        assert_eq!(codes(&server, &document).await, [code], "{}", shown(&document));
    }
    let too_deep = [
        bomb(90),
        unknown(90),
        format!("{{ __typename }} {}", chain(99, spread)),
        format!("{{ __typename }} {}", chain(70, deep)),
    ];
    for document in too_deep {
        assert_eq!(codes(&server, &document).await, ["DOCUMENT_TOO_DEEP"], "{}", shown(&document));
    }
    let unused = [
        format!("{{ __typename }} {}", chain(30, spread)),
        format!("{{ __typename }} {}", chain(10, |next| format!("...f{next} ...f{next}"))),
    ];
    for document in unused {
        let codes = codes(&server, &document).await;
        assert!(codes.len() <= 10, "{codes:?}");
        assert!(codes.iter().all(|code| code == "GRAPHQL_VALIDATION_FAILED"), "{codes:?}");
    }
}

#[tokio::test]
async fn fragments_that_go_in_circles_are_refused() {
    let server = Server::start().await;
    let table = [
        "{ ...a } fragment a on Query { ...a }",
        "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
        "{ ...a } fragment a on Query { ...b ...b } fragment b on Query { ...c ...c } fragment c on Query { ...a ...a }",
        "{ ...a } fragment a on Query { users { ... { nodes { ...b } } } } fragment b on User { ...b }",
        "{ __typename } fragment a on Query { ...a }",
        "{ __typename } fragment a on Query { ...b } fragment b on Query { ...a }",
    ];
    for document in table {
        assert_eq!(codes(&server, document).await, ["GRAPHQL_VALIDATION_FAILED"], "{document}");
    }
}

#[tokio::test]
async fn many_mistakes_get_a_short_answer() {
    let server = Server::start().await;
    let unknown = |count: usize| {
        let fields: Vec<String> = (0..count).map(|number| format!("unknown{number}")).collect();
        format!("{{ {} }}", fields.join(" "))
    };
    assert_eq!(codes(&server, &unknown(5_000)).await, ["TOO_MANY_TOKENS"]);
    assert_eq!(codes(&server, &unknown(2_001)).await, ["TOO_MANY_FIELDS"]);

    let document = unknown(100);
    let answer = server.ask(&document, json!({})).await;
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(10));
    assert!(answer.to_string().len() < 2 * document.len(), "{answer}");
    let answer = server.ask(&unknown(2_000), json!({})).await;
    let messages: Vec<&Value> =
        answer["errors"].as_array().expect("errors").iter().map(|error| &error["message"]).collect();
    let first = (0..10).map(|number| format!("Cannot query field \"unknown{number}\" on type \"Query\"."));
    let mut first: Vec<_> = first.collect();
    first[9].push_str(" (and at least 1990 more errors)");
    assert_eq!(json!(messages), json!(first), "the first ones, in their order");

    let long = "x".repeat(60_000);
    for document in
        [format!("{{ {long} }}"), format!("{{ user({long}: 1) {{ id }} }}"), format!("{{ ...{long} }}")]
    {
        let answer = server.ask(&document, json!({})).await.to_string();
        assert!(answer.len() < 2 * document.len(), "{} bytes", answer.len());
    }
}

#[tokio::test]
async fn the_bounds_of_a_document_are_where_they_are_told() {
    let server = Server::start().await;
    let with_tokens = |count: usize| format!("query ({}) {{ __typename }}", "$v:Int ".repeat(count));
    let spaces = |bytes: usize| format!("{TYPENAME}{}", " ".repeat(bytes - TYPENAME.len()));
    let typenames = |count: usize| format!("{{ {} }}", "__typename ".repeat(count));
    let allowed = [spaces(64 * 1024), typenames(2_000), nested("{ ... ", "{ __typename }", "}", 13)];
    for document in allowed {
        assert_eq!(
            server.ask(&document, json!({})).await,
            json!({ "data": { "__typename": "Query" } }),
            "{}",
            shown(&document)
        );
    }
    let refused = [
        (spaces(64 * 1024 + 1), "DOCUMENT_TOO_LARGE"),
        (spaces(65 * 1024), "DOCUMENT_TOO_LARGE"),
        (typenames(2_001), "TOO_MANY_FIELDS"),
        (with_tokens(1_250), "TOO_MANY_TOKENS"),
    ];
    for (document, code) in refused {
        assert_eq!(codes(&server, &document).await, [code], "{}", shown(&document));
    }
}

#[tokio::test]
async fn broken_texts_are_syntax_errors() {
    let server = Server::start().await;
    let table = [
        "",
        " ",
        "#",
        "{",
        "}",
        "}}}}{",
        "{ user(id: \"",
        "{ user(id: \"x) { id } }",
        "{ user(id: \"x\n\") { id } }",
        "{ user(id: \"\\",
        "{ user(id: \"\\\"",
        "{ user(id: \"\\q\") { id } }",
        "{ user(id: \"\\u12\") { id } }",
        "{ user(id: \"\\uD800\") { id } }",
        "{ user(id: \"\"\"",
        "{ user(id: \"\"\"x",
        "{ user(id: \"\"\"x\\\"\"\"",
        "{ user(id: \"\"\"x\"\"",
        "{ user(id: 01) { id } }",
        "{ user(id: 1x) { id } }",
        "{ user(id: $) { id } }",
        "{ é }",
        "🙂",
        "\u{feff}",
        "{ \u{0} }",
        "{ \"é\\🙂",
        "\u{202e}{ __typename }",
        "query { __typename } }",
        "subscription",
    ];
    for document in table {
        assert_eq!(codes(&server, document).await, ["GRAPHQL_PARSE_FAILED"], "{document:?}");
    }
    let definition = codes(&server, "type User { id: ID }").await;
    assert_eq!(definition, ["GRAPHQL_VALIDATION_FAILED"], "it is read, and nothing to execute");
}

#[tokio::test]
async fn brackets_in_strings_and_comments_do_not_count() {
    let server = Server::start().await;
    let brackets = "{[(".repeat(100);
    let documents = [
        format!("{{ node(id: \"{brackets}\") {{ id }} }}"),
        format!("{{ node(id: \"\\\"{brackets}\\\\\") {{ id }} }}"),
        format!("{{ node(id: \"\"\"{brackets}\n\"{brackets}\\\"\"\"{brackets}\"\"\") {{ id }} }}"),
        format!("# {brackets} \"\"\"\n{{ node(id: \"x\") {{ id }} }} # {brackets}"),
        format!("# {brackets}\r{{ node(id: \"x\") {{ id }} }}"),
    ];
    for document in documents {
        let answer = server.ask(&document, json!({})).await;
        assert_eq!(answer["data"], json!({ "node": null }), "{document}: {answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "ID_MALFORMED", "{document}");
    }
}

#[tokio::test]
async fn pages_within_pages_are_counted_out() {
    let server = Server::start().await;
    let history = "... on DirectConversation { messages(first: 100) { nodes { text } } }";
    let table = [
        "{ recentMessages(recipientId: \"x\", first: 1000) {
            nodes { conversation { messages(first: 1000) { nodes { text } } } }
        } }"
        .to_owned(),
        format!(
            "{{ recentMessages(recipientId: \"x\", first: 1000) {{ nodes {{ conversation {{ {history} }} }} }} }}"
        ),
        "{ recentMessages(recipientId: \"x\") {
            nodes { conversation { messages(last: 300) { edges { node { text } } } } }
        } }"
        .to_owned(),
        "query ($many: Int = 1000) { recentMessages(recipientId: \"x\", first: $many) {
            nodes { conversation { messages(first: $many) { nodes { text } } } }
        } }"
        .to_owned(),
        "{ recentMessages(recipientId: \"x\", first: 1000) { ...page } }
        fragment page on MessageConnection { nodes { conversation { messages(first: 1000) { ...texts } } } }
        fragment texts on MessageConnection { nodes { text } }"
            .to_owned(),
        format!(
            "{{ {} }}",
            (0..30).fold(String::new(), |fields, number| fields
                + &format!(
                    "a{number}: recentMessages(recipientId: \"x\", first: 1000) {{ nodes {{ text }} }} "
                ))
        ),
        // A search costs more than what it finds.
        format!(
            "{{ {} }}",
            (0..60).fold(String::new(), |fields, number| fields
                + &format!("a{number}: searchMessages(text: \"a\", first: 1) {{ nodes {{ text }} }} "))
        ),
    ];
    for document in table {
        assert_eq!(codes(&server, &document).await, ["DOCUMENT_TOO_COMPLEX"], "{}", shown(&document));
    }
    let variables = json!({ "many": 1000 });
    let by_variable = server
        .ask(
            "query ($many: Int) { recentMessages(recipientId: \"x\", first: $many) {
                nodes { conversation { messages(first: $many) { nodes { text } } } }
            } }",
            variables,
        )
        .await;
    assert_eq!(by_variable["errors"][0]["extensions"]["code"], "DOCUMENT_TOO_COMPLEX");
}

#[tokio::test]
async fn introspection_that_multiplies_is_counted_out() {
    let server = Server::start().await;
    let round = nested("{ possibleTypes { interfaces ", "{ name }", "} }", 6);
    let several = |inner: &str| {
        let aliases: Vec<String> =
            (0..80).map(|number| format!("a{number}: __schema {{ types {inner} }}")).collect();
        format!("{{ {} }}", aliases.join(" "))
    };
    let documents = [
        format!("{{ __schema {{ types {round} }} }}"),
        format!("{{ __type(name: \"UserError\") {round} }}"),
        several("{ fields { name description args { name description } } }"),
    ];
    for document in documents {
        assert_eq!(codes(&server, &document).await, ["DOCUMENT_TOO_COMPLEX"], "{}", shown(&document));
    }
}

#[tokio::test]
async fn deep_variables_are_refused() {
    let server = Server::start().await;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [62, 63, 100_000] {
            let deep = nested(open, "1", close, depth);
            let body = format!(
                "{{\"query\": \"query ($v: ID!) {{ node(id: $v) {{ id }} }}\", \"variables\": {{\"v\": {deep}}}}}"
            );
            let request = server
                .request(reqwest::Method::POST, "/graphql")
                .header("content-type", "application/json")
                .body(body);
            let answer = server.send(request).await;
            let expected = if depth > 62 { "BAD_REQUEST" } else { "VARIABLES_INVALID" };
            assert_eq!(answer.body["errors"][0]["extensions"]["code"], expected, "{open} {depth}");
            assert_eq!(answer.body.get("data"), None);
        }
    }
    assert_eq!(codes(&server, "{").await, ["GRAPHQL_PARSE_FAILED"]);
}

#[tokio::test]
async fn cursors_that_were_made_up_harm_nobody() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "Hello").await;
    let cursor = |list: u8, rest: &[u8]| BASE64_URL_SAFE_NO_PAD.encode([&[list], rest].concat());
    let history = |arguments: &str| {
        format!(
            "query ($conversation: ID!, $cursor: String) {{
                node(id: $conversation) {{ ... on DirectConversation {{ messages({arguments}) {{ nodes {{ text }} }} }} }}
            }}"
        )
    };
    let documents = [
        "query ($to: ID!, $cursor: String) {
            recentMessages(recipientId: $to, window: {days: 30}, after: $cursor) { nodes { text } }
        }"
        .to_owned(),
        "query ($cursor: String) { users(after: $cursor) { nodes { username } } }".to_owned(),
        history("after: $cursor"),
        history("before: $cursor"),
        history("last: 5, before: $cursor"),
        history("first: 5, before: $cursor"),
        history("last: 5, after: $cursor"),
    ];
    let cursors = [
        cursor(b'h', &i64::MAX.to_be_bytes()),
        cursor(b'h', &(i64::MAX - 1).to_be_bytes()),
        cursor(b'h', &1_i64.to_be_bytes()),
        cursor(b'h', &0_i64.to_be_bytes()),
        cursor(b'h', &i64::MIN.to_be_bytes()),
        cursor(b'r', &[0xff; 20]),
        cursor(b'r', &[0; 20]),
        cursor(b'r', &[0xff; 3]),
        cursor(b'u', b"zz"),
        cursor(b'u', &[0xff]),
        cursor(b'u', b""),
        cursor(b'?', b""),
        String::new(),
        "=".into(),
        "é".into(),
    ];
    for cursor in cursors {
        let variables =
            json!({ "to": betty.id, "conversation": message["conversation"]["id"], "cursor": cursor });
        for document in &documents {
            let answer = server.ask(document, variables.clone()).await;
            let code = &answer["errors"][0]["extensions"]["code"];
            assert!(
                *code == Value::Null || *code == json!("CURSOR_INVALID"),
                "{document} {cursor}: {answer}"
            );
        }
    }
}

/// What GraphiQL and most tools send first: graphql-js's `getIntrospectionQuery` with everything it can ask for.
const INTROSPECTION: &str = "
query IntrospectionQuery {
  __schema {
    description
    queryType { name kind }
    mutationType { name kind }
    subscriptionType { name kind }
    types { ...FullType }
    directives {
      name
      description
      isRepeatable
      locations
      args(includeDeprecated: true) { ...InputValue }
    }
  }
}

fragment FullType on __Type {
  kind
  name
  description
  specifiedByURL
  isOneOf
  fields(includeDeprecated: true) {
    name
    description
    args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef }
    isDeprecated
    deprecationReason
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) {
    name
    description
    isDeprecated
    deprecationReason
  }
  possibleTypes { ...TypeRef }
}

fragment InputValue on __InputValue {
  name
  description
  type { ...TypeRef }
  defaultValue
  isDeprecated
  deprecationReason
}

fragment TypeRef on __Type {
  kind
  name
  ofType {
    kind
    name
    ofType {
      kind
      name
      ofType {
        kind
        name
        ofType {
          kind
          name
          ofType {
            kind
            name
            ofType {
              kind
              name
              ofType {
                kind
                name
                ofType { kind name ofType { kind name } }
              }
            }
          }
        }
      }
    }
  }
}";

#[tokio::test]
async fn the_standard_introspection_passes() {
    let server = Server::start().await;
    let answer = server.ask(INTROSPECTION, json!({})).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    let schema = &answer["data"]["__schema"];
    assert_eq!(schema["queryType"], json!({ "name": "Query", "kind": "OBJECT" }));
    let types = schema["types"].as_array().expect("types");
    let window = types.iter().find(|found| found["name"] == "RecentWindow");
    assert_eq!(window.expect("the type")["isOneOf"], true);
}

/// Pieces of documents, put together in ways that nobody would.
fn piece() -> impl Strategy<Value = String> {
    const PIECES: [&str; 32] = [
        "{", "}", "[", "]", "(", ")", ":", "!", "=", "@", "$", "...", "\"", "\"\"\"", "\\", "\\\"\"\"", "#",
        "\n", "\r", ",", "query", "mutation", "fragment", "on", "Query", "f", "...f", "users", "nodes", "id",
        "1", "é🙂",
    ];
    prop_oneof![
        8 => prop::sample::select(PIECES.as_slice()).prop_map(ToOwned::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => ".{0,20}",
    ]
}

/// Any text at all, but mostly some that resembles GraphQL.
fn text() -> impl Strategy<Value = String> {
    let mixed = prop::collection::vec(piece(), 0..80).prop_map(|pieces| pieces.join(" "));
    let dense = prop::collection::vec(piece(), 0..80).prop_map(|pieces| pieces.concat());
    let within = piece().prop_map(|piece| format!("{{ users {{ nodes {{ id {piece} }} }} }}"));
    prop_oneof![mixed, dense, within, ".{0,200}"]
}

#[test]
fn every_text_gets_an_answer() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = runtime.block_on(Server::start());
    let config = Config { cases: 400, failure_persistence: None, ..Config::default() };
    // The same texts each time: a failure is the code's, never the day's.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let outcome = runner.run(&text(), |text| {
        let answer = runtime.block_on(server.ask(&text, json!({})));
        let answered = answer.get("data").is_some_and(|data| !data.is_null());
        let refused = answer["errors"][0]["extensions"]["code"].is_string();
        if answered || refused {
            return Ok(());
        }
        Err(TestCaseError::fail(answer.to_string()))
    });
    outcome.expect("an answer to everything");
}

#[tokio::test]
async fn a_chain_of_spreads_is_as_deep_as_it_is_written_out() {
    let server = Server::start().await;
    // Each fragment is nested less than is allowed; all of them together, spread one in the other, would overflow a stack.
    let inner = |next: &str| nested("{ a ", &format!("{{ {next} }}"), " }", 11);
    let fragments: Vec<String> = (0..99)
        .map(|number| format!("fragment f{number} on Query {}", inner(&format!("...f{}", number + 1))))
        .collect();
    let last = "fragment f99 on Query { __typename }";
    for start in ["...f0", "__typename"] {
        let document = format!("{{ {start} }} {} {last}", fragments.join(" "));
        assert_eq!(codes(&server, &document).await, ["DOCUMENT_TOO_DEEP"], "{start}");
    }
}

#[tokio::test]
async fn the_results_of_a_batch_are_counted_out() {
    let server = Server::start().await;
    let document = "mutation ($messages: [SendMessageInput!]!) {
        sendMessages(input: {messages: $messages}) {
            results { message { conversation { messages(first: 1000) { nodes { id } } } } }
        }
    }";
    let answer = server.ask(document, json!({ "messages": [] })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "DOCUMENT_TOO_COMPLEX", "{answer}");
}
