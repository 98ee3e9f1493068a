//! Messages are found again.

mod backlog;
mod scripts;

use futures_util::future::join_all;
use messenger::types::UserId;
use serde_json::{Value, json};

use crate::support::{Actor, Server, texts};

const SEARCH: &str = "query ($text: String!, $in: ID, $from: ID, $by: ID, $first: Int, $after: String) {
    searchMessages(text: $text, conversationId: $in, senderId: $from, userId: $by, first: $first, after: $after) {
        nodes { text }
        edges { cursor node { text } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}";

/// What somebody finds; gives the connection.
async fn search(by: &Actor<'_>, mut arguments: Value) -> Value {
    arguments["by"] = json!(by.id);
    let answer = by.server.ask(SEARCH, arguments.clone()).await;
    assert_eq!(answer.get("errors"), None, "{arguments}: {answer}");
    answer["data"]["searchMessages"].clone()
}

/// The texts that somebody finds by a text.
async fn found(by: &Actor<'_>, text: &str) -> Vec<String> {
    texts(&search(by, json!({ "text": text })).await)
}

/// The code of the error that somebody gets.
async fn refused(by: &Actor<'_>, mut arguments: Value) -> Value {
    if arguments.get("by").is_none() {
        arguments["by"] = json!(by.id);
    }
    let answer = by.server.ask(SEARCH, arguments.clone()).await;
    assert_eq!(answer["data"], Value::Null, "{arguments}: {answer}");
    answer["errors"][0]["extensions"]["code"].clone()
}

/// Runs a mutation, which must succeed; gives its payload.
async fn does(by: &Actor<'_>, mutation: &str, mut input: Value) -> Value {
    input["userId"] = json!(by.id);
    let (field, fields) = mutation.split_once(' ').unwrap_or((mutation, ""));
    let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    let query = format!(
        "mutation ($input: {kind}!) {{ payload: {field}(input: $input) {{ {fields} errors {{ code }} }} }}"
    );
    let answer = by.server.ask(&query, json!({ "input": input })).await;
    assert_eq!(answer["data"]["payload"]["errors"], json!([]), "{answer}");
    answer["data"]["payload"].clone()
}

/// Makes a chatroom; gives its id.
async fn opens(owner: &Actor<'_>, name: &str, members: &[&Actor<'_>]) -> Value {
    let member_ids: Vec<&str> = members.iter().map(|member| member.id.as_str()).collect();
    let input = json!({ "name": name, "memberIds": member_ids });
    does(owner, "createChatroom chatroom { id }", input).await["chatroom"]["id"].clone()
}

/// Sends a text to a chatroom.
async fn says(by: &Actor<'_>, chatroom: &Value, text: &str) {
    let payload = by.tries_to_send(json!({ "recipientId": chatroom, "text": text })).await;
    assert_eq!(payload["errors"], json!([]), "{payload}");
}

#[tokio::test]
async fn betty_finds_what_was_said_to_her_by_her_and_in_her_rooms_newest_first() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let lunch = opens(&aaron, "lunch", &[&betty]).await;
    aaron.sends(&betty, "Soup for lunch?").await;
    says(&aaron, &lunch, "Who wants soup?").await;
    betty.sends(&aaron, "I had soup yesterday").await;
    betty.sends(&betty, "buy soup").await;
    betty.sends(&aaron, "Something else then").await;

    let query = "query ($by: ID) { searchMessages(text: \"soup\", userId: $by, first: 3) {
        nodes { text seq sender { username } recipient { __typename } conversation { __typename } }
        pageInfo { hasNextPage hasPreviousPage }
    } }";
    let answer = server.ask(query, json!({ "by": betty.id })).await;

    let node = |text: &str, seq: i64, sender: &str, recipient: &str, conversation: &str| {
        json!({
            "text": text, "seq": seq, "sender": { "username": sender },
            "recipient": { "__typename": recipient }, "conversation": { "__typename": conversation },
        })
    };
    let expected = json!({ "data": { "searchMessages": {
        "nodes": [
            node("buy soup", 1, "betty", "User", "DirectConversation"),
            node("I had soup yesterday", 2, "betty", "User", "DirectConversation"),
            node("Who wants soup?", 1, "aaron", "Chatroom", "Chatroom"),
        ],
        "pageInfo": { "hasNextPage": true, "hasPreviousPage": false },
    } } });
    assert_eq!(answer, expected);
    let by_header = server.request(reqwest::Method::POST, "/graphql").header("Messenger-User", "betty");
    let by_header = server.send(by_header.json(&json!({ "query": query }))).await;
    assert_eq!(by_header.body, expected);
    assert_eq!(found(&aaron, "soup").await.len(), 3, "the note is Betty's own");
}

