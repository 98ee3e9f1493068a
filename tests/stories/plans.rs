//! What an operation costs the database: which indexes it uses, and how many statements it runs.

use diesel::{
    Connection, QueryableByName, RunQueryDsl, sql_query, sql_types::Text, sqlite::SqliteConnection,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Actor, Server};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The same when everybody in the answer was read before, and is remembered.
async fn statements_again(server: &Server, query: &str, variables: Value) -> Vec<String> {
    server.ask(query, variables.clone()).await;
    statements(server, query, variables).await
}

/// The statements of an operation that read or change rows they have to find.
async fn statements(server: &Server, query: &str, variables: Value) -> Vec<String> {
    let ran = all_statements(server, query, variables).await;
    let finds = |sql: &String| ["SELECT", "UPDATE", "DELETE"].iter().any(|verb| sql.starts_with(verb));
    // What waits for the search index is counted and taken by the writer, all of it.
    let indexes = |sql: &String| {
        sql.starts_with("SELECT max(number) AS last") || sql.starts_with("DELETE FROM `unindexed_messages`")
    };
    ran.into_iter().filter(finds).filter(|sql| !indexes(sql)).collect()
}

/// All statements of an operation, also those that only insert; but not those about the end of the event log and about
/// checkpoints, which other threads ask for after every commit, whenever that is.
async fn all_statements(server: &Server, query: &str, variables: Value) -> Vec<String> {
    const ELSEWHERE: [&str; 4] =
        ["BEGIN", "COMMIT", "SELECT total_changes()", "SELECT max(`events`.`position`) FROM `events`"];
    server.statements();
    let answer = server.ask(query, variables).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    let ran = server.statements();
    let sql = ran.iter().filter_map(|statement| statement.split(" -- binds: ").next());
    let elsewhere = |sql: &str| ELSEWHERE.contains(&sql) || sql.starts_with("PRAGMA wal_checkpoint");
    sql.filter(|sql| !elsewhere(sql)).map(str::to_owned).collect()
}

/// How SQLite goes about a statement. The plan does not depend on what is bound: SQLite was built to guarantee that.
fn plan(server: &Server, statement: &str) -> Vec<String> {
    let file = server.file().display().to_string();
    let mut connection = SqliteConnection::establish(&file).expect("a database");
    let steps: Vec<Step> =
        sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(&mut connection).expect("a plan");
    for Step { detail } in &steps {
        assert!(!detail.contains("TEMP B-TREE"), "sorts: {detail}\n{statement}");
        assert!(!reads_all(detail, statement), "reads everything: {detail}\n{statement}");
    }
    steps.into_iter().map(|step| step.detail).collect()
}

/// A scan ends early only where it follows the order of an index up to a limit.
fn reads_all(detail: &str, statement: &str) -> bool {
    let by_index = [" USING ", " VIRTUAL TABLE INDEX "].iter().any(|index| detail.contains(index));
    detail.starts_with("SCAN") && !(by_index && statement.contains(" LIMIT "))
}

async fn plans(server: &Server, query: &str, variables: Value) -> Vec<String> {
    let statements = statements(server, query, variables).await;
    statements.iter().flat_map(|statement| plan(server, statement)).collect()
}

const BY_KEY: &str = "SEARCH users USING PRIMARY KEY (id=?)";
const BY_SEQ: &str =
    "SEARCH messages USING COVERING INDEX messages_by_seq (conversation_id=? AND seq>? AND seq<?)";
const BY_ID: &str = "SEARCH messages USING INDEX messages_by_id (id=?)";
const READ_POSITION: &str = "SEARCH read_positions USING PRIMARY KEY (user_id=? AND conversation_id=?)";
const CONVERSATION: &str = "SEARCH conversations USING PRIMARY KEY (id=?)";

