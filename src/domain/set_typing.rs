//! Say that one is typing.

use crate::{
    app::App,
    domain::{ConversationView, DomainError, access::require_conversation, participants::Participants},
    store::StoreError,
    types::{ConversationId, Typist, UserId},
};

/// Somebody types, or has stopped.
#[derive(Clone, Copy, Debug)]
pub struct Typing {
    /// Who.
    pub actor_id: UserId,
    /// Where.
    pub conversation_id: ConversationId,
    /// Whether they do.
    pub is_typing: bool,
}

/// Tells the others in a conversation. Refuses conversations that the one who types cannot read.
pub async fn set_typing(app: &App, typing: Typing) -> Result<ConversationView, DomainError> {
    let Typing { actor_id, conversation_id, is_typing } = typing;
    let users = app.users.reader();
    let view = app
        .store
        .read(move |connection| {
            let conversation = require_conversation(connection, conversation_id, actor_id)?;
            let participants = Participants::of_conversations(connection, &users, &[conversation])?;
            participants
                .conversation(&conversation)
                .ok_or_else(|| DomainError::from(StoreError::Database(diesel::result::Error::NotFound)))
        })
        .await?;
    let typist = Typist { user_id: actor_id, conversation: conversation_id.key() };
    app.presence.set_typing(typist, is_typing).await;
    Ok(view)
}