#[tokio::test]
async fn words_are_found_in_any_order_by_their_beginnings_whatever_their_case_and_accents() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    for text in [
        "Crème brûlée for everybody",
        "creme fraiche",
        "Aaron’s messenger",
        "e-mail me",
        "mail the letter e",
        "Привет, мир",
        "東京タワー",
        "ΟΔΟΣ 7",
    ] {
        aaron.sends(&betty, text).await;
    }
    let table: [(&str, &[&str]); 22] = [
        ("everybody", &["Crème brûlée for everybody"]),
        ("for brûlée", &["Crème brûlée for everybody"]),
        ("EVERY  \t cr", &["Crème brûlée for everybody"]),
        ("creme", &["creme fraiche", "Crème brûlée for everybody"]),
        ("CRÈME", &["creme fraiche", "Crème brûlée for everybody"]),
        ("cre\u{300}me bru", &["Crème brûlée for everybody"]),
        ("creme messenger", &[]),
        ("verybody", &[]),
        ("everybodys", &[]),
        ("mess aaron", &["Aaron’s messenger"]),
        ("aaron's", &["Aaron’s messenger"]),
        ("s", &["Aaron’s messenger"]),
        ("e-mail", &["e-mail me"]),
        ("E.Mai", &["e-mail me"]),
        ("e mail", &["mail the letter e", "e-mail me"]),
        ("mail mail mail", &["mail the letter e", "e-mail me"]),
        ("email", &[]),
        ("МИР привет", &["Привет, мир"]),
        ("東", &["東京タワー"]),
        ("7", &["ΟΔΟΣ 7"]),
        ("οδος", &["ΟΔΟΣ 7"]),
        ("🎉 mess — !", &["Aaron’s messenger"]),
    ];
    for (text, expected) in table {
        assert_eq!(found(&betty, text).await, expected, "{text:?}");
    }
}

#[tokio::test]
async fn everybody_finds_what_they_may_read_and_nothing_else() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    aaron.sends(&betty, "secret between two").await;
    carol.sends(&carol, "secret of one").await;
    let room = opens(&aaron, "room", &[&betty]).await;
    says(&betty, &room, "secret of a room").await;

    assert_eq!(found(&aaron, "secret").await, ["secret of a room", "secret between two"]);
    assert_eq!(found(&betty, "secret").await, ["secret of a room", "secret between two"]);
    assert_eq!(found(&carol, "secret").await, ["secret of one"]);

    does(&aaron, "inviteToChatroom", json!({ "chatroomId": room, "memberIds": [carol.id] })).await;
    assert_eq!(
        found(&carol, "secret").await,
        ["secret of a room", "secret of one"],
        "also from before she came"
    );
    does(&betty, "leaveChatroom", json!({ "chatroomId": room })).await;
    assert_eq!(
        found(&betty, "secret").await,
        ["secret between two"],
        "not even what she wrote there herself"
    );
    does(&aaron, "removeFromChatroom", json!({ "chatroomId": room, "memberId": carol.id })).await;
    assert_eq!(found(&carol, "secret").await, ["secret of one"]);
}

#[tokio::test]
async fn a_search_can_be_narrowed_to_a_conversation_and_a_sender() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let room = &opens(&aaron, "room", &[&betty]).await;
    let direct = &aaron.sends(&betty, "tea, Betty?").await["conversation"]["id"];
    betty.sends(&aaron, "tea, Aaron!").await;
    says(&aaron, room, "tea for all").await;
    says(&betty, room, "more tea").await;
    let note = &betty.sends(&betty, "tea bags").await["conversation"]["id"];
    let strangers = &aaron.sends(&carol, "tea, Carol?").await["conversation"]["id"];
    let other_room = &opens(&aaron, "another", &[&carol]).await;

    let (nobody, nowhere) = (&Value::Null, &Value::Null);
    let (from_aaron, from_betty) = (&json!(aaron.id), &json!(betty.id));
    let table: [(&Value, &Value, &[&str]); 9] = [
        (nowhere, nobody, &["tea bags", "more tea", "tea for all", "tea, Aaron!", "tea, Betty?"]),
        (direct, nobody, &["tea, Aaron!", "tea, Betty?"]),
        (room, nobody, &["more tea", "tea for all"]),
        (note, nobody, &["tea bags"]),
        (nowhere, from_aaron, &["tea for all", "tea, Betty?"]),
        (nowhere, from_betty, &["tea bags", "more tea", "tea, Aaron!"]),
        (direct, from_betty, &["tea, Aaron!"]),
        (room, from_aaron, &["tea for all"]),
        (note, from_aaron, &[]),
    ];
    for (conversation, sender, expected) in table {
        let arguments = json!({ "text": "tea", "in": conversation, "from": sender });
        assert_eq!(texts(&search(&betty, arguments.clone()).await), expected, "{arguments}");
    }
    for unreadable in [strangers, other_room] {
        assert_eq!(refused(&betty, json!({ "text": "tea", "in": unreadable })).await, "NOT_FOUND");
    }
    does(&betty, "leaveChatroom", json!({ "chatroomId": room })).await;
    let said_by_betty = json!({ "text": "tea", "in": room, "from": betty.id });
    assert_eq!(texts(&search(&aaron, said_by_betty).await), ["more tea"], "also after she left");
}

