//! C24 and C35: headers that take long to read, before anybody has said who they are.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::{Client, RequestBuilder};

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    run::FROM,
};

/// Some thousand media ranges in `Accept`.
pub static ATTACK: Attack = Attack {
    code: "C24",
    name: "very many media ranges in Accept",
    sent: "two clients without a token, for 8 s: requests with 60 kB of `a/b,` in Accept",
    run: |scene| {
        Box::pin(run(scene, |client, url| {
            client.post(url).header("accept", "a/b,".repeat(15_000)).body("{}")
        }))
    },
    ..USUAL
};

/// Some ten thousand names of sub-protocols.
pub static SUB_PROTOCOLS: Attack = Attack {
    code: "C35",
    name: "very many sub-protocols of a WebSocket",
    sent: "two clients without a token, for 8 s: upgrades with 60 kB of `a,` in Sec-WebSocket-Protocol",
    run: |scene| {
        Box::pin(run(scene, |client, url| {
            client
                .get(url)
                .header("connection", "upgrade")
                .header("upgrade", "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                .header("sec-websocket-protocol", "a,".repeat(30_000))
        }))
    },
    ..USUAL
};

async fn run(scene: &mut Scene<'_>, request: fn(&Client, &str) -> RequestBuilder) -> Outcome<Answer> {
    let url = format!("http://{}/graphql", scene.server.address);
    let end = Instant::now() + Duration::from_secs(scene.strength.of(8, 2));
    let before = scene.server.cpu_seconds();
    let asking = (0..2).map(async |_| {
        let (client, mut answers) = (Client::builder().timeout(Duration::from_secs(30)).build()?, [0_u32; 2]);
        while Instant::now() < end {
            let request = request(&client, &url).header("x-forwarded-for", FROM);
            let is_limited = request.send().await?.status().as_u16() == 429;
            answers[usize::from(is_limited)] += 1;
        }
        Outcome::Ok(answers)
    });
    let answers: Vec<[u32; 2]> = join_all(asking).await.into_iter().collect::<Outcome<_>>()?;
    let [read, limited] = [0, 1].map(|place| answers.iter().map(|answers| answers[place]).sum::<u32>());
    let each = (scene.server.cpu_seconds() - before) * 1e3 / f64::from(read.max(1));
    // A debug build takes longer.
    let most = scene.strength.of(2.0, 20.0);
    Ok(Answer::new(each < most, format!("{read} answered, {limited} × 429; {each:.1} ms of CPU each")))
}
