//! Reactions: one emoji each, counted once for each user.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::stage::{Actor, Server};

const REACTIONS: &str = "message { reactions { emoji count viewerHasReacted firstUsers { username } } }";

async fn react(user: &Actor<'_>, mutation: &str, message: &Value, emoji: &str) -> Value {
    user.calls(mutation, json!({ "messageId": message["id"], "emoji": emoji }), REACTIONS).await
}

fn group(emoji: &str, viewer_has_reacted: bool, count: u32, users: &[&str]) -> Value {
    let first: Vec<Value> = users.iter().map(|username| json!({ "username": username })).collect();
    json!({ "emoji": emoji, "count": count, "viewerHasReacted": viewer_has_reacted, "firstUsers": first })
}

fn told(groups: &[Value]) -> Value {
    json!({ "message": { "reactions": groups }, "errors": [] })
}

#[tokio::test]
async fn reactions_are_grouped_by_emoji_in_the_order_of_their_first_use() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let names = ["carol", "dave", "eve", "frank", "grace"];
    let guests = join_all(names.iter().map(|name| server.user(name))).await;
    let others: Vec<&Actor<'_>> = std::iter::once(&betty).chain(&guests).collect();
    let room = aaron.makes_room("lunch", &others).await;
    let message = aaron.says(&room, "Pizza!").await;

    react(&betty, "addReaction", &message, "🍕").await;
    react(&betty, "addReaction", &message, "❤").await;
    for guest in &guests {
        react(guest, "addReaction", &message, "❤️").await;
    }
    let pizza = |seen_by_betty| group("🍕", seen_by_betty, 1, &["betty"]);
    let heart = |viewer| group("❤️", viewer, 6, &["betty", "carol", "dave", "eve", "frank"]);
    let repeated = react(&betty, "addReaction", &message, "❤️").await;
    assert_eq!(repeated, told(&[pizza(true), heart(true)]), "a repetition counts once");
    let seen = aaron
        .sees(&room, "lastMessage { reactions { emoji count viewerHasReacted firstUsers { username } } }")
        .await;
    assert_eq!(seen["lastMessage"]["reactions"], json!([pizza(false), heart(false)]));

    for _ in 0..2 {
        let taken_back = react(&betty, "removeReaction", &message, "❤").await;
        let left = group("❤️", false, 5, &["carol", "dave", "eve", "frank", "grace"]);
        assert_eq!(taken_back, told(&[pizza(true), left]));
    }
    react(&betty, "removeReaction", &message, "🍕").await;
    let back = react(&betty, "addReaction", &message, "🍕").await;
    let others = group("❤️", false, 5, &["carol", "dave", "eve", "frank", "grace"]);
    assert_eq!(back, told(&[others, pizza(true)]), "an emoji that comes back comes last");
}

#[tokio::test]
async fn without_an_acting_user_nobody_has_reacted() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "Pizza!").await;
    react(&betty, "addReaction", &message, "🍕").await;
    let query =
        "query ($id: ID!) { node(id: $id) { ... on Message { reactions { count viewerHasReacted } } } }";
    let reactions = |has_reacted: bool| json!({ "data": { "node": { "reactions": [{ "count": 1, "viewerHasReacted": has_reacted }] } } });
    let variables = json!({ "id": message["id"] });
    assert_eq!(server.ask(query, variables.clone()).await, reactions(false));
    assert_eq!(server.ask_as("aaron", query, variables.clone()).await, reactions(false));
    assert_eq!(server.ask_as("betty", query, variables).await, reactions(true));
}

#[tokio::test]
async fn a_reaction_is_one_emoji() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "Pizza!").await;
    let error = json!({
        "__typename": "InvalidInput",
        "code": "EMOJI_INVALID",
        "message": "a reaction is one emoji, such as 👍 or ❤️, and nothing else",
        "path": ["input", "emoji"],
    });
    for text in ["", " ", "yes", "1", "👍👍", "👍!", ":pizza:", "\u{200d}", "\0"] {
        for mutation in ["addReaction", "removeReaction"] {
            let refused = react(&betty, mutation, &message, text).await;
            assert_eq!(refused, json!({ "message": null, "errors": [error] }), "{text:?}");
        }
    }
}

#[tokio::test]
async fn a_message_has_up_to_20_different_reactions() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let message = aaron.sends(&betty, "Fruit?").await;
    let fruit = "🍇🍈🍉🍊🍋🍌🍍🥭🍎🍏🍐🍑🍒🍓🫐🥝🍅🫒🥥🥑🍆";
    let fruit: Vec<String> = fruit.chars().map(String::from).collect();
    for one in &fruit[..20] {
        assert_eq!(react(&aaron, "addReaction", &message, one).await["errors"], json!([]), "{one}");
    }
    let error = json!({
        "__typename": "TooManyReactions",
        "code": "TOO_MANY_REACTIONS",
        "message": "the message has 20 different reactions already; use one of them",
        "path": ["input", "emoji"],
    });
    let refused = react(&betty, "addReaction", &message, &fruit[20]).await;
    assert_eq!(refused, json!({ "message": null, "errors": [error] }));
    let joined = react(&betty, "addReaction", &message, &fruit[0]).await;
    assert_eq!(joined["message"]["reactions"][0], group(&fruit[0], true, 2, &["aaron", "betty"]));
}

#[tokio::test]
async fn only_who_can_read_a_message_reacts_to_it() {
    let server = Server::start().await;
    let (aaron, betty, eve) =
        (server.user("aaron").await, server.user("betty").await, server.user("eve").await);
    let direct = aaron.sends(&betty, "between us").await;
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let in_room = aaron.says(&room, "among us").await;
    let made_up = json!({ "id": "msg_01h455vb4pex5vsknk084sn02q" });
    for message in [&direct, &in_room, &made_up] {
        for mutation in ["addReaction", "removeReaction"] {
            let refused = react(&eve, mutation, message, "👀").await;
            let id = message["id"].as_str().expect("an id");
            let error = json!({
                "__typename": "NotFound",
                "code": "NOT_FOUND",
                "message": format!("there is no message {id}, or it is not the acting user's to do this"),
                "path": ["input", "messageId"],
            });
            assert_eq!(refused, json!({ "message": null, "errors": [error] }));
        }
    }
}
