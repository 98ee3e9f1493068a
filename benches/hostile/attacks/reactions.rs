//! C10: a page whose messages have very many reactions.

use std::fmt::Write;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    person::Reply,
};

/// How often a page is asked for.
const PAGES: usize = 20;

/// Five emoji of a thousand people on each message of a page.
pub static ATTACK: Attack = Attack {
    code: "C10",
    name: "half a million reactions on a page",
    sent: "a page of 100 messages, each with 5 emoji × 1,000 people, 20 times",
    prepare: |scene| Box::pin(prepare(scene)),
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

/// Reactions are put into the database directly: half a million mutations would take too long.
async fn prepare(scene: &Scene<'_>) -> Outcome<Value> {
    let me = scene.mallory.id().await?;
    scene.service.acting_as(&me).sends(&me, "a message", 100).await?;
    for batch in 0..scene.strength.of(20, 1) {
        let mut create = "mutation {".to_owned();
        for number in 0..50 {
            let name = format!("crowd-{batch}-{number}");
            write!(
                create,
                " u{number}: createUser(input: {{ username: \"{name}\" }}) {{ errors {{ code }} }}"
            )?;
        }
        scene.service.data(&(create + " }"), json!({})).await?;
    }
    let database = Connection::open(scene.server.folder().join("messenger.db"))?;
    database.execute(
        "INSERT INTO reactions (message_id, emoji, position, user_id)
        SELECT messages.id, emoji.column1, 1000000 + row_number() OVER (), users.id
        FROM messages, (VALUES ('👍'), ('❤️'), ('😂'), ('🎉'), ('🙏')) AS emoji, users
        WHERE messages.sender_id = messages.recipient_id AND users.username LIKE 'crowd-%'",
        [],
    )?;
    count(&database)?;
    Ok(me.into())
}

/// Counts them where the database keeps counts, as it does since it was found that it must.
fn count(database: &Connection) -> Outcome<()> {
    let keeps = "SELECT count(*) FROM sqlite_master WHERE name = 'reaction_groups'";
    if database.query_row(keeps, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(());
    }
    database.execute(
        "INSERT INTO reaction_groups (message_id, emoji, count)
        SELECT message_id, emoji, count(*) FROM reactions WHERE position > 1000000 GROUP BY message_id, emoji",
        [],
    )?;
    Ok(())
}

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let query = |fields: &str| {
        format!("query($me: ID!) {{ recentMessages(recipientId: $me) {{ nodes {{ id {fields} }} }} }}")
    };
    let variables = json!({ "me": scene.prepared });
    let middle = async |query: String| {
        let mut replies: Vec<Reply> = Vec::new();
        for _ in 0..PAGES {
            replies.push(scene.mallory.ask(&query, variables.clone()).await?);
        }
        replies.sort_by_key(|reply| reply.took);
        Outcome::Ok(replies.swap_remove(PAGES / 2))
    };
    let plain = middle(query("text")).await?;
    let with =
        middle(query("text reactions { emoji count viewerHasReacted firstUsers { username } }")).await?;
    let text = format!("{}; {} ms without reactions", with.told(), plain.took.as_millis());
    // Beside other tests, a debug build takes longer.
    let most = scene.strength.of(200, 5_000);
    Ok(Answer::new(with.status == 200 && with.took.as_millis() <= most, text))
}
