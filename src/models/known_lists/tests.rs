use uuid::Uuid;

use super::*;

fn recipient(number: u128) -> RecipientKey {
    RecipientKey::new(Uuid::from_u128(number))
}

fn newest(recipient_id: RecipientKey) -> Newest {
    Newest { recipient_id, sender_id: None, count: 101 }
}

fn ids(numbers: impl IntoIterator<Item = u128>) -> Vec<MessageId> {
    numbers.into_iter().map(|number| MessageId::new(Uuid::from_u128(number))).collect()
}

#[test]
fn a_list_is_remembered_until_something_is_sent() {
    let known = KnownLists::default();
    let (betty, carol) = (recipient(1), recipient(2));
    known.reader(betty).remember(newest(betty), &ids([1, 2]));
    known.reader(carol).remember(newest(carol), &ids([3]));
    assert_eq!(known.reader(betty).recall(newest(betty)), Some(ids([1, 2])));
    let fewer = Newest { count: 2, ..newest(betty) };
    assert_eq!(known.reader(betty).recall(fewer), None, "another list");

    let sending = known.sending([betty]);
    assert_eq!(known.reader(betty).recall(newest(betty)), None);
    known.reader(betty).remember(newest(betty), &ids([1, 2]));
    assert_eq!(
        known.reader(betty).recall(newest(betty)),
        None,
        "it may have been committed since it was read"
    );
    drop(sending);
    known.reader(betty).remember(newest(betty), &ids([1, 2, 4]));
    assert_eq!(known.reader(betty).recall(newest(betty)), Some(ids([1, 2, 4])));
    assert_eq!(known.reader(carol).recall(newest(carol)), Some(ids([3])), "nothing was sent to Carol");
}

#[test]
fn what_was_read_before_a_message_is_not_remembered_after_it() {
    let known = KnownLists::default();
    let betty = recipient(1);
    let early = known.reader(betty);
    drop(known.sending([betty]));
    early.remember(newest(betty), &ids([1]));
    assert_eq!(known.reader(betty).recall(newest(betty)), None);
}

#[test]
fn nobody_is_given_what_was_remembered_after_their_own_moment() {
    let known = KnownLists::default();
    let betty = recipient(1);
    let early = known.reader(betty);
    drop(known.sending([betty]));
    known.reader(betty).remember(newest(betty), &ids([1, 2]));
    assert_eq!(early.recall(newest(betty)), None);
    assert_eq!(known.reader(betty).recall(newest(betty)), Some(ids([1, 2])));
}

#[test]
fn two_who_send_to_the_same_recipient_both_have_to_end() {
    let known = KnownLists::default();
    let betty = recipient(1);
    let (one, other) = (known.sending([betty, betty]), known.sending([betty]));
    drop(one);
    known.reader(betty).remember(newest(betty), &ids([1]));
    assert_eq!(known.reader(betty).recall(newest(betty)), None);
    drop(other);
    known.reader(betty).remember(newest(betty), &ids([1]));
    assert_eq!(known.reader(betty).recall(newest(betty)), Some(ids([1])));
}

#[test]
fn no_more_than_so_many_are_remembered_and_no_longer_ones() {
    let known = KnownLists::default();
    let betty = recipient(1);
    let of = |count: usize| Newest { count: i64::try_from(count).expect("a small number"), ..newest(betty) };
    for count in 0..=MOST {
        known.reader(betty).remember(of(count), &ids([1]));
    }
    let remembered = (0..=MOST).filter(|count| known.reader(betty).recall(of(*count)).is_some());
    assert_eq!(remembered.collect::<Vec<_>>(), [MOST]);
    known.reader(betty).remember(of(1_000), &ids(0..=LONGEST as u128));
    assert_eq!(known.reader(betty).recall(of(1_000)), None);
}
