//! C31 to C33: queries that are allowed, as many as are allowed: each counts as one, whatever it costs.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
};

/// How many are asked at a time.
const AT_A_TIME: usize = 40;

/// Queries at the limit of values, with answers of some 5 MB.
pub static ATTACK: Attack = Attack {
    code: "C31",
    name: "queries at the limit of values",
    sent: "for 15 s, 40 at a time: queries for 24 pages of 1,000 messages",
    prepare: |scene| Box::pin(prepare(scene)),
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

/// Documents that are read anew each time, as many at once as the rate lets one user send.
pub static NEW_DOCUMENTS: Attack = Attack {
    code: "C32",
    name: "very many new documents at once",
    sent: "480 queries at once, each a new document with 1,980 × `__typename`",
    run: |scene| {
        Box::pin(at_once(scene, |number| format!("query q{number} {{ {} }}", "__typename ".repeat(1_980))))
    },
    ..USUAL
};

/// Introspection with large answers: few values by the tables, many bytes.
pub static INTROSPECTION: Attack = Attack {
    code: "C33",
    name: "very much introspection at once",
    sent: "480 queries at once, each 99 × the values of an enum with their descriptions: 1.5 MB",
    run: |scene| Box::pin(at_once(scene, |_| introspection())),
    ..USUAL
};

fn introspection() -> String {
    let values = "enumValues { name description isDeprecated deprecationReason }";
    let of_type = |number| format!("a{number}: __type(name: \"ErrorCode\") {{ {values} }}");
    let types: Vec<_> = (0..99).map(of_type).collect();
    format!("{{ {} }}", types.join(" "))
}

async fn at_once(scene: &Scene<'_>, query: impl Fn(usize) -> String) -> Outcome<Answer> {
    let count = scene.strength.of(480, 60);
    let queries: Vec<_> = (0..count).map(query).collect();
    let begin = Instant::now();
    let replies = join_all(queries.iter().map(|query| scene.mallory.ask(query, json!({})))).await;
    let took = begin.elapsed().as_millis();
    let replies: Vec<_> = replies.into_iter().collect::<Outcome<_>>()?;
    let answered = replies.iter().filter(|reply| reply.code() == "none").count();
    let other = replies.iter().find(|reply| reply.code() != "none").map_or("none", |reply| reply.code());
    Ok(Answer::new(
        true,
        format!("{answered} of {count} answered, the others {other}; the last after {took} ms"),
    ))
}

async fn prepare(scene: &Scene<'_>) -> Outcome<Value> {
    let me = scene.mallory.id().await?;
    scene.service.acting_as(&me).sends(&me, &"a note of words ".repeat(12), 1_000).await?;
    Ok(me.into())
}

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let mut query = "query($me: ID!) {".to_owned();
    for number in 0..24 {
        write!(query, " p{number}: recentMessages(recipientId: $me, window: {{days: 30}}, first: 1000) {{")?;
        query += " nodes { text } }";
    }
    query += " }";
    let (variables, begin) = (json!({ "me": scene.prepared }), Instant::now());
    let (end, before) = (begin + Duration::from_secs(scene.strength.of(15, 3)), scene.server.cpu_seconds());
    let asking = (0..AT_A_TIME).map(async |_| {
        let (mut answered, mut refused, mut bytes) = (0_u32, 0_u32, 0_u64);
        while Instant::now() < end {
            let reply = scene.mallory.ask(&query, variables.clone()).await?;
            let is_refused = reply.bytes < 1_000;
            (answered, refused) = (answered + u32::from(!is_refused), refused + u32::from(is_refused));
            bytes += reply.bytes;
        }
        Outcome::Ok((answered, refused, bytes))
    });
    let all: Vec<_> = join_all(asking).await.into_iter().collect::<Outcome<_>>()?;
    let answered: u32 = all.iter().map(|(answered, ..)| answered).sum();
    let refused: u32 = all.iter().map(|(_, refused, _)| refused).sum();
    let bytes: u64 = all.iter().map(|(.., bytes)| bytes).sum();
    let cores = (scene.server.cpu_seconds() - before) / begin.elapsed().as_secs_f64();
    let text = format!("{answered} answered ({} MB), {refused} refused; {cores:.1} cores", bytes / 1_000_000);
    Ok(Answer::new(true, text))
}
