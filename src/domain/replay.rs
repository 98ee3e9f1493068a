//! Read on in the log for somebody: first where there is something for them, then what it is, a few at a time
//! as they are told.

use std::{
    collections::{HashSet, VecDeque},
    mem,
    sync::Arc,
};

use diesel::QueryResult;

use crate::{
    live::EventRecord,
    models::{
        Conversation, Event,
        conversation::Side,
        event::{self, PositionRange, positions},
        membership,
    },
    store::Connection,
    types::{ConversationKey, Id, UserId},
};

/// How much is read at once. What is read waits in memory for somebody who may not take it: 32 KiB of
/// records, or one, and 16 KiB of positions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Entries. A thousand would be told a fifth faster than 50. `docs/performance.md` has the figures.
    pub(super) batch: usize,
    /// Bytes of these; what is more is read again when it is its turn. There is always one record.
    pub(super) bytes: usize,
    /// Positions of the log that are scanned one by one.
    pub(super) window: i64,
    /// Positions of the log in which somebody's conversations are looked up.
    pub(super) lookup_range: i64,
    /// Positions that are kept until they are read, which bounds the memory that somebody takes who missed
    /// much.
    pub(super) found: usize,
    /// Where more than one event of so many is visible, all of the stretch is scanned: that is cheaper then.
    pub(super) scan_threshold: i64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            batch: 50,
            bytes: 32 * 1024,
            window: 1_000,
            lookup_range: 100_000,
            found: 2_000,
            scan_threshold: 2,
        }
    }
}

/// How many chatrooms are looked up with one statement.
const CHATROOMS: usize = 100;

/// Events with the conversations they are about, in order.
type Rows = Vec<(Event, Conversation)>;

/// Which events are visible to a user.
#[derive(Clone, Debug)]
pub(super) struct Visibility {
    pub(super) user_id: UserId,
    /// Only this conversation; all of theirs, when there is none.
    pub(super) only: Option<ConversationKey>,
    /// Their chatrooms, at a position of the log; shared with others as long as it does not change.
    pub(super) chatrooms: Arc<HashSet<ConversationKey>>,
}

impl Visibility {
    /// Shares a set that others have, when it is the same: a copy of its own would take 40 KB for 1,000
    /// chatrooms.
    pub(super) fn sharing(self, others: Arc<HashSet<ConversationKey>>) -> Self {
        if *self.chatrooms == *others { Self { chatrooms: others, ..self } } else { self }
    }

    /// Whether the next event is visible to the user, with the chatrooms that it changes. A user who joins by
    /// it sees it; a user who leaves by it sees nothing after it.
    pub(super) fn observe(&mut self, event: &Event, conversation: &Conversation) -> bool {
        let is_own = |joins| event.movement() == Some((self.user_id, joins));
        let (joins, leaves) = (is_own(true), is_own(false));
        if joins {
            Arc::make_mut(&mut self.chatrooms).insert(conversation.key);
        }
        let is_included = self.includes(conversation);
        if leaves {
            Arc::make_mut(&mut self.chatrooms).remove(&conversation.key);
        }
        is_included
    }

    fn includes(&self, conversation: &Conversation) -> bool {
        if self.only.is_some_and(|only| only != conversation.key) {
            return false;
        }
        match conversation.pair() {
            Some(pair) => pair.contains(&self.user_id),
            None => self.chatrooms.contains(&conversation.key),
        }
    }
}

/// Where there may be something for somebody, as far as it was looked up and is not read yet.
#[derive(Debug, Default)]
struct Found {
    positions: VecDeque<i64>,
    /// Everything up to here was looked up.
    up_to: i64,
    /// Most of what comes up to here is for them.
    is_most_up_to: i64,
}

/// A part of the log that was read.
#[derive(Debug)]
pub(super) struct Piece {
    /// What they are told, in order.
    pub(super) records: Vec<EventRecord>,
    /// There is nothing else for them up to here.
    pub(super) up_to: i64,
}

/// Somebody who reads the log.
#[derive(Debug)]
pub(super) struct Replay {
    /// What is visible to the user, at their position in the log.
    pub(super) visibility: Visibility,
    pub(super) sizes: Sizes,
    /// How many records are read next: fewer after long ones.
    batch: usize,
    /// What was found, and is not read yet.
    found: Found,
}

impl Replay {
    pub(super) fn new(visibility: Visibility) -> Self {
        Self { visibility, sizes: Sizes::default(), batch: usize::MAX, found: Found::default() }
    }

    /// Takes the state for a read on another thread, which then replaces this one; when the read fails, what
    /// was found is found again.
    pub(super) fn take_for_read(&mut self) -> Self {
        Self { visibility: self.visibility.clone(), found: mem::take(&mut self.found), ..*self }
    }

