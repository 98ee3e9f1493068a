//! Edit and delete messages.

use std::sync::Arc;

use crate::{
    app::App,
    domain::{
        DomainError, MessageView, Refusal, access::require_own_message, view::require_message_view as view,
    },
    models::{Changing, Message, NewEvent, event, message, reaction},
    store::Connection,
    types::{EventKind, MessageId, MessageText, TextDigest, Timestamp, UserId},
};

/// What a message is to say.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Its sender.
    pub actor_id: UserId,
    /// Which one.
    pub message_id: MessageId,
    /// The new text.
    pub text: MessageText,
}

/// Replaces the text of a message; its place and its time stay. The same text changes nothing.
///
/// Refuses everybody but its sender, and a message that was deleted.
pub async fn edit_message(app: &App, edit: Edit) -> Result<MessageView, DomainError> {
    let (clock, changing) = (Arc::clone(&app.clock), app.messages.changing(edit.message_id));
    let write = move |connection: &mut Connection| {
        let message = self::edit(connection, edit, clock.now())?;
        Ok((view(connection, message)?, changing))
    };
    app.store.write(write).await.map(|(view, _): (MessageView, Changing)| view)
}

/// The same inside a transaction.
pub(super) fn edit(connection: &mut Connection, edit: Edit, now: Timestamp) -> Result<Message, DomainError> {
    let before = require_own_message(connection, edit.message_id, edit.actor_id)?;
    if before.deleted_at.is_some() {
        return Err(Refusal::MessageDeleted(before.id).into());
    }
    if before.text == edit.text {
        return Ok(before);
    }
    let edited_at = Some(now);
    let after = Message { text: edit.text, edited_at, sent_digest: sent_digest(&before), ..before };
    store(connection, after, EventKind::MessageEdited, now)
}

/// Empties a message and takes back the reactions to it; its place stays. A second time changes nothing.
///
/// Refuses everybody but its sender.
pub async fn delete_message(
    app: &App,
    message_id: MessageId,
    actor_id: UserId,
) -> Result<MessageView, DomainError> {
    let (clock, changing) = (Arc::clone(&app.clock), app.messages.changing(message_id));
    let write = move |connection: &mut Connection| {
        let message = delete(connection, message_id, actor_id, clock.now())?;
        Ok((view(connection, message)?, changing))
    };
    app.store.write(write).await.map(|(view, _): (MessageView, Changing)| view)
}

/// The same inside a transaction.
pub(super) fn delete(
    connection: &mut Connection,
    message_id: MessageId,
    actor_id: UserId,
    now: Timestamp,
) -> Result<Message, DomainError> {
    let before = require_own_message(connection, message_id, actor_id)?;
    if before.deleted_at.is_some() {
        return Ok(before);
    }
    reaction::delete_all(connection, message_id)?;
    let sent_digest = sent_digest(&before);
    let text = MessageText::deleted();
    let after = Message { text, deleted_at: Some(now), sent_digest, ..before };
    store(connection, after, EventKind::MessageDeleted, now)
}

/// A retry of the sending must still be known for one; nobody retries without a key.
fn sent_digest(before: &Message) -> Option<TextDigest> {
    before.client_message_id.as_ref()?;
    Some(before.sent_digest.unwrap_or_else(|| TextDigest::of(&before.text)))
}

fn store(
    connection: &mut Connection,
    message: Message,
    kind: EventKind,
    now: Timestamp,
) -> Result<Message, DomainError> {
    message::update(connection, &message)?;
    event::append(connection, &NewEvent::about(&message, kind, message.sender_id, now))?;
    Ok(message)
}
