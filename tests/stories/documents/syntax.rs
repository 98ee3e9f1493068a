//! What is GraphQL, and what is not.

use serde_json::json;

use super::is_refused;
use crate::support::Server;

#[tokio::test]
async fn what_is_no_graphql_is_refused() {
    let server = Server::start().await;
    let table = [
        "query () { __typename }",
        "{ ...on } fragment on on Query { __typename }",
        "{ }",
        "query A",
        "query A { }",
        "{ users { } }",
        "{ ... { } }",
        "{ ...F } fragment F on Query { }",
        "{ users() { __typename } }",
        "{ users(first: 1 { __typename } }",
        "{ users(first: 00) { __typename } }",
        "{ users(first: 0x1) { __typename } }",
        "{ users(first: 1.) { __typename } }",
        "{ user(id: \"\\u{110000}\") { id } }",
        "{ user(id: \"\\u{}\") { id } }",
        "{ user(id: \"\\uD83D\") { id } }",
        "{ user(id: \"\\uDE00\\uD83D\") { id } }",
        "{ user(id: \"\\u{D83D}\") { id } }",
        "{ user(id: \"a\nb\") { id } }",
        "{ user(id: 'x') { id } }",
        "\"nothing\" { __typename }",
        "query ($a: Int = $b) { users(first: $a) { __typename } }",
        "query ($a Int) { users(first: $a) { __typename } }",
        "{ a:: __typename }",
        "{ users@ { __typename } }",
        "{ ... on User }",
        "{ user(id) { id } }",
        "{ user(id: \"x\", username) { id } }",
        "{ user(id:) { id } }",
        "{ users { nodes { id @include(if) } } }",
        "{ recentMessages(recipientId: \"x\", window: {last}) { nodes { id } } }",
        "query ($w: RecentWindow = {last}) { recentMessages(recipientId: \"x\", window: $w) { nodes { id } } }",
        "query ($a) { users(first: $a) { __typename } }",
        "query ($a:) { users(first: $a) { __typename } }",
        "query ($: Int) { users(first: $) { __typename } }",
        "{ a: }",
        "{ users @ { __typename } }",
    ];
    for document in table {
        is_refused(&server, document, "GRAPHQL_PARSE_FAILED").await;
    }
}

#[tokio::test]
async fn what_has_no_value_is_named_where_it_stands() {
    let server = Server::start().await;
    let table = [
        ("{\n  user(id) { id } }", "id", 2, 8),
        ("{ users(first first: 2) { nodes { id } } }", "first", 1, 9),
        ("{ users(first: 2 after) { nodes { id } } }", "after", 1, 18),
        ("{ users { nodes {\n id @skip(if) } } }", "if", 2, 11),
        ("{ recentMessages(recipientId: \"x\"\n window: {last}) { nodes { id } } }", "last", 2, 11),
        ("{ a: user(id: \"x\") { id } b: user(id) { id } }", "id", 1, 35),
        (
            "query ($w: RecentWindow = {last}) { recentMessages(recipientId: \"x\", window: $w) { nodes { id } } }",
            "last",
            1,
            28,
        ),
    ];
    for (document, name, line, column) in table {
        let answer = is_refused(&server, document, "GRAPHQL_PARSE_FAILED").await;
        let error = &answer["errors"][0];
        let message = format!(
            "syntax error at line {line}, column {column}: \"{name}\" has no value; write \"{name}: …\""
        );
        assert_eq!(error["message"], message, "{document}");
        assert_eq!(error["locations"], json!([{ "line": line, "column": column }]), "{document}");
    }
}

#[tokio::test]
async fn a_sign_that_is_not_seen_is_told_by_its_number() {
    let server = Server::start().await;
    for (sign, told) in [('\u{a0}', "U+00A0"), ('\u{200b}', "U+200B"), ('\u{2028}', "U+2028"), ('§', "\"§\"")]
    {
        let answer =
            is_refused(&server, &format!("{{ viewer {{ id{sign} }} }}"), "GRAPHQL_PARSE_FAILED").await;
        let message = format!("syntax error at line 1, column 14: Unexpected character {told}");
        assert_eq!(answer["errors"][0]["message"], message);
    }
}

