//! Rename a chatroom.

use std::sync::Arc;

use crate::{
    app::App,
    domain::{DomainError, access::require_owner},
    models::{Chatroom, NewEvent, chatroom, event},
    types::{ChatroomId, ChatroomName, EventKind, UserId},
};

/// What a chatroom is to be called.
#[derive(Clone, Debug)]
pub struct Renaming {
    /// The owner.
    pub actor_id: UserId,
    /// Which one.
    pub chatroom_id: ChatroomId,
    /// The new name.
    pub name: ChatroomName,
}

/// Renames a chatroom; refuses whoever does not own it.
pub async fn rename_chatroom(app: &App, renaming: Renaming) -> Result<Arc<Chatroom>, DomainError> {
    let clock = Arc::clone(&app.clock);
    app.store
        .write(move |connection| {
            let now = clock.now();
            let Renaming { actor_id, chatroom_id, name } = renaming;
            let before = require_owner(connection, chatroom_id, actor_id)?;
            if before.name == name {
                return Ok(Arc::new(before));
            }
            let event = NewEvent {
                detail: Some(name.as_str().to_owned()),
                ..NewEvent::new(EventKind::ChatroomRenamed, chatroom_id.cast(), actor_id, now)
            };
            let after = Chatroom { name, ..before };
            chatroom::update(connection, &after)?;
            event::append(connection, &event)?;
            Ok(Arc::new(after))
        })
        .await
}