#[tokio::test]
async fn recent_messages_are_one_stretch_of_the_key_or_of_the_index_by_sender() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    for text in ["one", "two", "three"] {
        aaron.sends(&betty, text).await;
    }
    let page = betty.reads(json!({ "first": 1 })).await;
    let page_of_sender = betty.reads(json!({ "first": 1, "senderId": aaron.id })).await;
    let (last, days) = (json!({ "last": 100 }), json!({ "days": 30 }));
    // sender?, window, after?: the columns that end the search.
    let table = [
        (false, &last, false, "PRIMARY KEY (recipient_id=?)"),
        (false, &last, true, "PRIMARY KEY (recipient_id=? AND id<?)"),
        (false, &days, false, "PRIMARY KEY (recipient_id=? AND id>?)"),
        (false, &days, true, "PRIMARY KEY (recipient_id=? AND id>? AND id<?)"),
        (true, &last, false, "COVERING INDEX messages_by_sender (recipient_id=? AND sender_id=?)"),
        (true, &last, true, "COVERING INDEX messages_by_sender (recipient_id=? AND sender_id=? AND id<?)"),
        (true, &days, false, "INDEX messages_by_sender (recipient_id=? AND sender_id=? AND id>?)"),
        (true, &days, true, "INDEX messages_by_sender (recipient_id=? AND sender_id=? AND id>? AND id<?)"),
    ];
    for (by_sender, window, continued, key) in table {
        let cursor = &if by_sender { &page_of_sender } else { &page }["pageInfo"]["endCursor"];
        let variables = json!({
            "recipientId": betty.id,
            "senderId": by_sender.then_some(&aaron.id),
            "window": window,
            "after": continued.then_some(cursor),
        });
        let query = "query ($recipientId: ID!, $senderId: ID, $window: RecentWindow!, $after: String) {
            recentMessages(recipientId: $recipientId, senderId: $senderId, window: $window, after: $after) {
                nodes { text sender { username } }
            }
        }";
        // Aaron and Betty are remembered since the pages above, and the messages since they were sent.
        let expected = [format!("SEARCH messages USING {key}")];
        assert_eq!(plans(&server, query, variables.clone()).await, expected, "{variables}");
    }
}

#[tokio::test]
async fn messages_that_are_not_remembered_are_read_by_their_keys() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await.id, server.user("betty").await.id);
    let sender = Actor { server: &server, username: "aaron".to_owned(), id: aaron };
    let recipient = Actor { server: &server, username: "betty".to_owned(), id: betty.clone() };
    let mut sent = Value::Null;
    for text in ["one", "two", "three"] {
        sent = sender.sends(&recipient, text).await;
    }
    let recent = "query ($id: ID!) { recentMessages(recipientId: $id) { nodes { text } } }";
    let history = "query ($id: ID!) { conversation(id: $id) { messages { nodes { text } } } }";
    let (ids, rows) = (
        "SEARCH messages USING PRIMARY KEY (recipient_id=?)",
        "SEARCH messages USING PRIMARY KEY (recipient_id=? AND id=?)",
    );
    let table: [(&str, &Value, &[&str], &[&str]); 2] = [
        (recent, &json!(betty), &[BY_KEY, ids, rows, BY_KEY], &[]),
        (
            history,
            &sent["conversation"]["id"],
            &[CONVERSATION, BY_KEY, CONVERSATION, BY_SEQ, BY_ID],
            &[CONVERSATION, CONVERSATION, BY_SEQ],
        ),
    ];
    let mut server = server;
    for (query, id, cold, warm) in table {
        server = server.restart().await;
        assert_eq!(plans(&server, query, json!({ "id": id })).await, cold, "{query}");
        assert_eq!(plans(&server, query, json!({ "id": id })).await, warm, "{query}");
    }
}