#[tokio::test]
async fn a_message_is_found_by_what_it_says_now() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let first = aaron.sends(&betty, "meet me at noon").await["id"].clone();
    aaron.sends(&betty, "noon is fine").await;

    does(&aaron, "editMessage", json!({ "messageId": first, "text": "meet me at dusk" })).await;
    assert_eq!(found(&betty, "noon").await, ["noon is fine"]);
    assert_eq!(found(&betty, "dusk").await, ["meet me at dusk"]);
    assert_eq!(found(&betty, "me OR m").await, [""; 0]);
    does(&aaron, "editMessage", json!({ "messageId": first, "text": "meet me at noon" })).await;
    assert_eq!(found(&betty, "noon").await, ["noon is fine", "meet me at noon"], "it keeps its place");

    does(&aaron, "deleteMessage", json!({ "messageId": first })).await;
    assert_eq!(found(&betty, "noon").await, ["noon is fine"]);
    assert_eq!(found(&aaron, "meet").await, [""; 0]);
    let server = server.restart().await;
    let answer = server.ask(SEARCH, json!({ "text": "noon", "by": "user_00000000000000000000000000" })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn what_is_acknowledged_is_found_however_many_write_at_once() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let sends = (0..100).map(|number| {
        let (aaron, betty) = (&aaron, &betty);
        async move {
            let text = format!("parcel number{number:02}");
            let id = aaron.sends(betty, &text).await["id"].clone();
            assert_eq!(found(betty, &format!("number{number:02} parcel")).await, [text]);
            if number % 3 == 0 {
                let text = format!("parcel changed{number}");
                does(aaron, "editMessage", json!({ "messageId": id, "text": text })).await;
            }
        }
    });
    join_all(sends).await;

    let all = search(&betty, json!({ "text": "parcel", "first": 1_000 })).await;
    let recent = betty.reads_texts(json!({ "first": 1_000 })).await;
    assert_eq!((texts(&all).len(), texts(&all)), (100, recent), "each once, newest first");
    assert_eq!(found(&betty, "changed").await.len(), 34);
    assert_eq!(found(&betty, "number").await.len(), 66);
}

#[tokio::test]
async fn betty_pages_through_what_she_finds_while_others_write() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut ids = Vec::new();
    for number in 1..=9 {
        ids.push(aaron.sends(&betty, &format!("stamp {number}")).await["id"].clone());
        aaron.sends(&betty, "something else").await;
    }
    let arguments = |after: &Value| json!({ "text": "stamp", "first": 3, "after": after });

    let first = search(&betty, arguments(&Value::Null)).await;
    assert_eq!(texts(&first), ["stamp 9", "stamp 8", "stamp 7"]);
    let edges = first["edges"].as_array().expect("edges");
    assert_eq!(
        first["pageInfo"],
        json!({
            "hasNextPage": true, "hasPreviousPage": false,
            "startCursor": edges[0]["cursor"], "endCursor": edges[2]["cursor"],
        })
    );
    aaron.sends(&betty, "stamp 10").await;
    // The message that the cursor is about goes, and one that was no stamp becomes one.
    does(&aaron, "deleteMessage", json!({ "messageId": ids[6] })).await;
    let second = search(&betty, arguments(&first["pageInfo"]["endCursor"])).await;
    assert_eq!(texts(&second), ["stamp 6", "stamp 5", "stamp 4"]);
    assert_eq!(second["pageInfo"]["hasPreviousPage"], true);
    let third = search(&betty, arguments(&second["pageInfo"]["endCursor"])).await;
    assert_eq!(texts(&third), ["stamp 3", "stamp 2", "stamp 1"]);
    assert_eq!(third["pageInfo"]["hasNextPage"], false);
    let end = search(&betty, arguments(&third["pageInfo"]["endCursor"])).await;
    assert_eq!(
        end,
        json!({
            "nodes": [], "edges": [],
            "pageInfo": { "hasNextPage": false, "hasPreviousPage": true, "startCursor": null, "endCursor": null },
        })
    );

    let cursor = &first["pageInfo"]["endCursor"];
    let recent = &betty.reads(json!({})).await["pageInfo"]["endCursor"];
    for elsewhere in [
        json!({ "text": "stamps", "after": cursor }),
        json!({ "text": "stamp", "from": aaron.id, "after": cursor }),
        json!({ "text": "stamp", "by": aaron.id, "after": cursor }),
        json!({ "text": "stamp", "after": recent }),
        json!({ "text": "stamp", "after": "" }),
    ] {
        assert_eq!(refused(&betty, elsewhere.clone()).await, "CURSOR_INVALID", "{elsewhere}");
    }
}

