//! C19 and C20: whose name it is, and what a stranger sees.

use serde_json::json;

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    person::Person,
    run::FROM,
};

/// A name that somebody takes before its owner comes.
pub static NAMES: Attack = Attack {
    code: "C19",
    name: "a name is taken before its owner comes",
    sent: "`updateUser(username: \"newhire\")`, then the first token of newhire",
    run: |scene| Box::pin(names(scene)),
    ..USUAL
};

/// What a stranger reads and does.
pub static STRANGERS: Attack = Attack {
    code: "C20",
    name: "what a stranger sees",
    sent: "`users { externalId }`; presence after one unasked message; a name of U+200B",
    run: |scene| Box::pin(strangers(scene)),
    ..USUAL
};

async fn names(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let rename = "mutation { updateUser(input: { username: \"newhire\" }) { errors { code } } }";
    let renamed = scene.mallory.ask(rename, json!({})).await?;
    let newcomer = Person::user(scene.server.address, "newhire", FROM)?;
    let first = newcomer.ask("{ viewer { username } }", json!({})).await?;
    let text = format!("renamed: {}; first token: {} {}", renamed.code(), first.status, first.code());
    Ok(Answer::new(first.status == 200, text))
}

async fn strangers(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let users = scene.mallory.ask("{ users { nodes { username externalId } } }", json!({})).await?;
    let shows_ids = users.start.contains("\"externalId\":\"probe-");
    let betty = Person::user(scene.server.address, "probe-betty", FROM)?.id().await?;
    scene.mallory.sends(&betty, "unasked", 1).await?;
    let presence = "query($id: ID!) { user(id: $id) { presence { status since } } }";
    let presence = scene.mallory.ask(presence, json!({ "id": betty })).await?;
    let shows_presence = presence.start.contains("ONLINE");
    let blank = "mutation { updateUser(input: { displayName: \"\\u200b\" }) { errors { code } } }";
    let takes_blank = scene.mallory.ask(blank, json!({})).await?.code() == "none";
    let text = format!("external ids: {shows_ids}; presence: {shows_presence}; blank name: {takes_blank}");
    Ok(Answer::new(!shows_ids && !shows_presence && !takes_blank, text))
}