#[tokio::test]
async fn a_history_is_one_stretch_of_the_index_by_seq() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let mut id = Value::Null;
    for text in ["one", "two", "three"] {
        id = aaron.sends(&betty, text).await["conversation"]["id"].clone();
    }
    let query = "query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
        node(id: $id) { ... on DirectConversation {
            messages(first: $first, after: $after, last: $last, before: $before) { pageInfo { endCursor } }
        } }
    }";
    let page = server.ask(query, json!({ "id": id, "first": 1 })).await;
    let cursor = &page["data"]["node"]["messages"]["pageInfo"]["endCursor"];
    let all = server.ask(query, json!({ "id": id })).await;
    let oldest = &all["data"]["node"]["messages"]["pageInfo"]["endCursor"];
    assert_ne!(cursor, oldest);
    for arguments in [
        json!({ "id": id }),
        json!({ "id": id, "first": 1 }),
        json!({ "id": id, "first": 1, "after": cursor }),
        json!({ "id": id, "last": 1 }),
        json!({ "id": id, "last": 1, "after": cursor }),
        json!({ "id": id, "last": 1, "before": oldest }),
        json!({ "id": id, "first": 1, "after": cursor, "before": oldest }),
    ] {
        let expected = [CONVERSATION, CONVERSATION, BY_SEQ];
        assert_eq!(plans(&server, query, arguments.clone()).await, expected, "{arguments}");
    }
}

#[tokio::test]
async fn a_search_reads_the_words_and_then_only_what_it_found() {
    // FTS5's own signs: 192 is in descending order, `M` by what matches, `<` down from a row.
    const WORDS: &str = "SCAN message_words VIRTUAL TABLE INDEX 192:M2<";
    const BY_NUMBER: &str = "SEARCH searchable_messages USING INTEGER PRIMARY KEY (rowid=?)";
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    for text in ["one day", "two days", "three days"] {
        aaron.sends(&betty, text).await;
    }
    let query = "query ($id: ID, $first: Int, $after: String) {
        searchMessages(userId: $id, text: \"day\", first: $first, after: $after) {
            nodes { text } pageInfo { endCursor }
        }
    }";
    let page = server.ask(query, json!({ "id": betty.id, "first": 1 })).await;
    let cursor = &page["data"]["searchMessages"]["pageInfo"]["endCursor"];
    // First what waits for the index. The messages that are found are remembered since they were sent.
    let found = [
        "SEARCH unindexed_messages USING INTEGER PRIMARY KEY (rowid<?)",
        BY_NUMBER,
        BY_NUMBER,
        BY_ID,
        WORDS,
        "USING ROWID SEARCH ON TABLE unindexed_messages FOR IN-OPERATOR",
        BY_NUMBER,
    ];
    let chatrooms = "SEARCH memberships USING PRIMARY KEY (user_id=?)";
    let expected = [&[BY_KEY, chatrooms], &found[..]].concat();
    assert_eq!(plans(&server, query, json!({ "id": betty.id })).await, expected);
    let place = "SEARCH searchable_messages USING COVERING INDEX sqlite_autoindex_searchable_messages_1 (message_id>?)";
    let expected = [&[BY_KEY, chatrooms, place], &found[..]].concat();
    assert_eq!(plans(&server, query, json!({ "id": betty.id, "after": cursor })).await, expected);
}

