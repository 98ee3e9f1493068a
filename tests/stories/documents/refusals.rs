//! What must be refused, before anything of it runs.

use serde_json::{Value, json};

use super::{is_refused, users};
use crate::support::Server;

const INVALID: &str = "GRAPHQL_VALIDATION_FAILED";

#[tokio::test]
async fn fields_that_cannot_be_one_are_refused() {
    let server = Server::start().await;
    let table = [
        "{ a: viewer { id } ...F } fragment F on Query { a: serverInfo { version } }",
        "{ users(first: 1) { nodes { id } } users(first: 2) { nodes { id } } }",
        "{ users { nodes { id } } ...F } fragment F on Query { users(first: 2) { nodes { id } } }",
        "{ users { nodes { a: id a: username } } }",
        "{ users { nodes { ...F a: username } } } fragment F on User { a: id }",
        // Below an interface, one level deeper, and of two objects that no value is at once.
        "{ node(id: \"x\") { a: id ... on User { a: username } } }",
        "{ node(id: \"x\") { ... on User { a: displayName } ... on Message { a: sender { id } } } }",
        "{ node(id: \"x\") { ... on Message { a: sender { b: id } } ... on Chatroom { a: createdBy { b: createdAt } } } }",
        "{ node(id: \"x\") { ... on Message { a: seq } ... on User { a: username } } }",
    ];
    for document in table {
        is_refused(&server, document, INVALID).await;
    }
    let sound = [
        "{ node(id: \"x\") { ... on User { a: username } ... on Chatroom { a: name } } }",
        "{ users(first: 1) { nodes { id } } ...F } fragment F on Query { users(first: 1) { nodes { username } } }",
    ];
    for document in sound {
        let answer = server.ask(document, json!({})).await;
        assert!(answer.get("data").is_some(), "{document}: {answer}");
    }
}

#[tokio::test]
async fn a_conflict_of_arguments_names_what_both_are_called_in_the_answer() {
    let server = Server::start().await;
    let table = [
        ("{ a: users(first: 1) { __typename } a: users(first: 2) { __typename } }", "a", 37),
        ("{ users(first: 1) { __typename } users : users(first: 2) { __typename } }", "users", 34),
        (
            "{ chatrooms { nodes { b: messages(first: 1) { __typename } b: messages { __typename } } } }",
            "b",
            60,
        ),
        (
            "mutation { a: createChatroom(input: {name: \"x\", memberIds: [\"x\"]}) { errors { code } }\
             a: createChatroom(input: {name: \"x\", memberIds: []}) { errors { code } } }",
            "a",
            87,
        ),
    ];
    for (document, name, column) in table {
        let message = format!(
            "Fields \"{name}\" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional."
        );
        let error = json!({
            "message": message,
            "locations": [{ "line": 1, "column": column }],
            "extensions": { "code": INVALID },
        });
        assert_eq!(server.ask(document, json!({})).await, json!({ "errors": [error] }), "{document}");
    }
}

#[tokio::test]
async fn null_where_it_may_not_stand_is_told_once_and_as_null() {
    let server = Server::start().await;
    let table = [
        ("{ node(id: null) { id } }", "Field \"node\" argument \"id\" of type \"ID!\" must not be null.", 12),
        (
            "mutation { sendMessage(input: null) { deduplicated } }",
            "Field \"sendMessage\" argument \"input\" of type \"SendMessageInput!\" must not be null.",
            31,
        ),
        (
            "mutation { sendMessage(input: {recipientId: \"a\", text: null}) { deduplicated } }",
            "Field \"SendMessageInput.text\" of required type \"String!\" must not be null.",
            56,
        ),
        (
            "mutation { sendMessages(input: {messages: [null]}) { errors { code } } }",
            "Expected value of type \"SendMessageInput!\", found null.",
            44,
        ),
        (
            "{ users { __typename @skip(if: null) } }",
            "Directive \"@skip\" argument \"if\" of type \"Boolean!\" must not be null.",
            32,
        ),
        (
            "{ recentMessages(recipientId: \"x\", window: {last: null}) { nodes { id } } }",
            "Expected value of type \"Int!\", found null.",
            51,
        ),
        (
            "query ($w: RecentWindow = {days: null}) { recentMessages(recipientId: \"x\", window: $w) { nodes { id } } }",
            "Expected value of type \"Int!\", found null.",
            34,
        ),
        // What is left out beside a null is told as left out.
        (
            "{ node { id } }",
            "Field \"node\" argument \"id\" of type \"ID!\" is required, but it was not provided.",
            3,
        ),
    ];
    for (document, message, column) in table {
        let error = json!({
            "message": message,
            "locations": [{ "line": 1, "column": column }],
            "extensions": { "code": INVALID },
        });
        assert_eq!(server.ask(document, json!({})).await, json!({ "errors": [error] }), "{document}");
    }
}

