//! Mark a conversation as read.

use std::sync::Arc;

use crate::{
    app::App,
    domain::{
        ConversationView, DomainError, Refusal, access::require_conversation, view::require_conversation_view,
    },
    models::{Conversation, NewEvent, ReadPosition, event, message, read_position},
    store::Connection,
    types::{ConversationId, EventKind, RecipientKey, Timestamp, UserId},
};

/// How far somebody has read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// Who.
    pub actor_id: UserId,
    /// What.
    pub conversation_id: ConversationId,
    /// The greatest seq that they have read.
    pub read_up_to: i64,
}

/// Moves somebody's position forward; one that is further already stays.
///
/// Refuses conversations that they cannot read, and a place where no message is yet.
pub async fn mark_read(app: &App, reading: Reading) -> Result<ConversationView, DomainError> {
    let clock = Arc::clone(&app.clock);
    app.store
        .write(move |connection| {
            let now = clock.now();
            let conversation = mark(connection, reading, now)?;
            require_conversation_view(connection, &conversation)
        })
        .await
}

/// The same inside a transaction.
pub(super) fn mark(
    connection: &mut Connection,
    reading: Reading,
    now: Timestamp,
) -> Result<Conversation, DomainError> {
    let Reading { actor_id, conversation_id, read_up_to } = reading;
    let conversation = require_conversation(connection, conversation_id, actor_id)?;
    let latest = conversation.latest_seq;
    if !(0..=latest).contains(&read_up_to) {
        return Err(Refusal::SeqOutOfRange { actual: read_up_to, latest }.into());
    }
    let found = read_position::find(connection, conversation.key, actor_id)?;
    let before = found.unwrap_or_else(|| ReadPosition::starting_at(0, actor_id, conversation.key));
    if read_up_to <= before.read_up_to {
        return Ok(conversation);
    }
    let own_read = own_up_to(connection, &conversation, &before, read_up_to)?;
    let after = ReadPosition { read_up_to, own_read, ..before };
    match found {
        Some(_) => read_position::advance(connection, &after)?,
        None => read_position::insert(connection, after)?,
    }
    let event = NewEvent {
        seq: Some(read_up_to),
        ..NewEvent::new(EventKind::ConversationRead, conversation.key, actor_id, now)
    };
    event::append(connection, &event)?;
    Ok(conversation)
}

/// How many of the messages up to a seq are one's own. Looks at no more than was sent since the position before.
fn own_up_to(
    connection: &mut Connection,
    conversation: &Conversation,
    before: &ReadPosition,
    read_up_to: i64,
) -> Result<i64, DomainError> {
    if read_up_to == conversation.latest_seq {
        return Ok(before.own_sent);
    }
    let user_id = before.user_id;
    let after = message::id_at(connection, conversation.key, before.read_up_to)?;
    let Some(up_to) = message::id_at(connection, conversation.key, read_up_to)? else {
        return Ok(before.own_read);
    };
    let sent = (user_id, recipient_of(conversation, user_id));
    Ok(before.own_read + message::count_sent(connection, sent, after, up_to)?)
}

/// To whom somebody's messages in a conversation are sent.
fn recipient_of(conversation: &Conversation, user_id: UserId) -> RecipientKey {
    match conversation.pair() {
        Some([lower, higher]) if lower == user_id => higher.cast(),
        Some([lower, _]) => lower.cast(),
        None => conversation.key.cast(),
    }
}