#[tokio::test]
async fn everything_else_is_found_by_a_key_too() {
    const BY_NAME: &str = "SEARCH users USING INDEX sqlite_autoindex_users_2 (username=?)";
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let message = aaron.sends(&betty, "one").await;
    let page = server.ask("{ users(first: 1) { pageInfo { endCursor } } }", json!({})).await;
    let cursor = &page["data"]["users"]["pageInfo"]["endCursor"];
    let node = "query ($id: ID!) { node(id: $id) {
        __typename
        ... on DirectConversation { latestSeq lastMessage { text } participants { username } }
    } }";
    let users = "query ($after: String) { users(after: $after) { nodes { username } } }";
    let send = "mutation ($input: SendMessageInput!) { sendMessage(input: $input) { errors { code } } }";
    let key = |text: &str| json!({ "input": { "senderId": aaron.id, "recipientId": betty.id, "text": text, "clientMessageId": "key" } });
    let by_client_message_id =
        "SEARCH messages USING INDEX messages_by_client_message_id (sender_id=? AND client_message_id=?)";
    let first_send = [
        by_client_message_id,
        "SEARCH conversations USING INDEX conversations_by_pair (lower_user_id=? AND higher_user_id=?)",
        READ_POSITION,
    ];
    // Who has written or been written to is remembered: of messages and conversations nobody is looked up.
    let retired = "SEARCH retired_usernames USING PRIMARY KEY (username=?)";
    let retired_by_user =
        "SEARCH retired_usernames USING COVERING INDEX retired_usernames_by_user (user_id=?)";
    let table: [(&str, Value, &[&str]); 10] = [
        (node, json!({ "id": carol.id }), &[BY_KEY]),
        (node, json!({ "id": message["id"] }), &[BY_ID, CONVERSATION]),
        (node, json!({ "id": message["conversation"]["id"] }), &[CONVERSATION, CONVERSATION]),
        ("{ user(username: \"aaron\") { id } }", json!({}), &[BY_NAME]),
        (users, json!({}), &["SCAN users USING INDEX sqlite_autoindex_users_2"]),
        (
            users,
            json!({ "after": cursor }),
            &["SEARCH users USING INDEX sqlite_autoindex_users_2 (username>?)"],
        ),
        (send, key("once"), &first_send),
        (send, key("once"), &[by_client_message_id]),
        (
            "mutation { createUser(input: {username: \"erin\"}) { errors { code } } }",
            json!({}),
            &[BY_NAME, retired],
        ),
        (
            "mutation ($id: ID!) { updateUser(input: {userId: $id, username: \"dave\"}) { errors { code } } }",
            json!({ "id": betty.id }),
            &[BY_KEY, BY_NAME, retired, retired, retired, retired_by_user, BY_KEY],
        ),
    ];
    for (query, variables, expected) in table {
        assert_eq!(plans(&server, query, variables.clone()).await, expected, "{query} {variables}");
    }
}

/// Betty hears from so many people: three messages from each, in a conversation of its own.
async fn correspondence<'a>(server: &'a Server, betty: &Actor<'_>, people: usize) -> Vec<Actor<'a>> {
    let names: Vec<String> = (0..people).map(|number| format!("friend-{number:03}")).collect();
    let friends = join_all(names.iter().map(|name| server.user(name))).await;
    for text in ["one", "two", "three"] {
        let messages: Vec<Value> = friends
            .iter()
            .map(|friend| json!({ "senderId": friend.id, "recipientId": betty.id, "text": text }))
            .collect();
        let answer = server
            .ask(
                "mutation ($messages: [SendMessageInput!]!) {
                    sendMessages(input: {messages: $messages}) { errors { code } }
                }",
                json!({ "messages": messages }),
            )
            .await;
        assert_eq!(answer, json!({ "data": { "sendMessages": { "errors": [] } } }));
    }
    friends
}

const EVERYTHING: &str = "
    fragment Everything on Message {
        text
        sender { username }
        recipient { ... on User { username } }
        reactions { count firstUsers { username } }
        replyTo { text sender { username } }
        conversation {
            ... on DirectConversation { participants { username } }
            lastMessage { text sender { username } }
            latestSeq
            messages(first: 2) { nodes { text sender { username } } }
        }
    }";

