//! Variables are checked against the operation before anything of it runs.

use serde_json::{Value, json};

use crate::support::Server;

/// The body of the refusal of a variable that stands in the first line.
fn refusal(column: usize, message: &str) -> Value {
    json!({ "errors": [{
        "message": format!("variable {message}"),
        "locations": [{ "line": 1, "column": column }],
        "extensions": { "code": "VARIABLES_INVALID" },
    }] })
}

#[tokio::test]
async fn a_bad_variable_of_the_second_field_stops_the_first() {
    let server = Server::start().await;
    let answer = server
        .ask(
            "mutation ($betty: CreateUserInput!) {
                aaron: createUser(input: {username: \"aaron\"}) { user { id } }
                betty: createUser(input: $betty) { user { id } }
            }",
            json!({ "betty": { "username": 7 } }),
        )
        .await;
    assert_eq!(answer, refusal(11, "$betty.username must be String, and is a number"));
    assert_eq!(
        server.ask("{ users { nodes { username } } }", json!({})).await,
        json!({ "data": { "users": { "nodes": [] } } })
    );
}

/// A document with one variable, what is sent for it, and what is said of that.
type Mistake<'a> = (&'static str, Value, &'a str);

async fn are_refused<'a>(mistakes: impl IntoIterator<Item = Mistake<'a>>) {
    let server = Server::start().await;
    for (document, variables, message) in mistakes {
        let column = document.find('$').expect("a variable") + 1;
        assert_eq!(
            server.ask(document, variables.clone()).await,
            refusal(column, message),
            "{document} {variables}"
        );
    }
}

