//! Where a follower begins.

use std::collections::HashSet;

use diesel::QueryResult;

use super::Following;
use crate::{
    domain::{
        DomainError, IdRole,
        access::{require_conversation, require_user},
    },
    models::{
        event::{self, PositionRange},
        membership,
    },
    store::Connection,
    types::{ConversationKey, EventKind, Id, LogId, UserId},
};

/// How many chatrooms somebody may have joined and left since the position that they have: these are read before anything
/// is told, in some 10 ms. Somebody who creates and leaves chatrooms all day makes 1,700,000 moves.
pub(super) const MOST_MOVES: i64 = 2_000;

/// Where a follower begins.
pub(super) struct Start {
    /// Their chatrooms now.
    pub(super) chatrooms_now: Vec<ConversationKey>,
    /// The end of the log, of the same moment.
    pub(super) position_now: i64,
    /// The position that they have.
    pub(super) position: i64,
    /// Their chatrooms at that position.
    pub(super) chatrooms: HashSet<ConversationKey>,
    /// Whether they were where the log does not reach, or have joined and left too many chatrooms since.
    pub(super) must_reset: bool,
}

impl Start {
    /// Refuses unknown users, and conversations that they cannot read.
    pub(super) fn read(
        connection: &mut Connection,
        log: LogId,
        following: Following,
    ) -> Result<Self, DomainError> {
        let Following { user_id, only, after } = following;
        require_user(connection, user_id, IdRole::User)?;
        if let Some(only) = only {
            require_conversation(connection, only, user_id)?;
        }
        let here = after.filter(|after| after.log == log);
        let start = Self::at(connection, user_id, here.map(|here| here.position))?;
        Ok(Self { must_reset: start.must_reset || here != after, ..start })
    }

    /// Where a follower begins who has this position, or who begins now.
    pub(super) fn at(connection: &mut Connection, user_id: UserId, after: Option<i64>) -> QueryResult<Self> {
        let position_now = event::latest_position(connection)?;
        let oldest = event::oldest_position(connection)?.unwrap_or(1);
        let chatrooms_now: Vec<ConversationKey> =
            membership::all_chatrooms(connection, user_id)?.into_iter().map(Id::cast).collect();
        let now = |must_reset| Self {
            chatrooms: chatrooms_now.iter().copied().collect(),
            chatrooms_now: chatrooms_now.clone(),
            position_now,
            position: position_now,
            must_reset,
        };
        let Some(position) = after else { return Ok(now(false)) };
        // The log has not reached a position of a time before a backup was put back.
        if !(oldest - 1..=position_now).contains(&position) {
            return Ok(now(true));
        }
        let since = PositionRange { after: position, up_to: position_now };
        let moved = event::memberships_of(connection, user_id, since, MOST_MOVES + 1)?;
        if moved.len() > usize::try_from(MOST_MOVES).unwrap_or(usize::MAX) {
            return Ok(now(true));
        }
        let mut then = Self { position, ..now(false) };
        moved.into_iter().rev().for_each(|moved| undo(&mut then.chatrooms, moved));
        Ok(then)
    }
}

/// Takes back what somebody joined or left.
fn undo(chatrooms: &mut HashSet<ConversationKey>, (kind, chatroom): (EventKind, ConversationKey)) {
    match kind {
        EventKind::MemberJoined => drop(chatrooms.remove(&chatroom)),
        _ => drop(chatrooms.insert(chatroom)),
    }
}
