//! Writes that share a commit: the failure of one is nobody else's, and what cannot be kept apart is not kept at all.

use diesel::{connection::SimpleConnection, result::Error as DieselError};
use futures_util::future::{join, join_all};
use messenger::{
    domain::{Draft, Sent, send_messages},
    store::{Connection, StoreError},
    types::{ClientMessageId, MessageText},
};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::support::{Actor, Server};

fn insert(connection: &mut Connection, username: &str) -> Result<(), StoreError> {
    let row = format!("(randomblob(16), '{username}', '{username}', 0)");
    connection
        .batch_execute(&format!("INSERT INTO users (id, username, display_name, created_at) VALUES {row}"))
        .map_err(StoreError::from)
}

fn refuse() -> Result<(), StoreError> {
    Err(DieselError::NotFound.into())
}

async fn usernames(server: &Server) -> Value {
    let answer = server.ask("{ users { nodes { username } } }", json!({})).await;
    let nodes = answer["data"]["users"]["nodes"].as_array().expect("nodes").clone();
    nodes.into_iter().map(|node| node["username"].clone()).collect()
}

/// Holds the writer up in a write of this user until all the others wait in its queue, in their order, so that they share
/// its commit; then ends that write like this.
async fn together<T>(
    server: &Server,
    (username, end): (&'static str, fn() -> Result<(), StoreError>),
    others: impl Future<Output = T>,
) -> (Result<(), StoreError>, T) {
    let store = server.app.store.clone();
    let (hold, begun) = oneshot::channel();
    let (start, started) = oneshot::channel::<()>();
    let first = tokio::spawn(async move {
        let work = move |connection: &mut Connection| {
            insert(connection, username)?;
            hold.send(()).expect("somebody waits");
            started.blocking_recv().expect("the start");
            end()
        };
        store.write(work).await
    });
    begun.await.expect("the writer has begun");
    server.statements();
    let all_in_the_queue = async { start.send(()).expect("the writer waits") };
    let (others, ()) = join(others, all_in_the_queue).await;
    (first.await.expect("no panic"), others)
}

fn commits(server: &Server) -> usize {
    server.statements().iter().filter(|sql| is_asked_before_a_commit(sql)).count()
}

/// The writer asks what waits for the index once, right before a commit.
fn is_asked_before_a_commit(sql: &str) -> bool {
    sql.starts_with("SELECT max(number) AS last")
}

#[tokio::test]
async fn work_that_fails_takes_back_only_its_own() {
    let server = Server::start().await;
    let store = &server.app.store;
    let others = (0..9).map(|number| {
        store.write(move |connection| {
            insert(connection, &format!("user-{number}"))?;
            if number % 3 == 1 { refuse() } else { Ok(()) }
        })
    });

    let (first, outcomes) = together(&server, ("aaron", || Ok(())), join_all(others)).await;

    first.expect("nothing to fail");
    let done: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(done, [true, false, true, true, false, true, true, false, true]);
    assert_eq!(commits(&server), 1);
    let stored = ["aaron", "user-0", "user-2", "user-3", "user-5", "user-6", "user-8"];
    assert_eq!(usernames(&server).await, json!(stored));
}

#[tokio::test]
async fn work_that_refuses_first_takes_nothing_back() {
    let server = Server::start().await;
    let store = &server.app.store;
    let others = (0..9).map(|number| {
        store.write_or_refuse(move |connection| {
            if number % 3 == 1 { refuse() } else { insert(connection, &format!("user-{number}")) }
        })
    });

    let (first, outcomes) = together(&server, ("aaron", || Ok(())), join_all(others)).await;

    first.expect("nothing to fail");
    let done: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(done, [true, false, true, true, false, true, true, false, true]);
    assert_eq!(commits(&server), 1);
    let stored = ["aaron", "user-0", "user-2", "user-3", "user-5", "user-6", "user-8"];
    assert_eq!(usernames(&server).await, json!(stored));
}

#[tokio::test]
async fn the_first_of_many_may_fail_as_well() {
    let server = Server::start().await;
    let others = server.app.store.write(|connection| insert(connection, "betty"));

    let (first, beside) = together(&server, ("aaron", refuse), others).await;

    assert!(matches!(first, Err(StoreError::Database(DieselError::NotFound))), "{first:?}");
    beside.expect("its own commit");
    assert_eq!(usernames(&server).await, json!(["betty"]));
}

#[tokio::test]
async fn work_beside_a_panic_may_be_tried_again() {
    let server = Server::start().await;
    let store = &server.app.store;
    let panics = store.write(|connection| {
        insert(connection, "betty")?;
        panic!("a mistake of ours")
    });
    let others = join(panics, store.write(|connection| insert(connection, "carol")));

    let (first, (panicked, later)) = together(&server, ("aaron", || Ok(())), others).await;

    assert!(first.expect_err("an error").is_passing());
    assert!(matches!(panicked, Err::<(), _>(StoreError::Panicked(_))));
    later.expect("a commit after that");
    assert_eq!(usernames(&server).await, json!(["carol"]));
}

#[tokio::test]
async fn work_beside_what_fails_half_done_may_be_tried_again() {
    let server = Server::start().await;
    let store = &server.app.store;
    let breaks_its_word = store.write_or_refuse(|connection| {
        insert(connection, "betty")?;
        refuse()
    });
    let others = join(breaks_its_word, store.write(|connection| insert(connection, "carol")));

    let (first, (failed, later)) = together(&server, ("aaron", || Ok(())), others).await;

    assert!(first.expect_err("an error").is_passing());
    assert!(matches!(failed, Err(StoreError::Database(DieselError::NotFound))), "{failed:?}");
    later.expect("a commit after that");
    assert_eq!(usernames(&server).await, json!(["carol"]));
}

#[tokio::test]
async fn nothing_is_written_after_a_transaction_that_is_lost() {
    let server = Server::start().await;
    let store = &server.app.store;
    // As a full disk does.
    let loses_it = store.write_or_refuse(|connection| {
        connection.batch_execute("ROLLBACK")?;
        refuse()
    });
    let others = join(loses_it, store.write_or_refuse(|connection| insert(connection, "carol")));

    let (first, (failed, later)) = together(&server, ("aaron", || Ok(())), others).await;

    first.expect_err("an error");
    failed.expect_err("an error");
    later.expect("a commit after that");
    assert_eq!(usernames(&server).await, json!(["carol"]));
}

fn draft(from: &Actor<'_>, to: &Actor<'_>, text: &str) -> Draft {
    Draft {
        sender_id: from.id.parse().expect("an id"),
        recipient_id: to.id.parse().expect("an id"),
        text: MessageText::parse(text.to_owned()).expect("a text"),
        client_message_id: None,
        reply_to_id: None,
    }
}

fn texts(sent: &[Sent]) -> Vec<String> {
    sent.iter().map(|sent| sent.view.message.text.as_str().to_owned()).collect()
}

#[tokio::test]
async fn large_batches_are_committed_one_by_one() {
    let server = Server::start().await;
    let (aaron, betty) = (server.user("aaron").await, server.user("betty").await);
    let batch = |from, to| (0..1_000).map(|number| draft(from, to, &number.to_string())).collect();
    let batches = [batch(&aaron, &betty), batch(&betty, &aaron)];
    let sends = join_all(batches.map(|batch| send_messages(&server.app, batch)));

    let (beside, outcomes) = together(&server, ("carol", || Ok(())), sends).await;

    beside.expect("nothing to fail");
    assert_eq!(outcomes.iter().map(|sent| sent.as_ref().map_or(0, Vec::len)).collect::<Vec<_>>(), [1_000; 2]);
    let statements = server.statements();
    let first_commit = statements.iter().position(|sql| is_asked_before_a_commit(sql));
    let last_message = statements.iter().rposition(|sql| sql.starts_with("INSERT INTO `messages`"));
    assert!(first_commit < last_message, "{first_commit:?} is not before {last_message:?}");
}

#[tokio::test]
async fn messages_that_are_refused_are_refused_before_anything_is_stored() {
    let server = Server::start().await;
    let (aaron, betty, carol) =
        (server.user("aaron").await, server.user("betty").await, server.user("carol").await);
    let elsewhere = aaron.sends(&betty, "elsewhere").await["id"].as_str().expect("an id").parse();
    let key = ClientMessageId::parse("key".to_owned()).ok();
    let first = Draft { client_message_id: key.clone(), ..draft(&aaron, &betty, "first") };
    send_messages(&server.app, vec![first]).await.expect("a message");
    let nobody = "user_01h455vb4pex5vsknk084sn02q".parse().expect("an id");
    let drafts = [
        draft(&betty, &carol, "before"),
        Draft { recipient_id: nobody, ..draft(&aaron, &betty, "to nobody") },
        Draft { client_message_id: key, ..draft(&aaron, &carol, "another with the key") },
        // There is no conversation yet, and there will be none.
        Draft {
            reply_to_id: elsewhere.ok(),
            ..draft(&aaron, &carol, "an answer to what was said elsewhere")
        },
        draft(&betty, &carol, "after"),
    ];
    let sends = join_all(drafts.map(|draft| send_messages(&server.app, vec![draft])));

    let (beside, outcomes) = together(&server, ("dave", || Ok(())), sends).await;

    beside.expect("nothing to fail");
    assert_eq!(commits(&server), 1);
    let outcomes: Vec<_> = outcomes
        .into_iter()
        .map(|sent| sent.map(|sent| texts(&sent)).map_err(|error| error.to_string()))
        .collect();
    let refused = |outcome: &Result<Vec<String>, String>| outcome.clone().expect_err("a refusal");
    assert_eq!(outcomes[0], Ok(vec!["before".to_owned()]));
    assert!(refused(&outcomes[1]).contains("user_01h455vb4pex5vsknk084sn02q"), "{outcomes:?}");
    assert!(refused(&outcomes[2]).contains("clientMessageId"), "{outcomes:?}");
    assert!(refused(&outcomes[3]).contains("msg_"), "{outcomes:?}");
    assert_eq!(outcomes[4], Ok(vec!["after".to_owned()]));
    assert_eq!(carol.reads_texts(json!({})).await, ["after", "before"]);
    let inbox = "query ($id: ID!) { conversations(userId: $id) { nodes { latestSeq } } }";
    let inbox = server.ask(inbox, json!({ "id": aaron.id })).await;
    assert_eq!(inbox["data"]["conversations"]["nodes"], json!([{ "latestSeq": 2 }]));
}
