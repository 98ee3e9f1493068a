//! Whoever is behind takes little memory, and is told everything all the same.

use rand::{SeedableRng, rngs::StdRng};

use super::{
    model::{Fixture, told},
    start::MOST_MOVES,
    *,
};
use crate::{
    domain::{Draft, replay::Sizes, send_messages},
    types::{MessageText, RecipientId},
};

#[tokio::test]
async fn long_entries_wait_a_few_at_a_time_and_are_all_told() {
    let fixture = Fixture::set_up().await;
    let long = MessageText::parse("x".repeat(5_000)).expect("a text");
    for _ in 0..40 {
        let draft = Draft {
            sender_id: fixture.people[0],
            recipient_id: RecipientId::User(fixture.people[1]),
            text: long.clone(),
            client_message_id: None,
            reply_to_id: None,
        };
        send_messages(&fixture.app, vec![draft]).await.expect("it is sent");
    }
    let following = Following { user_id: fixture.people[1], only: None, after: Some(fixture.app.log.at(0)) };
    let mut follower = follow_events(&fixture.app, following).await.expect("a follower");
    let mut told = 0;
    while let Ok(Some(Followed::Record(_))) = follower.next().await {
        told += 1;
        let waiting = follower.ready.iter().map(|followed| match followed {
            Followed::Record(record) => record.bytes(),
            _ => 0,
        });
        assert!(waiting.sum::<usize>() <= Sizes::default().bytes);
    }
    assert_eq!(told, 40);
    assert!(follower.reading.is_none(), "what reading took is let go");
}

#[tokio::test]
async fn whoever_joined_and_left_too_many_chatrooms_begins_anew() {
    let fixture = Fixture::set_up().await;
    let aaron = fixture.people[0];
    let start = fixture.latest().await;
    let follows = async || {
        let following = Following { user_id: aaron, only: None, after: Some(fixture.app.log.at(start)) };
        let mut follower = follow_events(&fixture.app, following).await.expect("a follower");
        follower.next().await.expect("something to tell").expect("it goes on")
    };
    fixture.moves(aaron, MOST_MOVES).await;
    assert!(matches!(follows().await, Followed::Record(_)), "as many as are read");
    fixture.moves(aaron, 1).await;
    let position = fixture.latest().await;
    assert!(matches!(follows().await, Followed::ResetRequired { position: now } if now == position));
}

#[tokio::test]
async fn the_subscriptions_of_a_user_read_the_log_one_after_the_other() {
    let fixture = Fixture::set_up().await;
    let [aaron, betty] = [fixture.people[0], fixture.people[1]];
    let follow = |user_id| follow_events(&fixture.app, Following { user_id, only: None, after: None });
    let turn = fixture.app.replays.wait(aaron).await.expect("a turn");
    let mut waits = std::pin::pin!(follow(aaron));
    assert!(futures_util::poll!(&mut waits).is_pending());
    follow(betty).await.expect("a follower beside it");
    assert!(futures_util::poll!(&mut waits).is_pending(), "there is no turn for it");
    drop(turn);
    waits.await.expect("a follower");
}

#[tokio::test]
async fn whoever_falls_behind_while_following_reads_the_log() {
    let fixture = Fixture::set_up().await;
    let following = Following { user_id: fixture.people[0], only: None, after: None };
    let mut follower = follow_events(&fixture.app, following).await.expect("a follower");
    assert!(matches!(follower.next().await, Ok(Some(Followed::CaughtUp { .. }))));
    let start = follower.position;
    for seed in 5..10 {
        fixture.play(&mut StdRng::seed_from_u64(seed)).await;
        for _ in 0..60 {
            fixture.sends(fixture.people[0], RecipientId::User(fixture.people[0])).await.expect("it is sent");
        }
    }
    let end = fixture.latest().await;
    let expected = told(&fixture.log().await, fixture.people[0]);
    let expected = expected.iter().map(|(position, _)| *position).filter(|position| *position > start);
    let mut heard = Vec::new();
    while heard.last() != Some(&end) {
        if let Some(Followed::Record(record)) = follower.next().await.expect("no fault") {
            heard.push(record.event.position);
        }
    }
    assert_eq!(heard, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn all_who_follow_for_one_user_share_their_chatrooms() {
    let fixture = Fixture::set_up().await;
    let start = fixture.latest().await;
    fixture.sends(fixture.people[0], RecipientId::User(fixture.people[0])).await.expect("it is sent");
    let mut sets = Vec::new();
    let mut followers = Vec::new();
    for after in [None, Some(fixture.app.log.at(start)), Some(fixture.app.log.at(0))] {
        let following = Following { user_id: fixture.people[0], only: None, after };
        let follower = follow_events(&fixture.app, following).await.expect("a follower");
        let reading =
            follower.reading.as_ref().and_then(|reading| reading.replay.as_ref()).expect("it reads");
        sets.push(Arc::clone(&reading.visibility.chatrooms));
        followers.push(follower);
    }
    assert!(Arc::ptr_eq(&sets[0], &sets[1]), "they are where they were");
    assert_eq!((sets[0].len(), sets[2].len()), (3, 0), "at the start they were nowhere");
    for follower in &mut followers {
        while !matches!(follower.next().await, Ok(Some(Followed::CaughtUp { .. }))) {}
        assert!(follower.reading.is_none(), "who has caught up has no set of their own");
    }
}
