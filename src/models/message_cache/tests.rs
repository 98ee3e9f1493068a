//! What is remembered of messages, and for how long.

use diesel::{Connection as _, sqlite::SqliteConnection};
use uuid::Uuid;

use super::*;
use crate::types::{MessageText, Timestamp, UserId};

/// A table of one message, which says what it is told to, and how often it was asked.
struct Table {
    connection: Connection,
    text: &'static str,
    reads: usize,
}

impl Table {
    fn saying(text: &'static str) -> Self {
        let connection = SqliteConnection::establish(":memory:").expect("a database");
        Self { connection: Connection::Sqlite(connection), text, reads: 0 }
    }

    /// What somebody is told of these messages.
    fn told(&mut self, reader: &MessageReader, numbers: impl IntoIterator<Item = u128>) -> Vec<String> {
        let ids: Vec<_> = numbers.into_iter().map(|number| MessageId::new(Uuid::from_u128(number))).collect();
        let read = |_: &mut Connection, missing: &[MessageId]| {
            self.reads += missing.len();
            Ok(missing.iter().rev().map(|id| message(*id, self.text)).collect())
        };
        let found = reader.find_each(&mut self.connection, &ids, read).expect("messages");
        assert_eq!(found.iter().map(|message| message.id).collect::<Vec<_>>(), ids);
        found.iter().map(|message| message.text.as_str().to_owned()).collect()
    }
}

fn message(id: MessageId, text: &str) -> Message {
    Message {
        recipient_id: UserId::new(Uuid::nil()).cast(),
        id,
        conversation_id: UserId::new(Uuid::nil()).cast(),
        seq: 1,
        sender_id: UserId::new(Uuid::nil()),
        sent_at: Timestamp::from_millis(0),
        client_message_id: None,
        text: MessageText::parse(text.to_owned()).expect("a text"),
        edited_at: None,
        deleted_at: None,
        reply_to_id: None,
        sent_digest: None,
    }
}

const ONE: MessageId = MessageId::new(Uuid::from_u128(1));

#[test]
fn what_was_read_is_not_read_again() {
    let (cache, mut table) = (MessageCache::default(), Table::saying("Hello"));
    assert_eq!(table.told(&cache.reader(), [1, 2]), ["Hello"; 2]);
    assert_eq!(table.told(&cache.reader(), [3, 2, 1]), ["Hello"; 3]);
    assert_eq!(table.reads, 3);
}

#[test]
fn nothing_is_remembered_across_a_change() {
    let (cache, mut table) = (MessageCache::default(), Table::saying("before"));
    let early = cache.reader();
    table.told(&early, [1]);

    let changing = cache.changing(ONE);
    let meanwhile = cache.reader();
    assert_eq!(table.told(&meanwhile, [1]), ["before"]);
    drop(changing);
    table.text = "after";
    assert_eq!(table.told(&early, [1]), ["after"], "the message was forgotten");
    assert_eq!(table.told(&meanwhile, [1]), ["after"], "and read before the change by nobody who remembers");
    assert_eq!(table.reads, 4);
}

#[test]
fn whoever_began_earlier_is_not_told_what_came_later() {
    let (cache, mut table) = (MessageCache::default(), Table::saying("before"));
    let early = cache.reader();
    drop(cache.changing(ONE));
    table.text = "after";
    assert_eq!(table.told(&cache.reader(), [1]), ["after"]);

    table.text = "before";
    assert_eq!(table.told(&early, [1]), ["before"], "as their moment has it");
    assert_eq!(table.told(&cache.reader(), [1]), ["after"]);
}

#[test]
fn what_nobody_asks_for_is_forgotten() {
    let (cache, mut table) = (MessageCache::default(), Table::saying("Hello"));
    let generation = (GENERATION_BYTES / ROW_BYTES) as u128;
    for start in (0..3 * generation).step_by(100) {
        table.told(&cache.reader(), [u128::MAX]);
        table.told(&cache.reader(), start..start + 100);
    }
    assert!(
        cache.read().young.len() + cache.read().old.len() <= (2 * GENERATION_BYTES + ROW_BYTES) / ROW_BYTES
    );
    table.reads = 0;
    table.told(&cache.reader(), [u128::MAX]);
    assert_eq!(table.reads, 0, "it was asked for all the time");
    table.told(&cache.reader(), [0]);
    assert_eq!(table.reads, 1);
}
