//! Read on in the log for somebody: all of a short part of it, and of a long one only what is in their conversations.

use std::collections::{HashSet, VecDeque};

use diesel::QueryResult;

use crate::{
    live::Entry,
    models::{
        Conversation, Event,
        conversation::Side,
        event::{self, Span},
    },
    store::Connection,
    types::{ConversationKey, UserId},
};

/// How much is read at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// Events; a part of the log that is no longer than this is read as a whole.
    pub(super) window: u16,
    /// Positions of the log in which somebody's conversations are looked up.
    pub(super) stretch: i64,
    /// Positions that are kept until they are read, which bounds the memory that somebody takes who missed much.
    pub(super) found: u16,
    /// Where more than one event of so many is for them, all of the stretch is read: that is cheaper then.
    pub(super) rarity: i64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { window: 1_000, stretch: 100_000, found: 10_000, rarity: 2 }
    }
}

/// How many chatrooms are looked up with one statement.
const CHATROOMS: usize = 100;

/// Events with the conversations they are about, in order.
type Rows = Vec<(Event, Conversation)>;

/// What somebody is told of.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    pub(super) user_id: UserId,
    /// Only this conversation; all of theirs, when there is none.
    pub(super) only: Option<ConversationKey>,
    /// Their chatrooms, at a position of the log.
    pub(super) chatrooms: HashSet<ConversationKey>,
}

impl Reach {
    pub(super) fn includes(&self, conversation: &Conversation) -> bool {
        if self.only.is_some_and(|only| only != conversation.key) {
            return false;
        }
        match conversation.pair() {
            Some(pair) => pair.contains(&self.user_id),
            None => self.chatrooms.contains(&conversation.key),
        }
    }

    /// Leaves out what cannot concern them, before it is loaded.
    fn leave_out_others(mut self, rows: &mut Rows) {
        let own = rows.iter().filter(|(event, _)| event.member_id == Some(self.user_id));
        self.chatrooms.extend(own.map(|(event, _)| event.conversation_id));
        rows.retain(|(_, conversation)| self.includes(conversation));
    }
}

/// Where there may be something for somebody, as far as it was looked up and is not read yet.
#[derive(Debug, Default)]
pub(super) struct Found {
    positions: VecDeque<i64>,
    /// Everything up to here was looked up.
    up_to: i64,
    /// It was so much that none of it is kept, and everything is read.
    is_most: bool,
}

/// A part of the log that was read.
#[derive(Debug)]
pub(super) struct Piece {
    /// What may concern somebody, in order.
    pub(super) entries: Vec<Entry>,
    /// There is nothing else for them up to here.
    pub(super) up_to: i64,
    /// What comes after it, as far as it is known.
    pub(super) found: Found,
}

/// Somebody who reads the log.
#[derive(Debug)]
pub(super) struct Replay {
    /// What they are told of, where they are in the log.
    pub(super) reach: Reach,
    pub(super) sizes: Sizes,
    /// What was found and left when they read the last time.
    pub(super) found: Found,
}

impl Replay {
    /// Reads the next piece of a part of the log, from its start.
    pub(super) fn read(mut self, connection: &mut Connection, span: Span) -> QueryResult<Piece> {
        let window = i64::from(self.sizes.window);
        let is_known = self.found.up_to > span.after;
        if self.reach.only.is_none() && span.length() > window && !is_known {
            self.found = self.look_up(connection, span.at_most(self.sizes.stretch))?;
        }
        let is_kept = self.found.up_to > span.after && !self.found.is_most;
        let (mut rows, up_to) = match self.reach.only {
            Some(only) => self.read_one(connection, only, span)?,
            None if is_kept => self.read_found(connection)?,
            None => self.read_all(connection, span.at_most(window))?,
        };
        self.reach.leave_out_others(&mut rows);
        Ok(Piece { entries: Entry::load(connection, rows)?, up_to, found: self.found })
    }

    fn read_all(&self, connection: &mut Connection, span: Span) -> QueryResult<(Rows, i64)> {
        Ok((event::read(connection, span, None, self.sizes.window.into())?, span.up_to))
    }

    /// One conversation is one stretch of an index, however far its events are apart.
    fn read_one(
        &self,
        connection: &mut Connection,
        only: ConversationKey,
        span: Span,
    ) -> QueryResult<(Rows, i64)> {
        let rows = event::read(connection, span, Some(only), self.sizes.window.into())?;
        let is_full = rows.len() == usize::from(self.sizes.window);
        let last = rows.last().filter(|_| is_full).map(|(event, _)| event.position);
        Ok((rows, last.unwrap_or(span.up_to)))
    }

    fn read_found(&mut self, connection: &mut Connection) -> QueryResult<(Rows, i64)> {
        let count = self.found.positions.len().min(self.sizes.window.into());
        let positions: Vec<i64> = self.found.positions.drain(..count).collect();
        let last = positions.last().filter(|_| !self.found.positions.is_empty());
        let up_to = last.copied().unwrap_or(self.found.up_to);
        Ok((event::at(connection, &positions)?, up_to))
    }

    /// Looks up where something happened in their conversations, through an index of these. Also in what they left meanwhile,
    /// and before they joined: what of it they are told is decided when it is told.
    fn look_up(&self, connection: &mut Connection, span: Span) -> QueryResult<Found> {
        let Reach { user_id, chatrooms, .. } = &self.reach;
        let mut positions = event::positions_beside(connection, *user_id, Side::Lower, span)?;
        positions.extend(event::positions_beside(connection, *user_id, Side::Higher, span)?);
        let moved = event::memberships_of(connection, *user_id, span)?;
        let moved = moved.iter().map(|event| event.conversation_id);
        let chatrooms: HashSet<_> = chatrooms.iter().copied().chain(moved).collect();
        for some in chatrooms.into_iter().collect::<Vec<_>>().chunks(CHATROOMS) {
            positions.extend(event::positions_in(connection, some, span)?);
        }
        let count = i64::try_from(positions.len()).unwrap_or(i64::MAX);
        if count.saturating_mul(self.sizes.rarity) > span.length() {
            return Ok(Found { up_to: span.up_to, is_most: true, ..Found::default() });
        }
        Ok(self.keep(positions, span))
    }

    /// Keeps the first ones; the others are looked up again.
    fn keep(&self, mut positions: Vec<i64>, span: Span) -> Found {
        positions.sort_unstable();
        let most = usize::from(self.sizes.found);
        let is_too_much = positions.len() > most;
        positions.truncate(most);
        positions.shrink_to_fit();
        let last = positions.last().filter(|_| is_too_much);
        let up_to = last.copied().unwrap_or(span.up_to);
        Found { positions: positions.into(), up_to, is_most: false }
    }
}
