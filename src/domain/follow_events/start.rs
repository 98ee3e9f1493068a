//! Where a follower begins.

use std::collections::HashSet;

use diesel::QueryResult;

use super::Following;
use crate::{
    domain::{
        DomainError, Party,
        access::{require_conversation, require_user},
    },
    models::{
        Event,
        event::{self, Span},
        membership,
    },
    store::Connection,
    types::{ConversationKey, EventKind, Id, LogId, UserId},
};

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
    /// Whether they were where the log does not reach.
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
        require_user(connection, user_id, Party::User)?;
        if let Some(only) = only {
            require_conversation(connection, only, user_id)?;
        }
        let here = after.filter(|after| after.log == log);
        let start = Self::at(connection, user_id, here.map(|here| here.position))?;
        Ok(Self { must_reset: start.must_reset || here != after, ..start })
    }

    /// The same where that was looked at.
    pub(super) fn at(connection: &mut Connection, user_id: UserId, after: Option<i64>) -> QueryResult<Self> {
        let position_now = event::latest_position(connection)?;
        let oldest = event::oldest_position(connection)?.unwrap_or(1);
        // The log has not reached a position of a time before a backup was put back.
        let is_kept = |after: i64| (oldest - 1..=position_now).contains(&after);
        let must_reset = after.is_some_and(|after| !is_kept(after));
        let position = after.filter(|after| is_kept(*after)).unwrap_or(position_now);
        let chatrooms_now: Vec<ConversationKey> =
            membership::all_chatrooms(connection, user_id)?.into_iter().map(Id::cast).collect();
        let mut chatrooms: HashSet<_> = chatrooms_now.iter().copied().collect();
        let since = Span { after: position, up_to: i64::MAX };
        for event in event::memberships_of(connection, user_id, since)?.iter().rev() {
            undo(&mut chatrooms, event);
        }
        Ok(Self { chatrooms_now, position_now, position, chatrooms, must_reset })
    }
}

/// Takes back what somebody joined or left.
fn undo(chatrooms: &mut HashSet<ConversationKey>, event: &Event) {
    match event.kind {
        EventKind::MemberJoined => drop(chatrooms.remove(&event.conversation_id)),
        _ => drop(chatrooms.insert(event.conversation_id)),
    }
}