#[tokio::test]
async fn the_last_error_says_how_many_more_there_are() {
    let server = Server::start().await;
    let unknown = |count: usize| {
        let fields: Vec<String> = (0..count).map(|number| format!("nothing{number}")).collect();
        format!("{{ {} }}", fields.join(" "))
    };
    let table = [(10, ""), (11, " (and at least 1 more error)"), (40, " (and at least 30 more errors)")];
    for (count, more) in table {
        let answer = is_refused(&server, &unknown(count), INVALID).await;
        let errors = answer["errors"].as_array().expect("errors");
        assert_eq!(errors.len(), 10, "{answer}");
        let tenth = format!("Cannot query field \"nothing9\" on type \"Query\".{more}");
        assert_eq!(errors[9]["message"], tenth);
    }
    // Errors of fields as well.
    let nodes: Vec<String> = (0..12).map(|number| format!("a{number}: node(id: \"x\") {{ id }}")).collect();
    let answer = server.ask(&format!("{{ {} }}", nodes.join(" ")), json!({})).await;
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!((errors.len(), answer["data"].as_object().map(serde_json::Map::len)), (10, Some(12)));
    let tenth = errors[9]["message"].as_str().expect("a message");
    assert!(tenth.ends_with(" (and at least 2 more errors)"), "{tenth}");
}

