//! Users: their names, and how they are found.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Server;

const CREATE: &str = "mutation ($input: CreateUserInput!) {
    createUser(input: $input) {
        user { username displayName createdAt }
        errors { __typename code path }
    }
}";

const UPDATE: &str = "mutation ($input: UpdateUserInput!) {
    updateUser(input: $input) {
        user { id username displayName }
        errors { __typename code path }
    }
}";

async fn creates(server: &Server, input: Value) -> Value {
    server.ask(CREATE, json!({ "input": input })).await["data"]["createUser"].clone()
}

async fn updates(server: &Server, input: Value) -> Value {
    server.ask(UPDATE, json!({ "input": input })).await["data"]["updateUser"].clone()
}

#[tokio::test]
async fn dave_signs_up() {
    let server = Server::start().await;
    assert_eq!(
        creates(&server, json!({ "username": "Dave_1.x-Y", "displayName": "Dave 🙂" })).await,
        json!({
            "user": { "username": "dave_1.x-y", "displayName": "Dave 🙂", "createdAt": "2026-01-31T12:00:00.000Z" },
            "errors": [],
        })
    );
    let plain = creates(&server, json!({ "username": "eve" })).await;
    assert_eq!(plain["user"]["displayName"], "eve", "the username where no display name is given");
}

#[tokio::test]
async fn names_that_break_a_rule_are_refused() {
    let server = Server::start().await;
    server.user("aaron").await;
    let invalid = |code: &str, field: &str| json!({ "__typename": "InvalidInput", "code": code, "path": ["input", field] });
    let taken =
        json!({ "__typename": "UsernameTaken", "code": "USERNAME_TAKEN", "path": ["input", "username"] });
    let table = [
        (json!({ "username": "" }), invalid("USERNAME_INVALID", "username")),
        (json!({ "username": "a".repeat(33) }), invalid("USERNAME_INVALID", "username")),
        (json!({ "username": "white space" }), invalid("USERNAME_INVALID", "username")),
        (json!({ "username": "zoë" }), invalid("USERNAME_INVALID", "username")),
        (json!({ "username": "\u{212a}elvin" }), invalid("USERNAME_INVALID", "username")),
        (json!({ "username": "User_01h455vb4pex5vsknk084sn02q" }), invalid("USERNAME_INVALID", "username")),
        (
            json!({ "username": "f", "displayName": "\u{200b}" }),
            invalid("DISPLAY_NAME_INVALID", "displayName"),
        ),
        (
            json!({ "username": "f", "displayName": "\u{202e}nimda" }),
            invalid("DISPLAY_NAME_INVALID", "displayName"),
        ),
        (json!({ "username": "aaron" }), taken.clone()),
        (json!({ "username": "AARON" }), taken),
        (json!({ "username": "f", "displayName": "" }), invalid("DISPLAY_NAME_INVALID", "displayName")),
        (
            json!({ "username": "f", "displayName": " \u{3000}" }),
            invalid("DISPLAY_NAME_INVALID", "displayName"),
        ),
        (
            json!({ "username": "f", "displayName": "x".repeat(65) }),
            invalid("DISPLAY_NAME_INVALID", "displayName"),
        ),
        (json!({ "username": "f", "displayName": "a\nb" }), invalid("DISPLAY_NAME_INVALID", "displayName")),
    ];
    for (input, error) in table {
        assert_eq!(
            creates(&server, input.clone()).await,
            json!({ "user": null, "errors": [error] }),
            "{input}"
        );
    }
    assert_eq!(creates(&server, json!({ "username": "f" })).await["errors"], json!([]), "nothing was stored");
    let longest = json!({ "username": "g".repeat(32), "displayName": "🙂".repeat(64) });
    assert_eq!(creates(&server, longest).await["errors"], json!([]));
}