    /// Reads the next piece of a part of the log, from its start.
    pub(super) fn read(&mut self, connection: &mut Connection, range: PositionRange) -> QueryResult<Piece> {
        if self.found.up_to <= range.after {
            let (positions, searched) = self.find(connection, range)?;
            self.keep(positions, searched);
        }
        let found = &mut self.found;
        let count = found.positions.len().min(self.batch).min(self.sizes.batch);
        let positions: Vec<i64> = found.positions.drain(..count).collect();
        let last = positions.last().filter(|_| !found.positions.is_empty());
        let up_to = last.copied().unwrap_or(found.up_to);
        let mut rows = event::at(connection, &positions)?;
        let (before, all) = (self.visibility.clone(), rows.clone());
        self.leave_out(connection, &mut rows)?;
        let mut records = EventRecord::load(connection, rows)?;
        let Some(cut) = place_of_cut(&records, self.sizes.bytes) else {
            self.batch = self.batch.saturating_mul(2).min(self.sizes.batch);
            return Ok(Piece { records, up_to });
        };
        let first_left = records[cut].event.position;
        records.truncate(cut);
        self.batch = 2 * cut;
        self.visibility = before;
        for (event, conversation) in all.iter().take_while(|(event, _)| event.position < first_left) {
            self.visibility.observe(event, conversation);
        }
        let (read, left): (Vec<i64>, Vec<i64>) =
            positions.into_iter().partition(|position| *position < first_left);
        left.into_iter().rev().for_each(|position| self.found.positions.push_front(position));
        Ok(Piece { records, up_to: read.last().copied().unwrap_or(range.after) })
    }

    /// Leaves out what does not concern them, and what they may not read any more: records tell how things
    /// are now, so what happened in a chatroom is told to who is still in it. Who is not is told that they
    /// left.
    fn leave_out(&mut self, connection: &mut Connection, rows: &mut Rows) -> QueryResult<()> {
        let user_id = self.visibility.user_id;
        rows.retain(|(event, conversation)| self.visibility.observe(event, conversation));
        let rooms = rows.iter().filter(|(_, conversation)| conversation.pair().is_none());
        let rooms: HashSet<_> = rooms.map(|(_, conversation)| conversation.key.cast()).collect();
        let rooms: Vec<_> = rooms.into_iter().collect();
        let rooms = membership::chatrooms_among(connection, user_id, &rooms)?;
        let rooms: HashSet<ConversationKey> = rooms.into_iter().map(Id::cast).collect();
        rows.retain(|(event, conversation)| {
            let may_read = conversation.pair().is_some() || rooms.contains(&conversation.key);
            may_read || event.movement() == Some((user_id, false))
        });
        Ok(())
    }

    /// Finds where there may be something in the next part of the log, and gives that part as well. Also in
    /// chatrooms that they left meanwhile, and before they joined: what of it they are told is decided when
    /// it is read.
    fn find(
        &mut self,
        connection: &mut Connection,
        range: PositionRange,
    ) -> QueryResult<(Vec<i64>, PositionRange)> {
        let limit = i64::try_from(self.sizes.found).unwrap_or(i64::MAX).saturating_add(1);
        if let Some(only) = self.visibility.only {
            let positions = positions::of_one(connection, only, range, limit)?;
            return Ok((positions, range));
        }
        let window = range.at_most(self.sizes.window);
        if window != range && self.found.is_most_up_to <= range.after {
            let lookup_range = range.at_most(self.sizes.lookup_range);
            let positions = self.index_lookup(connection, lookup_range)?;
            let count = i64::try_from(positions.len()).unwrap_or(i64::MAX);
            if count.saturating_mul(self.sizes.scan_threshold) <= lookup_range.length() {
                return Ok((positions, lookup_range));
            }
            self.found.is_most_up_to = lookup_range.up_to;
        }
        let positions = self.scan(connection, window)?;
        Ok((positions, window))
    }

    /// Scans every event.
    fn scan(&self, connection: &mut Connection, range: PositionRange) -> QueryResult<Vec<i64>> {
        let rows = positions::outline(connection, range)?;
        let mut visibility = self.visibility.clone();
        let own = rows.iter().filter(|(_, member_id, _)| *member_id == Some(visibility.user_id));
        let own: Vec<_> = own.map(|(.., conversation)| conversation.key).collect();
        if !own.is_empty() {
            Arc::make_mut(&mut visibility.chatrooms).extend(own);
        }
        let theirs = rows.iter().filter(|(.., conversation)| visibility.includes(conversation));
        Ok(theirs.map(|(position, ..)| *position).collect())
    }

    /// Looks up the events of the user's conversations in an index.
    fn index_lookup(&self, connection: &mut Connection, range: PositionRange) -> QueryResult<Vec<i64>> {
        let Visibility { user_id, chatrooms, .. } = &self.visibility;
        let mut positions = positions::beside(connection, *user_id, Side::Lower, range)?;
        positions.extend(positions::beside(connection, *user_id, Side::Higher, range)?);
        let moved = event::memberships_of(connection, *user_id, range, self.sizes.lookup_range)?;
        let moved = moved.into_iter().map(|(_, chatroom)| chatroom);
        let chatrooms: HashSet<_> = chatrooms.iter().copied().chain(moved).collect();
        for some in chatrooms.into_iter().collect::<Vec<_>>().chunks(CHATROOMS) {
            positions.extend(positions::of_some(connection, some, range)?);
        }
        positions.sort_unstable();
        Ok(positions)
    }

    /// Keeps the first ones; the others are found again.
    fn keep(&mut self, mut positions: Vec<i64>, range: PositionRange) {
        let most = self.sizes.found;
        let is_too_much = positions.len() > most;
        positions.truncate(most);
        positions.shrink_to_fit();
        let last = positions.last().filter(|_| is_too_much);
        self.found.up_to = last.copied().unwrap_or(range.up_to);
        self.found.positions = positions.into();
    }
}

/// The first of the records that is one too many bytes, but for the very first.
fn place_of_cut(records: &[EventRecord], most: usize) -> Option<usize> {
    let mut bytes = 0_usize;
    records.iter().position(|record| {
        let is_first = bytes == 0;
        bytes = bytes.saturating_add(record.bytes());
        bytes > most && !is_first
    })
}
