//! Reactions: one emoji each, counted once for each user.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Actor, Server};

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
                "message": format!("there is no message {id}, or the acting user may not see it"),
                "path": ["input", "messageId"],
            });
            assert_eq!(refused, json!({ "message": null, "errors": [error] }));
        }
    }
}

/// How many steps SQLite takes for what was read, on the file as it is now.
fn steps(server: &Server, statements: &[String], binds: &dyn rusqlite::ToSql) -> i32 {
    let file = rusqlite::Connection::open(server.file()).expect("the database");
    let count = |sql: &String| {
        let mut statement = file.prepare(sql).expect("a statement");
        let parameters = vec![binds; statement.parameter_count() - 1];
        let few: &dyn rusqlite::ToSql = &5;
        let parameters: Vec<_> = [few].into_iter().chain(parameters).collect();
        let mut rows = statement.query(parameters.as_slice()).expect("rows");
        while rows.next().expect("a row").is_some() {}
        drop(rows);
        statement.get_status(rusqlite::StatementStatus::VmStep)
    };
    statements.iter().map(count).sum()
}

#[tokio::test]
async fn a_message_that_thousands_reacted_to_is_read_like_one_with_a_few_reactions() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let message = aaron.says(&room, "Pizza!").await;
    let emoji: Vec<&str> = emojis::iter().map(emojis::Emoji::as_str).take(20).collect();
    for emoji in &emoji {
        react(&aaron, "addReaction", &message, emoji).await;
    }
    for emoji in &emoji[..2] {
        react(&betty, "addReaction", &message, emoji).await;
    }
    let query = "query ($id: ID!) { node(id: $id) { ... on Message {
        reactions { emoji count viewerHasReacted firstUsers { username } }
    } } }";
    let variables = json!({ "id": message["id"] });
    let read = async || {
        server.statements();
        let answer = server.ask_as("betty", query, variables.clone()).await;
        let ran = server.statements();
        let sql = ran.iter().filter_map(|statement| statement.split(" -- binds: ").next());
        let of_reactions = sql.filter(|sql| sql.contains("`reaction_groups`.`count`"));
        (answer["data"]["node"]["reactions"].clone(), of_reactions.map(str::to_owned).collect::<Vec<_>>())
    };
    let (few, statements) = read().await;
    assert_eq!(few[0], group(emoji[0], true, 2, &["aaron", "betty"]));
    assert_eq!(few[2], group(emoji[2], false, 1, &["aaron"]));
    assert_eq!(statements.len(), 1, "one statement for all of them");

    // Five react with each, and then 1,500: the others come by the file, because to let each of them say so takes minutes.
    let file = rusqlite::Connection::open(server.file()).expect("the database");
    file.pragma_update(None, "foreign_keys", false).expect("no users are needed");
    let id: Vec<u8> =
        file.query_row("SELECT message_id FROM reactions", [], |row| row.get(0)).expect("the message");
    let more = |from: i64, to: i64| {
        let change = file.unchecked_transaction().expect("a transaction");
        let insert = "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
            INSERT INTO reactions (message_id, emoji, position, user_id)
            SELECT message_id, emoji, 1000000 + i, randomblob(16) FROM n, reaction_groups";
        change.execute(insert, [from, to]).expect("more reactions");
        let count = "UPDATE reaction_groups SET count = (SELECT count(*) FROM reactions
            WHERE reactions.message_id = reaction_groups.message_id AND reactions.emoji = reaction_groups.emoji)";
        change.execute(count, []).expect("their number");
        change.commit().expect("it is stored");
    };
    more(0, 5);
    let before = steps(&server, &statements, &id);
    more(5, 1_500);
    let after = steps(&server, &statements, &id);
    assert_eq!(before, after, "as much is read of 30,000 as of 5 for each emoji");
    let (many, again) = read().await;
    assert_eq!(again, statements);
    assert_eq!((&many[0]["count"], &many[19]["count"]), (&json!(1_502), &json!(1_501)));
    assert_eq!(many[0]["viewerHasReacted"], json!(true));
}

#[tokio::test]
async fn reactions_are_counted_as_they_come_and_go() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let [first, second] = [aaron.sends(&betty, "one").await, aaron.sends(&betty, "two").await];
    let counts = || {
        let file = rusqlite::Connection::open(server.file()).expect("the database");
        let read = |sql: &str| -> Vec<(Vec<u8>, String, i64)> {
            let mut statement = file.prepare(sql).expect("a statement");
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
            rows.expect("rows").map(|row| row.expect("a row")).collect()
        };
        let kept = read("SELECT message_id, emoji, count FROM reaction_groups ORDER BY 1, 2");
        let counted = read("SELECT message_id, emoji, count(*) FROM reactions GROUP BY 1, 2 ORDER BY 1, 2");
        assert_eq!(kept, counted);
        kept.into_iter().map(|(_, _, count)| count).collect::<Vec<_>>()
    };
    for message in [&first, &second] {
        for emoji in ["👍", "🍕"] {
            for user in [&aaron, &betty] {
                react(user, "addReaction", message, emoji).await;
                react(user, "addReaction", message, emoji).await;
            }
        }
    }
    assert_eq!(counts(), [2, 2, 2, 2]);
    react(&aaron, "removeReaction", &first, "👍").await;
    react(&aaron, "removeReaction", &first, "👍").await;
    react(&aaron, "removeReaction", &second, "🎉").await;
    let mut left = counts();
    left.sort_unstable();
    assert_eq!(left, [1, 2, 2, 2]);
    react(&betty, "removeReaction", &first, "👍").await;
    assert_eq!(counts(), [2, 2, 2], "nobody's emoji is forgotten");
    aaron.does("deleteMessage", json!({ "messageId": second["id"] }), "").await;
    assert_eq!(counts(), [2]);
}