#[tokio::test]
async fn a_page_of_a_hundred_runs_as_many_statements_as_a_page_of_five() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let friends = correspondence(&server, &betty, 100).await;
    let mut sent = betty.sends(&friends[0], "0").await;
    for number in 1..100 {
        let answer =
            json!({ "recipientId": friends[0].id, "text": number.to_string(), "replyToId": sent["id"] });
        sent = betty.tries_to_send(answer).await["message"].clone();
        friends[0].does("addReaction", json!({ "messageId": sent["id"], "emoji": "👍" }), "").await;
    }
    let conversation = &sent["conversation"]["id"];

    let recent = format!(
        "query ($id: ID!, $first: Int!) {{
            recentMessages(recipientId: $id, window: {{days: 30}}, first: $first) {{ nodes {{ ...Everything }} }}
        }} {EVERYTHING}"
    );
    let history = format!(
        "query ($id: ID!, $first: Int!) {{
            node(id: $id) {{ ... on Conversation {{ messages(first: $first) {{ nodes {{ ...Everything }} }} }} }}
        }} {EVERYTHING}"
    );
    let users = "query ($first: Int!) { users(first: $first) { nodes { username displayName } } }";
    let table = [
        ("recent", recent.as_str(), json!(betty.id), 5),
        ("history", history.as_str(), conversation.clone(), 7),
        ("users", users, Value::Null, 1),
    ];
    for (name, query, id, expected) in table {
        for first in [5, 100] {
            let mut variables = json!({ "first": first });
            if id != Value::Null {
                variables["id"] = id.clone();
            }
            let ran = statements_again(&server, query, variables).await;
            assert_eq!(ran.len(), expected, "{name}, a page of {first}: {ran:#?}");
            for statement in &ran {
                plan(&server, statement);
            }
        }
    }
}

/// A chatroom in which Aaron and so many others are.
async fn crowd(server: &Server, aaron: &Actor<'_>, size: usize) -> String {
    let names: Vec<String> = (0..size).map(|number| format!("guest-{size}-{number}")).collect();
    let guests = join_all(names.iter().map(|name| server.user(name))).await;
    let room = aaron.makes_room("crowd", &[]).await;
    for some in guests.chunks(100) {
        let ids: Vec<&str> = some.iter().map(|guest| guest.id.as_str()).collect();
        aaron.does("inviteToChatroom", json!({ "chatroomId": room, "memberIds": ids }), "").await;
    }
    room
}

#[tokio::test]
async fn a_message_to_a_crowd_writes_as_much_as_a_message_to_a_few() {
    let server = Server::start().await;
    let aaron = server.user("aaron").await;
    let send = "mutation ($input: SendMessageInput!) { sendMessage(input: $input) { errors { code } } }";
    let mut ran = Vec::new();
    for size in [2, 150] {
        let room = crowd(&server, &aaron, size).await;
        aaron.says(&room, "first").await;
        let input = json!({ "senderId": aaron.id, "recipientId": room, "text": "second" });
        ran.push(all_statements(&server, send, json!({ "input": input })).await);
    }
    assert_eq!(ran[0], ran[1]);
    let tables = ["INTO `messages`", "UPDATE conversations", "UPDATE read_positions", "INTO `events`"];
    for table in tables {
        assert_eq!(
            ran[0].iter().filter(|statement| statement.contains(table)).count(),
            1,
            "{table}: {ran:#?}"
        );
    }
}

