//! C14: pages that are allowed, and together need more variables than a statement may have.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
};

/// How many pages one request asks for: 40,080 values, of 50,000 that it may.
const PAGES: usize = 40;

/// Forty full pages in one request, several times, while others read through the same loaders.
pub static ATTACK: Attack = Attack {
    code: "C14",
    name: "other people's reads fail",
    sent: "a request for 40 pages of 1,000 messages, 8 times, by somebody with 44,000 notes",
    prepare: |scene| Box::pin(prepare(scene)),
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

/// Gives the cursor after each page.
async fn prepare(scene: &Scene<'_>) -> Outcome<Value> {
    let me = scene.mallory.id().await?;
    let pages = scene.strength.of(PAGES, 3);
    scene.service.acting_as(&me).sends(&me, "a note", pages * 1_000 + 4_000).await?;
    let page = "query($after: String) { conversations(first: 1) { nodes {
        messages(first: 1000, after: $after) { pageInfo { endCursor } } } } }";
    let mut cursors = vec![];
    for _ in 0..pages {
        let after = cursors.last().unwrap_or(&Value::Null).clone();
        // The attacker has 500 queries at once.
        let data = scene.mallory.data(page, json!({ "after": after })).await?;
        cursors.push(data["conversations"]["nodes"][0]["messages"]["pageInfo"]["endCursor"].clone());
    }
    Ok(cursors.into())
}

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let cursors = scene.prepared.as_array().ok_or("cursors")?;
    let mut query = "{ conversations(first: 1) { nodes {".to_owned();
    for (number, cursor) in cursors.iter().enumerate() {
        write!(query, " m{number}: messages(first: 1000, after: {cursor}) {{ eventCursor }}")?;
    }
    query += " } } }";
    let mut replies = Vec::new();
    for _ in 0..8 {
        replies.push(scene.mallory.ask(&query, json!({})).await?);
    }
    let failed = replies.iter().filter(|reply| reply.code() != "none").count();
    let last = replies.last().ok_or("a reply")?;
    Ok(Answer::new(failed == 0, format!("{failed} of 8 failed; the last: {}", last.told())))
}