#[tokio::test]
async fn two_mutations_under_one_name_change_nothing() {
    let server = Server::start().await;
    let table = [
        "mutation { a: createUser(input: {username: \"aaron\"}) { errors { code } } a: createUser(input: {username: \"betty\"}) { errors { code } } }",
        "mutation { a: createUser(input: {username: \"aaron\"}) { errors { code } } ...F }
         fragment F on Mutation { a: createUser(input: {username: \"betty\"}) { errors { code } } }",
        // Lists of which one is the beginning of the other.
        "mutation { a: createChatroom(input: {name: \"lunch\", memberIds: [\"x\"]}) { errors { code } }
                    a: createChatroom(input: {name: \"lunch\", memberIds: [\"x\", \"y\"]}) { errors { code } } }",
        "mutation { a: createChatroom(input: {name: \"lunch\", memberIds: []}) { errors { code } } ...F }
         fragment F on Mutation { a: createChatroom(input: {name: \"lunch\", memberIds: [\"y\"]}) { errors { code } } }",
    ];
    for document in table {
        is_refused(&server, document, INVALID).await;
    }
    assert_eq!(users(&server).await, json!([]));
}

#[tokio::test]
async fn a_value_of_another_kind_is_refused() {
    let server = Server::start().await;
    let table = [
        "mutation { setPresence(input: {status: \"AWAY\"}) { errors { code } } }",
        "mutation ($s: PresenceStatus! = \"AWAY\") { setPresence(input: {status: $s}) { errors { code } } }",
        "mutation { setPresence(input: {status: ASLEEP}) { errors { code } } }",
        "mutation { createUser(input: {username: AARON}) { errors { code } } }",
        "mutation { createUser(input: {username: 7}) { errors { code } } }",
        "mutation { createUser(input: [{username: \"aaron\"}]) { errors { code } } }",
        "{ users(first: true) { __typename } }",
        "{ user(id: 1.5) { id } }",
        "{ users { __typename @skip(if: \"true\") } }",
        // A default that is null helps no place where null may not stand.
        "query ($n: Int = null) { recentMessages(recipientId: \"x\", window: {last: $n}) { nodes { id } } }",
        "query ($id: ID = null) { node(id: $id) { id } }",
    ];
    for document in table {
        is_refused(&server, document, INVALID).await;
    }
    assert_eq!(users(&server).await, json!([]));
}

#[tokio::test]
async fn an_input_field_is_given_once() {
    let server = Server::start().await;
    let again = |document: &str, name: &str, column: usize| {
        let message = format!("There can be only one input field named \"{name}\".");
        let error = json!({ "message": message, "locations": [{ "line": 1, "column": column }], "extensions": { "code": INVALID } });
        (document.to_owned(), json!({ "errors": [error] }))
    };
    let table = [
        again(
            "mutation { createUser(input: {username: \"aaron\", username: \"betty\"}) { errors { code } } }",
            "username",
            50,
        ),
        again(
            "{ recentMessages(recipientId: \"x\", window: {last: 1, last: 2}) { nodes { id } } }",
            "last",
            54,
        ),
        again(
            "query ($w: RecentWindow = {last: 1, last: 1}) { recentMessages(recipientId: \"x\", window: $w) { nodes { id } } }",
            "last",
            37,
        ),
    ];
    for (document, expected) in table {
        let mut answer = server.ask(&document, json!({})).await;
        // That two of one field are not one field is said as well.
        let errors = answer["errors"].as_array_mut().expect("errors");
        errors.retain(|error| error["message"].as_str().is_some_and(|message| message.starts_with("There")));
        assert_eq!(answer, expected, "{document}");
    }
    assert_eq!(users(&server).await, json!([]));
}

#[tokio::test]
async fn a_number_beyond_32_bits_is_told_its_range() {
    let server = Server::start().await;
    for number in ["2147483648", "-2147483649", "99999999999999999999"] {
        let error = json!({
            "message": format!("\"Int\" cannot represent {number}: it must be a whole number from -2147483648 to 2147483647"),
            "locations": [{ "line": 1, "column": 16 }],
            "extensions": { "code": INVALID },
        });
        let document = format!("{{ users(first: {number}) {{ __typename }} }}");
        assert_eq!(server.ask(&document, json!({})).await, json!({ "errors": [error] }));
    }
    for number in ["2147483647", "-2147483648"] {
        let answer = server.ask(&format!("{{ users(first: {number}) {{ __typename }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "PAGE_SIZE_INVALID", "{answer}");
    }
}

#[tokio::test]
async fn a_number_beyond_32_bits_stops_what_stands_before_it() {
    let server = Server::start().await;
    let table = [
        "mutation { createUser(input: {username: \"aaron\"}) { errors { code } } createChatroom(input: {name: \"lunch\"}) { chatroom { members(first: 2147483648) { __typename } } } }",
        "mutation { createUser(input: {username: \"aaron\"}) { errors { code } } markRead(input: {conversationId: \"x\", readUpTo: -2147483649}) { errors { code } } }",
        "{ recentMessages(recipientId: \"x\", window: {last: 99999999999999999999}) { nodes { id } } }",
        "query ($n: Int = 2147483648) { users(first: $n) { __typename } }",
    ];
    for document in table {
        is_refused(&server, document, INVALID).await;
    }
    assert_eq!(users(&server).await, json!([]));
    // An ID may be a number of any length; this one is none of ours.
    let answer = server.ask("{ node(id: 99999999999999999999999) { id } }", json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "ID_MALFORMED", "{answer}");
}

#[tokio::test]
async fn directives_are_known_and_stand_where_they_may() {
    let server = Server::start().await;
    let table = [
        "{ __typename @nope }",
        "{ users @nope { __typename } }",
        "query @nope { __typename }",
        "query @skip(if: true) { __typename }",
        "query ($n: Int @nope) { users(first: $n) { __typename } }",
        "query ($n: Int @skip(if: true)) { users(first: $n) { __typename } }",
        "{ ...F } fragment F on Query @include(if: true) { __typename }",
        "{ users { __typename @skip(if: true) @skip(if: true) } }",
        "{ users { __typename @skip } }",
        "{ users { __typename @include(if: null) } }",
        "subscription { events @skip(if: true) { cursor } }",
        "subscription { ... @include(if: true) { events { cursor } } }",
        "subscription { ...F @skip(if: false) } fragment F on Subscription { events { cursor } }",
        "subscription { __typename }",
        "subscription { events { cursor } more: events { cursor } }",
    ];
    for document in table {
        is_refused(&server, document, INVALID).await;
    }
}

#[tokio::test]
async fn what_the_executor_does_not_answer_is_not_taken() {
    let server = Server::start().await;
    let table = [
        "{ __schema { directives(includeDeprecated: true) { name } } }",
        "{ __schema { directives { isDeprecated } } }",
        "{ __schema { directives { deprecationReason } } }",
        "mutation { __schema { description } }",
    ];
    for document in table {
        is_refused(&server, document, INVALID).await;
    }
}

#[tokio::test]
async fn errors_name_the_thing_and_its_place_in_the_text_as_it_was_sent() {
    let server = Server::start().await;
    let table = [
        (
            "{\r\n  # – 👍\r\n  users { nodes { nme } } }",
            "Cannot query field \"nme\" on type \"User\".",
            3,
            19,
        ),
        (
            "{ users(frist: 1) { __typename } }",
            "Unknown argument \"frist\" on field \"Query.users\". Did you mean \"first\"?",
            1,
            9,
        ),
        (
            "{ users }",
            "Field \"users\" on type \"Query\" must have a selection of subfields. Did you mean \"users { ... }\"?",
            1,
            3,
        ),
        ("{ ...F }", "Unknown fragment \"F\".", 1, 3),
        ("{ ... on Usr { id } }", "Unknown type \"Usr\". Did you mean \"User\"?", 1, 10),
        ("query ($a: Int) { __typename }", "Variable \"$a\" is never used.", 1, 8),
        ("{ users(first: $a) { __typename } }", "Variable \"$a\" is not defined.", 1, 16),
        ("{ users(first: \"–\") { nme } }", "\"Int\" cannot represent value: \"–\"", 1, 16),
        (
            "mutation { setPresence(input: {status: ASLEEP}) { errors { code } } }",
            "Value \"ASLEEP\" does not exist in \"PresenceStatus\" enum. It must be AWAY, BUSY, OFFLINE or ONLINE.",
            1,
            40,
        ),
        (
            "mutation { setPresence(input: {status: \"AWAY\"}) { errors { code } } }",
            "\"PresenceStatus\" cannot represent value: \"AWAY\". It must be AWAY, BUSY, OFFLINE or ONLINE.",
            1,
            40,
        ),
    ];
    for (document, message, line, column) in table {
        let answer = is_refused(&server, document, INVALID).await;
        let error = &answer["errors"][0];
        assert_eq!(error["message"], message, "{document}");
        assert_eq!(error["locations"], json!([{ "line": line, "column": column }]), "{document}");
    }
}

#[tokio::test]
async fn the_same_mistakes_are_told_in_the_same_order() {
    let server = Server::start().await;
    let variables: Vec<String> = (0..30).map(|number| format!("$unused{number}: Int")).collect();
    let document =
        format!("query ({}) {{ nothing users(nobody: 1) {{ nowhere }} ...F }}", variables.join(", "));
    let first = is_refused(&server, &document, INVALID).await;
    assert_eq!(first["errors"].as_array().map(Vec::len), Some(10));
    let columns: Vec<Option<u64>> =
        (0..10).map(|index| first["errors"][index]["locations"][0]["column"].as_u64()).collect();
    assert!(columns.is_sorted(), "{columns:?}");
    for _ in 0..20 {
        assert_eq!(is_refused(&server, &document, INVALID).await, first);
    }
}

#[tokio::test]
async fn which_of_two_operations_is_to_run_must_be_said() {
    let server = Server::start().await;
    let two = "query A { __typename } query B { users { __typename } }";
    is_refused(&server, two, "OPERATION_NOT_FOUND").await;
    let named = |name: Value| server.post(json!({ "query": two, "operationName": name }));
    assert_eq!(named(json!("A")).await.body, json!({ "data": { "__typename": "Query" } }));
    assert_eq!(
        named(json!("B")).await.body,
        json!({ "data": { "users": { "__typename": "UserConnection" } } })
    );
    for name in [json!("C"), json!(""), Value::Null] {
        let answer = named(name.clone()).await.body;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "OPERATION_NOT_FOUND", "{name}: {answer}");
    }
    // One of them is wrong: none runs.
    is_refused(&server, "query A { __typename } query B { nothing }", INVALID).await;
    is_refused(&server, "query A { __typename } query A { __typename }", INVALID).await;
    is_refused(&server, "{ __typename } query A { __typename }", INVALID).await;
    is_refused(&server, "{ __typename } { __typename }", INVALID).await;
}