#[tokio::test]
async fn a_scalar_must_be_there_and_fit() {
    const ID: &str = "query ($v: ID!) { node(id: $v) { id } }";
    const NAME: &str = "query ($v: String) { user(username: $v) { id } }";
    const FIRST: &str = "query ($v: Int) { users(first: $v) { nodes { id } } }";
    const IF: &str = "query ($v: Boolean!) { users { nodes { id @include(if: $v) username } } }";
    const STATUS: &str =
        "mutation ($v: PresenceStatus!) { setPresence(input: {status: $v}) { errors { code } } }";
    are_refused([
        (ID, json!({}), "$v is missing; it must be ID!"),
        (ID, json!({ "V": "x" }), "$v is missing; it must be ID!"),
        (ID, json!({ "v": null }), "$v is null; it must be ID!"),
        (ID, json!({ "v": 1.5 }), "$v must be ID (a string, or a whole number), and is 1.5"),
        (ID, json!({ "v": true }), "$v must be ID (a string, or a whole number), and is a boolean"),
        (ID, json!({ "v": ["x"] }), "$v must be ID (a string, or a whole number), and is a list"),
        (NAME, json!({ "v": 1 }), "$v must be String, and is a number"),
        (NAME, json!({ "v": {} }), "$v must be String, and is an object"),
        (
            FIRST,
            json!({ "v": "1" }),
            "$v must be Int (a whole number from -2147483648 to 2147483647), and is \"1\"",
        ),
        (
            FIRST,
            json!({ "v": 1.5 }),
            "$v must be Int (a whole number from -2147483648 to 2147483647), and is 1.5",
        ),
        (
            FIRST,
            json!({ "v": 2_147_483_648_i64 }),
            "$v must be Int (a whole number from -2147483648 to 2147483647), and is 2147483648",
        ),
        (
            FIRST,
            json!({ "v": -2_147_483_649_i64 }),
            "$v must be Int (a whole number from -2147483648 to 2147483647), and is -2147483649",
        ),
        (
            FIRST,
            json!({ "v": u64::MAX }),
            "$v must be Int (a whole number from -2147483648 to 2147483647), and is 18446744073709551615",
        ),
        (IF, json!({ "v": "true" }), "$v must be Boolean, and is a string"),
        (IF, json!({ "v": 1 }), "$v must be Boolean, and is a number"),
        (
            STATUS,
            json!({ "v": "NOPE" }),
            "$v must be PresenceStatus (AWAY, BUSY, OFFLINE or ONLINE), and is \"NOPE\"",
        ),
        (STATUS, json!({ "v": 1 }), "$v must be PresenceStatus (AWAY, BUSY, OFFLINE or ONLINE), and is 1"),
        (
            STATUS,
            json!({ "v": true }),
            "$v must be PresenceStatus (AWAY, BUSY, OFFLINE or ONLINE), and is a boolean",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_refusal_repeats_only_the_beginning_of_what_was_sent() {
    const STATUS: &str =
        "mutation ($v: PresenceStatus!) { setPresence(input: {status: $v}) { errors { code } } }";
    const SEND: &str = "mutation ($v: SendMessageInput!) { sendMessage(input: $v) { message { id } } }";
    let (value, field) = ("é".repeat(100_000), "x".repeat(100_000));
    let begun =
        format!("$v must be PresenceStatus (AWAY, BUSY, OFFLINE or ONLINE), and is \"{}\"…", "é".repeat(64));
    let cut = format!("$v.{}…", "x".repeat(388));
    are_refused([(STATUS, json!({ "v": value }), &*begun), (SEND, json!({ "v": { field: 1 } }), &*cut)])
        .await;
}

#[tokio::test]
async fn a_window_is_exactly_one_of_its_fields() {
    const WINDOW: &str =
        "query ($v: RecentWindow!) { recentMessages(recipientId: \"x\", window: $v) { nodes { id } } }";
    const NONE: &str =
        "$v has no field; a RecentWindow has exactly one of days, last, which must not be null";
    const SEVERAL: &str =
        "$v has several fields; a RecentWindow has exactly one of days, last, which must not be null";
    const NULL: &str =
        "$v.last is null; a RecentWindow has exactly one of days, last, which must not be null";
    are_refused([
        (WINDOW, json!({ "v": 100 }), "$v must be RecentWindow, and is a number"),
        (WINDOW, json!({ "v": {} }), NONE),
        (WINDOW, json!({ "v": { "last": 1, "days": 1 } }), SEVERAL),
        (WINDOW, json!({ "v": { "last": 1, "days": null } }), SEVERAL),
        (WINDOW, json!({ "v": { "last": null } }), NULL),
        (
            WINDOW,
            json!({ "v": { "last": "1" } }),
            "$v.last must be Int (a whole number from -2147483648 to 2147483647), and is \"1\"",
        ),
        (WINDOW, json!({ "v": { "weeks": 1 } }), "$v.weeks does not exist: RecentWindow has no such field"),
    ])
    .await;
}

#[tokio::test]
async fn fields_and_items_are_told_with_their_place() {
    const SEND: &str = "mutation ($v: SendMessageInput!) { sendMessage(input: $v) { message { id } } }";
    const BATCH: &str =
        "mutation ($v: [SendMessageInput!]!) { sendMessages(input: {messages: $v}) { errors { code } } }";
    let draft = json!({ "senderId": "a", "recipientId": "b", "text": "c" });
    let without_text = json!({ "senderId": "a", "recipientId": "b" });
    are_refused([
        (SEND, json!({ "v": without_text }), "$v.text is missing; it must be String!"),
        (
            SEND,
            json!({ "v": { "senderId": "a", "recipientId": null, "text": "c" } }),
            "$v.recipientId is null; it must be ID!",
        ),
        (BATCH, json!({ "v": [draft, "x"] }), "$v[1] must be SendMessageInput, and is a string"),
        (BATCH, json!({ "v": [draft, null] }), "$v[1] is null; it must be SendMessageInput!"),
        (BATCH, json!({ "v": [draft, [draft]] }), "$v[1] must be SendMessageInput, and is a list"),
        (BATCH, json!({ "v": [draft, draft, without_text] }), "$v[2].text is missing; it must be String!"),
        (BATCH, json!({ "v": without_text }), "$v.text is missing; it must be String!"),
    ])
    .await;
}

#[tokio::test]
async fn what_is_left_out_is_not_there() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.sends(&betty, "Hello").await;
    let recent = "query ($to: ID!, $from: ID, $window: RecentWindow, $first: Int, $after: String) {
        recentMessages(recipientId: $to, senderId: $from, window: $window, first: $first, after: $after) {
            nodes { text }
        }
    }";
    assert_eq!(
        server.ask(recent, json!({ "to": betty.id })).await,
        json!({ "data": { "recentMessages": { "nodes": [{ "text": "Hello" }] } } }),
        "with the default window"
    );
    assert_eq!(
        server.ask(recent, json!({ "to": betty.id, "from": null, "first": null, "after": null })).await,
        json!({ "data": { "recentMessages": { "nodes": [{ "text": "Hello" }] } } }),
    );

    let users = "query ($first: Int) { users(first: $first) { nodes { username } } }";
    let both =
        json!({ "data": { "users": { "nodes": [{ "username": "aaron" }, { "username": "betty" }] } } });
    assert_eq!(server.ask(users, json!({})).await, both);
    assert_eq!(server.ask(users, json!({ "first": null })).await, both);

    let update = "mutation ($id: ID!, $username: String, $displayName: String) {
        updateUser(input: {userId: $id, username: $username, displayName: $displayName}) {
            user { username displayName }
            errors { code }
        }
    }";
    assert_eq!(
        server.ask(update, json!({ "id": aaron.id, "displayName": "Aaron A." })).await,
        json!({ "data": { "updateUser": { "user": { "username": "aaron", "displayName": "Aaron A." }, "errors": [] } } })
    );
}

#[tokio::test]
async fn defaults_stand_in() {
    let server = Server::start().await;
    server.user("aaron").await;
    server.user("betty").await;
    let users = |first: &str| {
        format!("query ($first: {first}) {{ users(first: $first) {{ nodes {{ username }} }} }}")
    };
    let one = json!({ "data": { "users": { "nodes": [{ "username": "aaron" }] } } });
    let both =
        json!({ "data": { "users": { "nodes": [{ "username": "aaron" }, { "username": "betty" }] } } });
    let table = [
        ("Int = 1", json!({}), &one),
        ("Int! = 1", json!({}), &one),
        ("Int = 1", json!({ "first": 2 }), &both),
        ("Int = 1", json!({ "first": null }), &both),
        ("Int = 2", json!({ "first": 1 }), &one),
    ];
    for (first, variables, expected) in table {
        assert_eq!(&server.ask(&users(first), variables.clone()).await, expected, "{first} {variables}");
    }
}

#[tokio::test]
async fn input_is_coerced_as_the_specification_says() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let single = server
        .ask(
            "mutation ($messages: [SendMessageInput!]!) {
                sendMessages(input: {messages: $messages}) { results { message { text } } errors { code } }
            }",
            json!({ "messages": { "senderId": aaron.id, "recipientId": betty.id, "text": "alone" } }),
        )
        .await;
    assert_eq!(
        single,
        json!({ "data": { "sendMessages": { "results": [{ "message": { "text": "alone" } }], "errors": [] } } }),
        "a single value is a list of one"
    );
    let number = server.ask("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": 7 })).await;
    assert_eq!(
        number["errors"][0]["extensions"]["code"], "ID_MALFORMED",
        "a number is an ID, if none of ours: {number}"
    );
    let unknown = server.ask("{ __typename }", json!({ "nobody": "asked", "for": ["this"] })).await;
    assert_eq!(unknown, json!({ "data": { "__typename": "Query" } }));
}

