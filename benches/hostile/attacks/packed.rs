//! C36: compressed bodies that say little and take long to read.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::{
    Outcome,
    attack::{Answer, Attack, Scene, USUAL},
};

/// A member of very many empty blocks.
pub static ATTACK: Attack = Attack {
    code: "C36",
    name: "compressed bodies of empty blocks",
    sent: "eight connections of a user, for 8 s: bodies of 1 MiB of empty blocks, as gzip",
    run: |scene| Box::pin(run(scene)),
    ..USUAL
};

/// The head of a member, and blocks of ten bits: whether there are more, two for the codes, and seven for the end.
fn empty_blocks(bytes: usize) -> Vec<u8> {
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    const FOUR: [u8; 5] = [0b0000_0010, 0b0000_1000, 0b0010_0000, 0b1000_0000, 0b0000_0000];
    HEAD.into_iter().chain(FOUR.iter().copied().cycle().take(bytes)).collect()
}

async fn run(scene: &Scene<'_>) -> Outcome<Answer> {
    let body = empty_blocks(1_048_000);
    let end = Instant::now() + Duration::from_secs(scene.strength.of(8, 2));
    let before = scene.server.cpu_seconds();
    let asking = (0..8).map(async |_| {
        let mut codes = Vec::new();
        while Instant::now() < end {
            codes.push(scene.mallory.post_packed(body.clone()).await?.code().to_owned());
        }
        Outcome::Ok(codes)
    });
    let codes: Vec<String> = join_all(asking).await.into_iter().collect::<Outcome<Vec<_>>>()?.concat();
    let refused = codes.iter().filter(|code| *code == "BAD_REQUEST" || *code == "RATE_LIMITED").count();
    let count = u32::try_from(codes.len().max(1))?;
    let each = (scene.server.cpu_seconds() - before) * 1e3 / f64::from(count);
    let most = scene.strength.of(50.0, 500.0);
    let is_right = refused == codes.len() && each < most;
    Ok(Answer::new(is_right, format!("{refused} of {} refused; {each:.1} ms of CPU each", codes.len())))
}