#[tokio::test]
async fn carol_changes_her_names_and_keeps_her_id() {
    let server = Server::start().await;
    let (aaron, carol) = (server.user("aaron").await, server.user("carol").await);
    carol.sends(&aaron, "Hi").await;

    let renamed =
        updates(&server, json!({ "userId": carol.id, "username": "Caroline", "displayName": "C." })).await;
    assert_eq!(
        renamed,
        json!({ "user": { "id": carol.id, "username": "caroline", "displayName": "C." }, "errors": [] })
    );
    let partly = updates(&server, json!({ "userId": carol.id, "displayName": "Caro" })).await;
    assert_eq!(partly["user"], json!({ "id": carol.id, "username": "caroline", "displayName": "Caro" }));
    let nothing = updates(&server, json!({ "userId": carol.id })).await;
    assert_eq!(nothing["user"], partly["user"], "what is left out stays");
    let same = updates(&server, json!({ "userId": carol.id, "username": "caroline" })).await;
    assert_eq!(same["errors"], json!([]), "her own name is not taken");

    let read = aaron.reads(json!({})).await;
    assert_eq!(read["nodes"][0]["sender"]["username"], "caroline", "old messages show the new name");
    let taken =
        json!([{ "__typename": "UsernameTaken", "code": "USERNAME_TAKEN", "path": ["input", "username"] }]);
    assert_eq!(creates(&server, json!({ "username": "carol" })).await["errors"], taken, "for 30 days");
    let other = json!({ "userId": aaron.id, "username": "Carol" });
    assert_eq!(updates(&server, other.clone()).await["errors"], taken);
    // She herself may have it back, and give it up once more.
    for name in ["carol", "carola"] {
        let back = updates(&server, json!({ "userId": carol.id, "username": name })).await;
        assert_eq!(back["errors"], json!([]));
    }
    server.clock.forward(Duration::from_hours(30 * 24 - 1));
    assert_eq!(updates(&server, other.clone()).await["errors"], taken);
    server.clock.forward(Duration::from_hours(1));
    assert_eq!(updates(&server, other).await["errors"], json!([]));
}

#[tokio::test]
async fn who_renames_themselves_on_and_on_holds_ten_names() {
    let server = Server::start().await;
    let mallory = server.user("mallory").await;
    for number in 0..=11 {
        server.clock.forward(Duration::from_secs(1));
        let renamed = json!({ "userId": mallory.id, "username": format!("newhire{number}") });
        assert_eq!(updates(&server, renamed).await["errors"], json!([]));
    }
    for (name, is_free) in [("mallory", true), ("newhire0", true), ("newhire1", false), ("newhire10", false)]
    {
        let created = creates(&server, json!({ "username": name })).await;
        assert_eq!(created["errors"] == json!([]), is_free, "{name}: {created}");
    }
}

#[tokio::test]
async fn a_change_that_cannot_be_made_changes_nothing() {
    let server = Server::start().await;
    let (_aaron, carol) = (server.user("aaron").await, server.user("carol").await);
    let nobody = "user_01h455vb4pex5vsknk084sn02q";
    let table = [
        (
            json!({ "userId": carol.id, "username": "aaron", "displayName": "New" }),
            "UsernameTaken",
            "USERNAME_TAKEN",
            "username",
        ),
        (json!({ "userId": carol.id, "username": "a b" }), "InvalidInput", "USERNAME_INVALID", "username"),
        (
            json!({ "userId": carol.id, "displayName": "\u{0}" }),
            "InvalidInput",
            "DISPLAY_NAME_INVALID",
            "displayName",
        ),
        (json!({ "userId": nobody, "displayName": "New" }), "NotFound", "NOT_FOUND", "userId"),
        (json!({ "userId": "carol" }), "InvalidId", "ID_MALFORMED", "userId"),
        (json!({ "userId": "dm_01h455vb4pex5vsknk084sn02q" }), "InvalidId", "ID_WRONG_KIND", "userId"),
    ];
    for (input, kind, code, field) in table {
        let error = json!({ "__typename": kind, "code": code, "path": ["input", field] });
        assert_eq!(
            updates(&server, input.clone()).await,
            json!({ "user": null, "errors": [error] }),
            "{input}"
        );
    }
    let carol_now = updates(&server, json!({ "userId": carol.id })).await;
    assert_eq!(carol_now["user"]["displayName"], "carol");
}