#[tokio::test]
async fn what_should_stand_where_a_definition_begins_is_told() {
    let server = Server::start().await;
    let closes = |sign: char| {
        format!(
            "this {sign} closes nothing that is open; expected query, mutation, subscription, fragment or {{, or the end of the document"
        )
    };
    let begins = "expected query, mutation, subscription, fragment or {".to_owned();
    let table = [
        ("{ users { nodes { id } } } }", 28, closes('}')),
        ("query A { __typename }\u{feff} }, query B { __typename }", 25, closes('}')),
        ("{ __typename })", 15, closes(')')),
        ("] { __typename }", 1, closes(']')),
        ("querry { __typename }", 1, begins.clone()),
        ("{ __typename } 7", 16, begins.clone()),
        ("{ __typename } # }\n users", 2, begins.clone()),
        ("@include { __typename }", 1, begins),
    ];
    for (document, column, told) in table {
        let line = document.lines().count();
        let error = json!({
            "message": format!("syntax error at line {line}, column {column}: {told}"),
            "locations": [{ "line": line, "column": column }],
            "extensions": { "code": "GRAPHQL_PARSE_FAILED" },
        });
        assert_eq!(server.ask(document, json!({})).await, json!({ "errors": [error] }), "{document}");
    }
}

#[tokio::test]
async fn what_the_scan_refuses_has_its_place() {
    let server = Server::start().await;
    let unclosed = "{ user(id: \"é\")\n  { id } } \"\"\"and so on";
    let deep = format!("{{ a{}", "{".repeat(40));
    let fragments = format!("\n{}", "fragment F on Query { a } ".repeat(101));
    let long = format!("{{ {} }}", "a ".repeat(5_000));
    let table = [
        (unclosed, "GRAPHQL_PARSE_FAILED", "syntax error: a block string is not closed", 2, 12),
        (&*deep, "DOCUMENT_TOO_DEEP", "the document is nested more than 40 deep", 1, 43),
        (&*fragments, "TOO_MANY_FRAGMENTS", "the document has more than 100 fragments", 2, 2_601),
        (&*long, "TOO_MANY_TOKENS", "the document has more than 5000 tokens", 1, 10_001),
    ];
    for (document, code, message, line, column) in table {
        let error = json!({
            "message": message,
            "locations": [{ "line": line, "column": column }],
            "extensions": { "code": code },
        });
        assert_eq!(server.ask(document, json!({})).await, json!({ "errors": [error] }), "{code}");
    }
}

#[tokio::test]
async fn every_spelling_of_a_text_is_the_text() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let table = [
        (r#""\uD83D\uDE00""#, "😀"),
        (r#""\u{1F600}""#, "😀"),
        (r#""\u{00041}\u0042""#, "AB"),
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""– 👍""#, "– 👍"),
        (r#""""Say \""" three times""""#, "Say \"\"\" three times"),
        (r#""""\"""""""#, "\"\"\""),
        ("\"\"\"\n    two\n      lines\n    \"\"\"", "two\n  lines"),
        ("\"\"\"one\r\ntwo\rthree\"\"\"", "one\ntwo\nthree"),
        (r#""a,b # c,""#, "a,b # c,"),
        (r#""""a,\""",""""#, "a,\"\"\","),
        (r#""""\u0041 \n stay""""#, r"\u0041 \n stay"),
        ("\"\"\" \"quoted\" \"\"\"", " \"quoted\" "),
    ];
    for (literal, text) in table {
        let document = format!(
            "mutation {{ sendMessage(input: {{senderId: \"{}\", recipientId: \"{}\", text: {literal}}}) {{ message {{ text }} errors {{ message }} }} }}",
            aaron.id, betty.id
        );
        let answer = server.ask(&document, json!({})).await;
        let sent = json!({ "message": { "text": text }, "errors": [] });
        assert_eq!(answer, json!({ "data": { "sendMessage": sent } }), "{literal}");
    }
}

#[tokio::test]
async fn descriptions_and_what_is_ignored_stand_where_they_may() {
    let server = Server::start().await;
    let document = "\u{feff}# of everybody\r
        \"\"\"All of them.\"\"\"
        query Everybody(\"How many.\" $first: Int = 1,,, \"\"\"Not used much.\"\"\" $more: Boolean! = true) {
            users(first: $first) { ...Count @include(if: $more) },
        }
        \"What is counted.\" fragment Count on UserConnection { __typename }";
    let answer = server.ask(document, json!({})).await;
    assert_eq!(answer, json!({ "data": { "users": { "__typename": "UserConnection" } } }));
    // Commas stand for nothing, wherever they are; in a text they are the text.
    let commas = ",query,(,$a,:,Int,=,1,),{,a,:,users,(,first,:,$a,),{,...,on,UserConnection,{,...,F,},},},fragment,F,on,UserConnection,{,__typename,},";
    let answer = server.ask(commas, json!({})).await;
    assert_eq!(answer, json!({ "data": { "a": { "__typename": "UserConnection" } } }));
    let glued = "query($a:Int=1 $b:Int=2){a:users(first:$a){__typename}b:users(first:$b){__typename}}";
    let answer = server.ask(glued, json!({})).await;
    assert_eq!(
        answer,
        json!({ "data": { "a": { "__typename": "UserConnection" }, "b": { "__typename": "UserConnection" } } })
    );
}