#[tokio::test]
async fn literals_are_checked_before_anything_runs_too() {
    let server = Server::start().await;
    let table = [
        "{ users(first: \"1\") { nodes { id } } }",
        "{ users(first: 1.5) { nodes { id } } }",
        "{ user(id: true) { id } }",
        "{ node { id } }",
        "{ node(id: null) { id } }",
        "{ recentMessages(recipientId: \"x\", window: {}) { nodes { id } } }",
        "{ recentMessages(recipientId: \"x\", window: {last: 1, days: 1}) { nodes { id } } }",
        "{ recentMessages(recipientId: \"x\", window: {last: null}) { nodes { id } } }",
        "{ recentMessages(recipientId: \"x\", window: {weeks: 1}) { nodes { id } } }",
        "mutation { a: createUser(input: {username: \"a\"}) { user { id } } b: createUser(input: {}) { user { id } } }",
        "query ($v: Int = \"1\") { users(first: $v) { nodes { id } } }",
        "query ($v: Int, $v: Int) { users(first: $v) { nodes { id } } }",
        "query ($v: Int) { __typename }",
        "{ users(first: $v) { nodes { id } } }",
    ];
    for document in table {
        let answer = server.ask(document, json!({})).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED",
            "{document}: {answer}"
        );
        assert_eq!(answer.get("data"), None, "{document}: {answer}");
    }
    assert_eq!(
        server.ask("{ users { nodes { username } } }", json!({})).await,
        json!({ "data": { "users": { "nodes": [] } } })
    );
}