#[tokio::test]
async fn two_people_cannot_take_one_name_at_once() {
    let server = Server::start().await;
    let attempts = (0..10).map(|_| creates(&server, json!({ "username": "wanted" })));
    let payloads = futures_util::future::join_all(attempts).await;
    let winners = payloads.iter().filter(|payload| payload["errors"] == json!([])).count();
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn a_user_is_found_by_id_by_name_and_as_a_node() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let answer = server
        .ask(
            "query ($id: ID!) {
                byId: user(id: $id) { username }
                byName: user(username: \"AARON\") { id }
                node(id: $id) { __typename id }
                nobody: user(username: \"nobody\") { id }
                noNode: node(id: \"msg_01h455vb4pex5vsknk084sn02q\") { id }
            }",
            json!({ "id": aaron.id }),
        )
        .await;
    assert_eq!(
        answer,
        json!({ "data": {
            "byId": { "username": "aaron" },
            "byName": { "id": aaron.id },
            "node": { "__typename": "User", "id": aaron.id },
            "nobody": null,
            "noNode": null,
        } })
    );
}

#[tokio::test]
async fn wrong_ids_are_told_apart() {
    let server = Server::start().await;
    let answer = server
        .ask(
            "{
                malformed: user(id: \"aaron\") { id }
                wrongKind: user(id: \"msg_01h455vb4pex5vsknk084sn02q\") { id }
                unknown: user(id: \"user_01h455vb4pex5vsknk084sn02q\") { id }
                noKind: node(id: \"tree_01h455vb4pex5vsknk084sn02q\") { id }
                neither: user { id }
                both: user(id: \"x\", username: \"y\") { id }
            }",
            json!({}),
        )
        .await;
    let nulls = json!({ "malformed": null, "wrongKind": null, "unknown": null, "noKind": null, "neither": null, "both": null });
    assert_eq!(answer["data"], nulls);
    let told = |error: &Value| (error["path"][0].clone(), error["extensions"]["code"].clone());
    let mut errors: Vec<_> = answer["errors"].as_array().expect("errors").iter().map(told).collect();
    errors.sort_by_key(|(path, _)| path.to_string());
    let expected = [
        ("both", "ARGUMENTS_INVALID"),
        ("malformed", "ID_MALFORMED"),
        ("neither", "ARGUMENTS_INVALID"),
        ("noKind", "ID_WRONG_KIND"),
        ("wrongKind", "ID_WRONG_KIND"),
    ];
    assert_eq!(errors, expected.map(|(path, code)| (json!(path), json!(code))));
}

#[tokio::test]
async fn all_users_are_listed_by_name_page_by_page() {
    let server = Server::start().await;
    for name in ["dora", "aaron", "carol", "betty", "eve"] {
        server.user(name).await;
    }
    let list = "query ($first: Int, $after: String) {
        users(first: $first, after: $after) {
            nodes { username }
            edges { cursor node { username } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
    }";
    let names = |answer: &Value| -> Vec<String> {
        let nodes = answer["data"]["users"]["nodes"].as_array().expect("nodes");
        nodes.iter().map(|node| node["username"].as_str().expect("a name").to_owned()).collect()
    };
    let first = server.ask(list, json!({ "first": 3 })).await;
    assert_eq!(names(&first), ["aaron", "betty", "carol"]);
    server.user("bob").await;
    let info = &first["data"]["users"]["pageInfo"];
    assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(true), &json!(false)));
    let second = server.ask(list, json!({ "first": 3, "after": info["endCursor"] })).await;
    assert_eq!(names(&second), ["dora", "eve"], "who signs up meanwhile does not shift the pages");
    let info = &second["data"]["users"]["pageInfo"];
    assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(false), &json!(true)));
    assert_eq!(info["startCursor"], second["data"]["users"]["edges"][0]["cursor"]);

    for first in [0, 101] {
        let refused = server.ask(list, json!({ "first": first })).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "PAGE_SIZE_INVALID");
        assert_eq!(refused["data"], Value::Null);
    }
}
