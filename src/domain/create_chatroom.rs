//! Create a chatroom.

use std::sync::Arc;

use crate::{
    app::App,
    domain::{
        DomainError, IdRole,
        access::require_user,
        joining::{Joining, RoomRules, require_members},
    },
    models::{Chatroom, Conversation, chatroom, conversation},
    store::Connection,
    types::{ChatroomId, ChatroomName, Timestamp, UserId},
};

/// A chatroom that is to be.
#[derive(Clone, Debug)]
pub struct NewChatroom {
    /// Who makes it: its owner and first member.
    pub creator_id: UserId,
    /// What it is called.
    pub name: ChatroomName,
    /// Its other first members, in this order; naming somebody twice, or the creator, is no error.
    pub member_ids: Vec<UserId>,
    /// Whether a service creates it, which needs nobody's consent.
    pub by_service: bool,
}

/// Creates a chatroom; refuses unknown people, those who do not let the creator add them, and more than a chatroom or a user
/// may have.
pub async fn create_chatroom(app: &App, new: NewChatroom) -> Result<Arc<Chatroom>, DomainError> {
    let rules = RoomRules::of(app, new.by_service);
    let App { clock, mint, store, .. } = app.clone();
    store
        .write(move |connection| {
            let now = clock.now();
            create(connection, mint.mint(now), new, rules, now).map(Arc::new)
        })
        .await
}

/// The same inside a transaction.
pub(super) fn create(
    connection: &mut Connection,
    id: ChatroomId,
    new: NewChatroom,
    rules: RoomRules,
    now: Timestamp,
) -> Result<Chatroom, DomainError> {
    let NewChatroom { creator_id, name, member_ids, .. } = new;
    require_user(connection, creator_id, IdRole::User)?;
    let mut people = vec![(creator_id, IdRole::User)];
    people.extend(require_members(connection, &member_ids)?);
    let owner_id = Some(creator_id);
    let mut chatroom = Chatroom { id, name, creator_id, created_at: now, owner_id, member_count: 0 };
    conversation::insert(connection, Conversation::of_chatroom(id.cast()))?;
    chatroom::insert(connection, &chatroom)?;
    let joining = Joining { actor_id: creator_id, now, latest_seq: 0, rules };
    joining.join(connection, &mut chatroom, &people)?;
    Ok(chatroom)
}