#[tokio::test]
async fn whatever_is_typed_is_words_and_never_syntax() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    for text in
        ["1 or 2", "so near", "text: foo", "foo", "scope and x", "not that, and not this", "say \"hi\""]
    {
        aaron.sends(&betty, text).await;
    }
    let table: [(&str, &[&str]); 15] = [
        ("\" OR 1", &["1 or 2"]),
        ("\"\"\"1\"\" OR\"", &["1 or 2"]),
        ("NEAR(", &["so near"]),
        ("NEAR(so near, 5)", &[]),
        ("text:foo", &["text: foo"]),
        ("{text scope} : foo", &[]),
        ("scope : x", &["scope and x"]),
        ("-scope : x", &["scope and x"]),
        ("AND", &["not that, and not this", "scope and x"]),
        ("that NOT this", &["not that, and not this"]),
        ("^foo", &["foo", "text: foo"]),
        ("fo*", &["foo", "text: foo"]),
        ("f + oo", &[]),
        ("\"hi", &["say \"hi\""]),
        ("hi') OR 1=1; --", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(found(&betty, text).await, expected, "{text:?}");
    }
    let (long, longest) = ("x".repeat(201), format!("{} x", "😀".repeat(198)));
    assert_eq!(found(&betty, &longest).await, ["scope and x"]);
    let ten = "a1 a2 a3 a4 a5 a6 a7 a8 a9 x";
    aaron.sends(&betty, ten).await;
    assert_eq!(found(&betty, &format!("{ten} a A1 !")).await, [ten]);
    let eleven = format!("{ten} y");
    let invisible = ["\u{301}", "\u{640}", "\u{3164}", "\u{200b}\u{ad}", "\u{2bc}"];
    for text in
        ["", " ", "*", "^", "-", "(", "\"", "\"\"", "?!…", "😀 🎉", "foo\0", "\0", "%", &long, &eleven]
            .into_iter()
            .chain(invisible)
    {
        assert_eq!(refused(&betty, json!({ "text": text })).await, "SEARCH_TEXT_INVALID", "{text:?}");
    }
    let messages = [
        ("?!", "the text to search for has no letter and no digit; it must have at least one"),
        ("foo\0", "the text to search for holds the character U+0000, which no message has"),
        (&long, "the text to search for has 201 characters; it may have at most 200"),
        (&eleven, "the text to search for has 11 different words; it may have at most 10"),
    ];
    for (text, message) in messages {
        let answer = server
            .ask_as(
                "betty",
                "query ($text: String!) { searchMessages(text: $text) { nodes { id } } }",
                json!({ "text": text }),
            )
            .await;
        assert_eq!(answer["errors"][0]["message"], message, "{answer}");
    }
}

#[tokio::test]
async fn nobody_talks_their_way_into_the_index() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let token = |actor: &Actor<'_>| {
        let id: UserId = actor.id.parse().expect("an id");
        format!("\u{e000}p{}", id.uuid().simple())
    };
    aaron.sends(&betty, "for Betty").await;
    for text in [token(&betty), token(&betty)[3..].to_owned(), format!("x OR scope : {}", token(&betty))] {
        assert_eq!(found(&carol, &text).await, [""; 0], "{text}");
    }
    carol.sends(&carol, &format!("Betty {} should not see this", token(&betty))).await;
    assert_eq!(found(&betty, "betty").await, ["for Betty"]);
    assert_eq!(found(&betty, &token(&betty)).await, [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_searched_is_refused() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let message = betty.sends(&betty, "note").await["id"].clone();
    let nobody = "user_00000000000000000000000000";
    let table = [
        (json!({ "text": "a", "by": null }), "ACTING_USER_REQUIRED"),
        (json!({ "text": "a", "by": nobody }), "NOT_FOUND"),
        (json!({ "text": "a", "by": "x" }), "ID_MALFORMED"),
        (json!({ "text": "a", "from": nobody }), "NOT_FOUND"),
        (json!({ "text": "a", "from": message }), "ID_WRONG_KIND"),
        (json!({ "text": "a", "in": "dm_00000000000000000000000000" }), "NOT_FOUND"),
        (json!({ "text": "a", "in": "room_00000000000000000000000000" }), "NOT_FOUND"),
        (json!({ "text": "a", "in": betty.id }), "ID_WRONG_KIND"),
        (json!({ "text": "a", "first": 0 }), "PAGE_SIZE_INVALID"),
        (json!({ "text": "a", "first": 1_001 }), "PAGE_SIZE_INVALID"),
    ];
    for (arguments, code) in table {
        assert_eq!(refused(&betty, arguments.clone()).await, code, "{arguments}");
    }
}