#[tokio::test]
async fn an_inbox_is_read_by_keys_whatever_is_in_it() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    let friends = correspondence(&server, &betty, 60).await;
    for friend in &friends[..30] {
        let room = friend.makes_room("room", &[&betty]).await;
        friend.says(&room, "Hello").await;
    }
    let query = "query ($id: ID!, $first: Int!) { conversations(userId: $id, first: $first) { nodes {
        id latestSeq unreadCount readUpTo lastMessage { text sender { username } }
        ... on Chatroom { name memberCount createdBy { username } }
        ... on DirectConversation { participants { username } }
    } } }";
    let small = statements_again(&server, query, json!({ "id": betty.id, "first": 40 })).await;
    let large = statements_again(&server, query, json!({ "id": betty.id, "first": 100 })).await;
    let kinds = |ran: &[String]| {
        ran.iter().map(|sql| sql.split(" WHERE ").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(small.len(), 6, "{small:#?}");
    assert_eq!(kinds(&small), kinds(&large));
    // Somebody's few chatrooms are sorted; nothing else is.
    let unsorted = large.iter().filter(|statement| !statement.contains("INNER JOIN"));
    let steps: Vec<String> = unsorted.flat_map(|statement| plan(&server, statement)).collect();
    for half in ["lower (lower", "higher (higher"] {
        let search = format!("SEARCH conversations USING INDEX conversations_of_{half}_user_id=?)");
        assert!(steps.contains(&search), "{search}: {steps:#?}");
    }
}

/// How SQLite goes about what was read since the last call, but for what follows the log of its own accord.
fn reading(server: &Server) -> Vec<String> {
    let ran = server.statements();
    let sql = ran.iter().filter_map(|statement| statement.split(" -- binds: ").next());
    let sql = sql.filter(|sql| sql.starts_with("SELECT") && !sql.contains("`events`"));
    sql.flat_map(|statement| plan(server, statement)).collect()
}

#[tokio::test]
async fn presence_is_looked_up_by_keys() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    aaron.makes_room("lunch", &[&betty, &server.user("carol").await]).await;
    aaron.sends(&betty, "one").await;
    let mut ear = server.hears_what_happens(&betty).await;
    let change = async |text: &str| {
        let input = json!({ "status": "AWAY", "text": text });
        aaron.does("setPresence", input, "user { id }").await
    };
    change("one").await;
    ear.next().await;
    // What the subscription itself set off has been read by now.
    server.statements();

    change("two").await;
    ear.next().await;
    let has_written = "SEARCH read_positions EXISTS USING PRIMARY KEY (user_id=? AND conversation_id=?)";
    let to_those_concerned = [
        BY_KEY,
        BY_KEY,
        "SEARCH memberships USING PRIMARY KEY (user_id=?)",
        "SEARCH conversations USING COVERING INDEX conversations_by_pair (lower_user_id=?)",
        has_written,
        has_written,
        "SEARCH conversations USING INDEX conversations_of_higher (higher_user_id=?)",
        has_written,
        has_written,
    ];
    assert_eq!(reading(&server), to_those_concerned);

    server.ask_as("carol", "{ users { nodes { presence { status } } } }", json!({})).await;
    let by_pair = "SEARCH conversations USING COVERING INDEX conversations_by_pair (lower_user_id=? AND higher_user_id=?)";
    let of_a_page = [
        "SEARCH users USING INDEX sqlite_autoindex_users_2 (username=?)",
        "SCAN users USING INDEX sqlite_autoindex_users_2",
        by_pair,
        has_written,
        has_written,
        by_pair,
        has_written,
        has_written,
        BY_KEY,
        "SEARCH memberships EXISTS USING PRIMARY KEY (user_id=? AND chatroom_id=?)",
        "LIST SUBQUERY 1",
        "SEARCH own USING PRIMARY KEY (user_id=?)",
    ];
    assert_eq!(reading(&server), of_a_page);
}

/// What was read of the log since the last call, and what was bound; but not where it begins and ends.
fn of_the_log(server: &Server) -> Vec<(String, String)> {
    let ran = server.statements();
    let ran = ran.iter().filter_map(|statement| statement.split_once(" -- binds: "));
    let is_read = |sql: &str| sql.contains("`events`.`conversation_id`");
    ran.filter(|(sql, _)| is_read(sql)).map(|(sql, binds)| (sql.to_owned(), binds.to_owned())).collect()
}