#[tokio::test]
async fn a_variable_stands_only_where_its_type_may() {
    let server = Server::start().await;
    let table = [
        (
            "query ($v: Int) { user(id: $v) { id } }",
            "Variable \"$v\" of type \"Int\" used in position expecting type \"ID\".",
        ),
        (
            "query ($v: ID) { node(id: $v) { id } }",
            "Variable \"$v\" of type \"ID\" used in position expecting type \"ID!\".",
        ),
        (
            "query ($v: String!) { users(first: 1, after: null) { nodes { id @skip(if: $v) } } }",
            "Variable \"$v\" of type \"String!\" used in position expecting type \"Boolean!\".",
        ),
        (
            "query ($v: Int) { recentMessages(recipientId: \"x\", window: {last: $v}) { nodes { id } } }",
            "Variable \"$v\" of type \"Int\" used in position expecting type \"Int!\".",
        ),
        (
            "query ($v: [ID!]) { ...f } fragment f on Query { user(id: $v) { id } }",
            "Variable \"$v\" of type \"[ID!]\" used in position expecting type \"ID\".",
        ),
    ];
    for (query, message) in table {
        let answer = server.ask(query, json!({})).await;
        assert_eq!(answer["errors"][0]["message"], message, "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer}");
        assert_eq!(answer.get("data"), None, "{answer}");
    }
    let mutation = "mutation ($input: CreateUserInput!, $name: ID!) {
        first: createUser(input: $input) { errors { code } }
        second: createUser(input: {username: $name}) { errors { code } }
    }";
    let refused = server.ask(mutation, json!({ "input": { "username": "aaron" }, "name": "betty" })).await;
    assert_eq!(refused.get("data"), None, "{refused}");
    let users = server.ask("{ users { nodes { id } } }", json!({})).await;
    assert_eq!(users, json!({ "data": { "users": { "nodes": [] } } }), "nothing was run");
}

#[tokio::test]
async fn a_variable_with_a_default_may_stand_where_null_may_not() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let query = "query ($id: ID = \"user_x\", $window: RecentWindow, $skip: Boolean = false) {
        recentMessages(recipientId: $id, window: $window) { nodes { id @skip(if: $skip) text } }
    }";
    let answer = server.ask(query, json!({ "id": aaron.id })).await;
    assert_eq!(answer, json!({ "data": { "recentMessages": { "nodes": [] } } }));
}

#[tokio::test]
async fn a_default_decides_what_is_included_and_skipped() {
    let server = Server::start().await;
    server.user("aaron").await;
    let document = "query ($with: Boolean = true, $without: Boolean = true) {
        users { nodes { username displayName @include(if: $with) createdAt @skip(if: $without) } }
    }";
    let both = json!({ "username": "aaron", "displayName": "aaron" });
    let table = [
        (json!({}), both.clone()),
        (json!({ "with": true, "without": true }), both),
        (json!({ "with": false }), json!({ "username": "aaron" })),
    ];
    for (variables, expected) in table {
        let answer = server.ask(document, variables.clone()).await;
        assert_eq!(answer, json!({ "data": { "users": { "nodes": [expected] } } }), "{variables}");
    }
}

#[tokio::test]
async fn null_in_place_of_a_default_stops_all_fields_of_a_mutation_that_ran_before() {
    const BOTH: &str = "mutation ($one: CreateUserInput!, $other: String = \"betty\") {
        one: createUser(input: $one) { errors { code } }
        other: createUser(input: {username: $other}) { errors { code } }
    }";
    const ONE: &str = "mutation ($name: String = \"carol\") {
        createUser(input: {username: $name}) { errors { code } }
    }";
    let server = Server::start().await;
    let made = json!({ "errors": [] });
    assert_eq!(
        server.ask(BOTH, json!({ "one": { "username": "aaron" } })).await,
        json!({ "data": { "one": made, "other": made } })
    );
    assert_eq!(server.ask(ONE, json!({})).await, json!({ "data": { "createUser": made } }));

    let nulls = [
        (BOTH, json!({ "one": { "username": "dora" }, "other": null }), "other"),
        (ONE, json!({ "name": null }), "name"),
    ];
    for (document, variables, name) in nulls {
        let refused = server.ask(document, variables).await;
        let error = &refused["errors"][0];
        assert_eq!(error["extensions"]["code"], "VARIABLES_INVALID", "{refused}");
        assert_eq!(error["message"], format!("variable ${name} is null, and stands where null may not"));
        assert_eq!(refused.get("data"), None, "nothing was run: {refused}");
    }
    let names = ["aaron", "betty", "carol"].map(|name| json!({ "username": name }));
    assert_eq!(
        server.ask("{ users { nodes { username } } }", json!({})).await,
        json!({ "data": { "users": { "nodes": names } } })
    );
}
