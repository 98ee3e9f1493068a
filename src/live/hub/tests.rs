use futures_util::FutureExt;
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::*;
use crate::{
    live::event_record::tests::{AARON, record, record_in},
    types::{EventKind, Id},
};

/// What can be received without waiting.
fn hears(listener: &mut Listener) -> Option<Delivery> {
    listener.recv().now_or_never()
}

/// However publishing and receiving interleave, each position is received once, or is to be read in the log;
/// and nobody waits for something that was told already.
#[test]
fn nobody_waits_for_what_was_told() {
    for seed in 0..50 {
        let mut chance = StdRng::seed_from_u64(seed);
        let hub = Hub::starting_at(0);
        let mut listener = hub.listen(AARON, None);
        let (mut told, mut heard) = (0, 0);
        for _ in 0..40 {
            for _ in 0..chance.random_range(0..400) {
                told += 1;
                hub.publish(&[record(told, 0)]);
            }
            for _ in 0..chance.random_range(0..400) {
                match hears(&mut listener) {
                    Some(Delivery::Record(record)) => {
                        assert_eq!(record.event.position, heard + 1, "no gap, and nothing twice");
                        heard += 1;
                    }
                    Some(Delivery::ReadLog { up_to }) => {
                        assert!(up_to > heard, "there is something to read");
                        heard = up_to;
                    }
                    None => {
                        assert_eq!(heard, told, "it waits only when it has heard everything");
                        break;
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    }
}

#[test]
fn the_listeners_of_one_user_share_one_set_of_chatrooms() {
    let hub = Hub::starting_at(0);
    let listeners: Vec<Listener> = (0..3).map(|_| hub.listen(AARON, None)).collect();
    let room = record(1, 0).conversation.key;
    for listener in &listeners {
        assert_eq!(listener.place(&[room], 0), 0);
    }
    let [first, .., last] = listeners.as_slice() else { panic!("three") };
    assert!(Arc::ptr_eq(&first.chatrooms(), &last.chatrooms()));
    assert!(first.is_in(room) && last.is_in(room));
    assert_eq!(hub.listeners(), 3);
    drop(listeners);
    assert!(hub.is_idle());
    let again = hub.listen(AARON, None);
    assert!(!again.is_in(room), "nothing was kept");
}

/// The positions that can be received without waiting.
fn positions(listener: &mut Listener) -> Vec<i64> {
    std::iter::from_fn(|| hears(listener))
        .map(|heard| match heard {
            Delivery::Record(record) => record.event.position,
            other => panic!("{other:?}"),
        })
        .collect()
}

/// Somebody comes back with another device, and has read further in the log than was told to the first one.
#[test]
fn whoever_has_read_further_than_was_told_may_be_told_what_they_read() {
    let room = Id::new(uuid::Uuid::from_u128(9));
    let hub = Hub::starting_at(0);
    let mut first = hub.listen(AARON, None);
    assert_eq!(first.place(&[], 0), 0);
    let mut second = hub.listen(AARON, None);
    assert_eq!(second.place(&[room], 4), 4, "what comes up to there is in the log");
    assert!(second.is_in(room), "they have joined, which was not told yet");

    let moves = |position, kind| record_in(room, position, kind);
    hub.publish(&[
        moves(1, EventKind::ConversationRead),
        moves(2, EventKind::MemberJoined),
        moves(3, EventKind::MemberLeft),
    ]);
    assert!(second.is_in(room), "at 4 they are back");
    hub.publish(&[moves(4, EventKind::MemberJoined), moves(5, EventKind::ConversationRead)]);
    assert_eq!(positions(&mut first), [2, 3, 4, 5], "nothing from before the joining");
    assert_eq!(positions(&mut second), [2, 3, 4, 5], "of which it has read what comes up to 4");
    hub.publish(&[moves(6, EventKind::MemberLeft), moves(7, EventKind::ConversationRead)]);
    assert!(!first.is_in(room) && !second.is_in(room));
    assert_eq!(positions(&mut first), [6]);
}

/// Somebody comes back with another device after they left a chatroom and joined it again, of which nothing was told yet.
#[test]
fn whoever_has_read_of_a_leaving_and_a_joining_is_told_what_comes_after_them() {
    let room = Id::new(uuid::Uuid::from_u128(9));
    let hub = Hub::starting_at(0);
    let first = hub.listen(AARON, None);
    assert_eq!(first.place(&[room], 0), 0);
    let second = hub.listen(AARON, None);
    assert_eq!(second.place(&[room], 4), 4);
    let moves = |position, kind| record_in(room, position, kind);
    hub.publish(&[moves(2, EventKind::MemberLeft)]);
    assert!(second.is_in(room), "at 4 they are back");
    hub.publish(&[moves(3, EventKind::MemberJoined), moves(5, EventKind::MemberLeft)]);
    assert!(!first.is_in(room) && !second.is_in(room));
}

/// The same for the first device: it has read further than was told.
#[test]
fn the_first_listener_may_have_read_of_a_leaving_and_a_joining_too() {
    let room = Id::new(uuid::Uuid::from_u128(9));
    let hub = Hub::starting_at(0);
    let mut listener = hub.listen(AARON, None);
    assert_eq!(listener.place(&[room], 4), 4);
    let moves = |position, kind| record_in(room, position, kind);
    hub.publish(&[moves(2, EventKind::MemberLeft)]);
    assert!(listener.is_in(room), "at 4 they are back");
    hub.publish(&[moves(3, EventKind::MemberJoined), moves(5, EventKind::ConversationRead)]);
    assert_eq!(positions(&mut listener), [2, 3, 5]);
    hub.publish(&[moves(6, EventKind::MemberLeft)]);
    assert!(!listener.is_in(room));
}

/// Somebody comes with two devices at once, and the one that is placed last had read the log first.
#[test]
fn whoever_has_not_read_as_far_as_another_listener_reads_up_to_there() {
    let room = Id::new(uuid::Uuid::from_u128(9));
    let hub = Hub::starting_at(0);
    let (first, second) = (hub.listen(AARON, None), hub.listen(AARON, None));
    assert_eq!(first.place(&[room], 5), 5);
    assert_eq!(second.place(&[], 2), 5, "the hub tells of the room as if they had been there before 5");
}