#[tokio::test]
async fn what_was_missed_is_found_by_its_conversations() {
    const MOVES: &str =
        "SEARCH events USING INDEX events_by_member (member_id=? AND position>? AND position<?)";
    const ONE: &str = "SEARCH events USING INTEGER PRIMARY KEY (rowid=?)";
    const FOUND: &str = "SEARCH events USING COVERING INDEX events_by_conversation (conversation_id=? AND position>? AND position<?)";
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let room = aaron.makes_room("lunch", &[&betty]).await;
    let page = server.ask("{ users { eventCursor } }", json!({})).await;
    let cursor = &page["data"]["users"]["eventCursor"];
    let direct = aaron.sends(&betty, "first").await["conversation"]["id"].clone();
    let send = "mutation ($messages: [SendMessageInput!]!) {
        sendMessages(input: {messages: $messages}) { errors { code } }
    }";
    let others = vec![json!({ "senderId": aaron.id, "recipientId": carol.id, "text": "to another" }); 100];
    for _ in 0..15 {
        server.ask(send, json!({ "messages": others })).await;
    }
    aaron.says(&room, "last").await;

    server.statements();
    assert_eq!(betty.follows(json!({ "after": cursor })).await.catches_up().await.len(), 2);
    let ran = of_the_log(&server);
    // As many as are asked for at once by somebody who is in very many chatrooms, and has missed much.
    let many = |column, count| format!("`{column}` IN ({})", vec!["?"; count].join(", "));
    let longest = |sql: &str| {
        let sql = sql.replace(&many("position", 2), &many("position", 50));
        sql.replace(&many("conversation_id", 1), &many("conversation_id", 100))
    };
    let steps: Vec<String> = ran.iter().flat_map(|(sql, _)| plan(&server, &longest(sql))).collect();
    let by_conversation = [
        MOVES,
        "SEARCH conversations USING COVERING INDEX conversations_of_lower (lower_user_id=?)",
        FOUND,
        "SEARCH conversations USING INDEX conversations_of_higher (higher_user_id=?)",
        FOUND,
        MOVES,
        FOUND,
        ONE,
        CONVERSATION,
    ];
    assert_eq!(steps, by_conversation);
    assert_eq!(ran.last().expect("a statement").1, "[3, 1504]", "no other event is read");

    let alone = json!({ "after": cursor, "conversationId": direct });
    assert_eq!(betty.follows(alone).await.catches_up().await.len(), 1);
    let ran = of_the_log(&server);
    let steps: Vec<String> = ran.iter().flat_map(|(sql, _)| plan(&server, sql)).collect();
    assert_eq!(steps, [MOVES, FOUND, ONE, CONVERSATION]);

    let page = server.ask("{ users { eventCursor } }", json!({})).await;
    let mut ear = server.hears_what_happens(&aaron).await;
    aaron.says(&room, "a moment ago").await;
    // What is live has been read for those who follow it.
    ear.next().await;
    server.statements();
    let short = json!({ "after": page["data"]["users"]["eventCursor"] });
    assert_eq!(betty.follows(short).await.catches_up().await.len(), 1);
    let ran = of_the_log(&server);
    let steps: Vec<String> = ran.iter().flat_map(|(sql, _)| plan(&server, sql)).collect();
    let part = "SEARCH events USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)";
    assert_eq!(steps, [MOVES, part, CONVERSATION, ONE, CONVERSATION]);
}

#[tokio::test]
async fn what_is_more_than_a_page_is_read_a_page_at_a_time() {
    let server = Server::start().await;
    let betty = server.user("betty").await;
    correspondence(&server, &betty, 20).await;
    let query = "query ($id: ID!, $first: Int!) { conversations(userId: $id, first: 20) { nodes {
        messages(first: $first) { nodes { text } }
    } } }";
    for (first, reads) in [(50, 1), (51, 2), (100, 2), (101, 3), (1_000, 20)] {
        let ran = statements_again(&server, query, json!({ "id": betty.id, "first": first })).await;
        let of_histories =
            ran.iter().filter(|sql| sql.contains("FROM `conversations` WHERE `conversations`.`id` IN"));
        assert_eq!(of_histories.count(), reads, "{first} of each: {ran:#?}");
    }

    // Two who ask at the same time are read for apart: what is too much for one of them is nothing to the other.
    server.statements();
    let variables = json!({ "id": betty.id, "first": 2 });
    tokio::join!(server.ask(query, variables.clone()), server.ask(query, variables));
    let of_histories = |sql: &&String| sql.contains("FROM `conversations` WHERE `conversations`.`id` IN");
    assert_eq!(server.statements().iter().filter(of_histories).count(), 2);
}
