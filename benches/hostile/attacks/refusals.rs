//! C12: what is refused early costs work, too, and must be counted.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::time::{Instant, timeout_at};

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
    run::FROM,
    socket::{Received, Socket},
};

/// For how long they are sent.
const SECONDS: usize = 15;
/// Queries of one user by default: so many at once, and so many a second.
const ALLOWED: usize = 500 + 50 * SECONDS;

/// Large documents that name no operation.
pub static ATTACK: Attack = Attack {
    code: "C12",
    name: "refused documents are not counted",
    sent: "four sockets that send documents of 1,950 fields without operationName, for 15 s",
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

async fn run(scene: &mut Scene<'_>) -> Outcome<Answer> {
    let query = format!("query a {{ {} }} query b {{ __typename }}", "viewer { id }".repeat(970));
    let end = Instant::now() + Duration::from_secs(scene.strength.of(SECONDS, 2) as u64);
    let (address, token) = (scene.server.address, &scene.mallory.token);
    let asking = (0..4).map(async |_| {
        let mut socket = Socket::with_token(address, FROM, token).await?;
        let (mut read, mut limited) = (0, 0);
        loop {
            socket.subscribe("1", &query, json!({})).await?;
            match timeout_at(end, socket.next()).await {
                Ok(Ok(Received::Text(text))) if text.contains("RATE_LIMITED") => limited += 1,
                Ok(Ok(Received::Text(_))) => read += 1,
                Ok(Ok(Received::Closed(..))) => return Outcome::Ok((read, limited + 1)),
                Ok(Err(error)) => return Err(error),
                Err(_) => return Ok((read, limited)),
            }
        }
    });
    let counts: Vec<(usize, usize)> = join_all(asking).await.into_iter().collect::<Outcome<_>>()?;
    let (read, limited) = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    // A slow machine reads fewer than are allowed.
    let is_right = read <= ALLOWED;
    Ok(Answer::new(is_right, format!("{read} were read and refused, {limited} refused as too many")))
}
