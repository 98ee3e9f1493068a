//! Read the history of conversations, in both directions.

use std::{collections::HashMap, sync::Arc};

use crate::{
    app::App,
    domain::{
        ConversationScope, DomainError, MessageView, ReadScope, Snapshot, access::still_readable,
        participants::Participants,
    },
    models::{
        Conversation, Message, MessageReader, UserReader, conversation,
        message::{self, SeqRange},
    },
    store::Connection,
    types::{Bounds, ConversationKey, Page},
};

/// Which part of which conversation; bounds are seqs, in the order newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct History {
    /// The conversation.
    pub conversation_id: ConversationKey,
    /// Which part of it.
    pub bounds: Bounds<i64>,
    /// What the one who asks may see.
    pub read_scope: ReadScope,
}

/// Pages of several histories with as many round trips as one. Those that are unknown, and those that whoever asks may not
/// read any more, are empty, of the same moment as the others: who follows from there misses nothing and hears nothing twice.
pub async fn read_histories(
    app: &App,
    histories: Vec<History>,
) -> Result<HashMap<History, Snapshot<Page<MessageView>>>, DomainError> {
    let (users, messages) = (app.users.reader(), app.messages.reader());
    let rows = histories.iter().map(|history| history.bounds.limit).fold(0, u32::saturating_add);
    app.store.read_rows(rows, move |connection| read(connection, &users, &messages, histories)).await
}

fn read(
    connection: &mut Connection,
    users: &UserReader,
    messages: &MessageReader,
    histories: Vec<History>,
) -> Result<HashMap<History, Snapshot<Page<MessageView>>>, DomainError> {
    let moment = Snapshot::begin(connection)?;
    let ids: Vec<_> = histories.iter().map(|history| history.conversation_id).collect();
    let found = conversation::find_all(connection, &ids)?;
    let known: HashMap<_, _> =
        found.into_iter().map(|conversation| (conversation.key, conversation)).collect();
    let scope = |history: &History| {
        (history.read_scope, known.get(&history.conversation_id).map(ConversationScope::of))
    };
    let nothing =
        |history: &History| (*history, moment.clone().map(|()| history.bounds.into_page(Vec::new())));
    let mut pages: HashMap<_, _> = histories.iter().map(nothing).collect();
    let wanted: Vec<(History, SeqRange)> = still_readable(connection, histories, scope)?
        .into_iter()
        .filter_map(|history| {
            Some((history, seq_range(history.bounds, *known.get(&history.conversation_id)?)))
        })
        .collect();
    let ranges: Vec<SeqRange> = wanted.iter().map(|(_, range)| *range).collect();
    let mut loaded = message::in_ranges(connection, messages, &ranges)?;
    loaded.sort_unstable_by_key(|message| place_of(message));
    let participants = Participants::of_messages(connection, users, &loaded)?;
    pages.extend(wanted.into_iter().map(|(history, range)| {
        (history, moment.clone().map(|()| page(history.bounds, range, &loaded, &participants)))
    }));
    Ok(pages)
}

fn place_of(message: &Message) -> (ConversationKey, i64) {
    (message.conversation_id, message.seq)
}

/// The seqs to read. They are dense, so a page is found by counting.
fn seq_range(bounds: Bounds<i64>, conversation: Conversation) -> SeqRange {
    // A cursor can be made up, with any seq in it.
    let latest = conversation.latest_seq;
    let newest = bounds.after.map_or(latest, |after| after.clamp(1, latest + 1) - 1);
    let oldest = bounds.before.map_or(1, |before| before.clamp(0, latest) + 1);
    let (lowest, highest) = if bounds.from_end {
        (oldest, newest.min(oldest + bounds.fetch_limit() - 1))
    } else {
        (oldest.max(newest - bounds.fetch_limit() + 1), newest)
    };
    SeqRange { conversation_id: conversation.key, lowest, highest }
}

/// The part of the loaded messages, which are sorted, that a page has.
fn page(
    bounds: Bounds<i64>,
    SeqRange { conversation_id, lowest, highest }: SeqRange,
    loaded: &[Arc<Message>],
    participants: &Arc<Participants>,
) -> Page<MessageView> {
    let start = loaded.partition_point(|message| place_of(message) < (conversation_id, lowest));
    let rest = loaded.iter().skip(start);
    let range = rest.take_while(|message| place_of(message) <= (conversation_id, highest));
    let mut rows: Vec<_> =
        range.filter_map(|message| MessageView::new(Arc::clone(message), participants)).collect();
    if !bounds.from_end {
        rows.reverse();
    }
    bounds.into_page(rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    /// Any number that a cursor can hold, the likely ones more often.
    fn seq() -> impl Strategy<Value = Option<i64>> {
        let seq = prop_oneof![3 => 1..40_i64, 1 => 1..=i64::MAX, 1 => Just(i64::MAX)];
        proptest::option::of(seq)
    }

    proptest! {
        #[test]
        fn a_range_holds_the_page_and_one_more(
            latest_seq in 0..30_i64, after in seq(), before in seq(), limit in 0..40_u32, from_end: bool,
        ) {
            let id = ConversationKey::new(Uuid::nil());
            let bounds = Bounds { after, before, limit, from_end };
            let SeqRange { lowest, highest, .. } = seq_range(bounds, Conversation { latest_seq, ..Conversation::of_chatroom(id) });

            let newest_first = (1..=latest_seq).rev();
            let mut wanted: Vec<i64> = newest_first
                .filter(|seq| after.is_none_or(|after| *seq < after) && before.is_none_or(|before| *seq > before))
                .collect();
            if from_end {
                wanted.reverse();
            }
            wanted.truncate(limit as usize + 1);
            wanted.sort_unstable();
            prop_assert_eq!((lowest..=highest).collect::<Vec<_>>(), wanted);
        }
    }
}
