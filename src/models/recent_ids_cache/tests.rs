use uuid::Uuid;

use super::*;

fn recipient(number: u128) -> RecipientKey {
    RecipientKey::new(Uuid::from_u128(number))
}

fn key(recipient_id: RecipientKey) -> RecentIdsKey {
    RecentIdsKey { recipient_id, sender_id: None, count: 101 }
}

fn ids(numbers: impl IntoIterator<Item = u128>) -> Vec<MessageId> {
    numbers.into_iter().map(|number| MessageId::new(Uuid::from_u128(number))).collect()
}

#[test]
fn a_list_is_remembered_until_something_is_sent() {
    let cache = RecentIdsCache::default();
    let (betty, carol) = (recipient(1), recipient(2));
    cache.reader(betty).remember(key(betty), &ids([1, 2]));
    cache.reader(carol).remember(key(carol), &ids([3]));
    assert_eq!(cache.reader(betty).recall(key(betty)), Some(ids([1, 2])));
    let fewer = RecentIdsKey { count: 2, ..key(betty) };
    assert_eq!(cache.reader(betty).recall(fewer), None, "another list");

    let sending = cache.sending([betty]);
    assert_eq!(cache.reader(betty).recall(key(betty)), None);
    cache.reader(betty).remember(key(betty), &ids([1, 2]));
    assert_eq!(cache.reader(betty).recall(key(betty)), None, "it may have been committed since it was read");
    drop(sending);
    cache.reader(betty).remember(key(betty), &ids([1, 2, 4]));
    assert_eq!(cache.reader(betty).recall(key(betty)), Some(ids([1, 2, 4])));
    assert_eq!(cache.reader(carol).recall(key(carol)), Some(ids([3])), "nothing was sent to Carol");
}

#[test]
fn what_was_read_before_a_message_is_not_remembered_after_it() {
    let cache = RecentIdsCache::default();
    let betty = recipient(1);
    let early = cache.reader(betty);
    drop(cache.sending([betty]));
    early.remember(key(betty), &ids([1]));
    assert_eq!(cache.reader(betty).recall(key(betty)), None);
}

#[test]
fn nobody_is_given_what_was_remembered_after_their_own_moment() {
    let cache = RecentIdsCache::default();
    let betty = recipient(1);
    let early = cache.reader(betty);
    drop(cache.sending([betty]));
    cache.reader(betty).remember(key(betty), &ids([1, 2]));
    assert_eq!(early.recall(key(betty)), None);
    assert_eq!(cache.reader(betty).recall(key(betty)), Some(ids([1, 2])));
}

#[test]
fn two_who_send_to_the_same_recipient_both_have_to_end() {
    let cache = RecentIdsCache::default();
    let betty = recipient(1);
    let (one, other) = (cache.sending([betty, betty]), cache.sending([betty]));
    drop(one);
    cache.reader(betty).remember(key(betty), &ids([1]));
    assert_eq!(cache.reader(betty).recall(key(betty)), None);
    drop(other);
    cache.reader(betty).remember(key(betty), &ids([1]));
    assert_eq!(cache.reader(betty).recall(key(betty)), Some(ids([1])));
}

#[test]
fn no_more_than_so_many_are_remembered_and_no_longer_ones() {
    let cache = RecentIdsCache::default();
    let betty = recipient(1);
    let of =
        |count: usize| RecentIdsKey { count: i64::try_from(count).expect("a small number"), ..key(betty) };
    for count in 0..=MOST {
        cache.reader(betty).remember(of(count), &ids([1]));
    }
    let remembered = (0..=MOST).filter(|count| cache.reader(betty).recall(of(*count)).is_some());
    assert_eq!(remembered.collect::<Vec<_>>(), [MOST]);
    cache.reader(betty).remember(of(1_000), &ids(0..=LONGEST as u128));
    assert_eq!(cache.reader(betty).recall(of(1_000)), None);
}
