//! Create a chatroom.

use std::sync::Arc;

use crate::{
    app::App,
    domain::{
        DomainError, Party,
        access::require_user,
        invite_to_chatroom::{Joining, require_members},
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
}

/// Creates a chatroom; refuses unknown people.
pub async fn create_chatroom(app: &App, new: NewChatroom) -> Result<Arc<Chatroom>, DomainError> {
    let App { clock, mint, store, .. } = app.clone();
    store
        .write(move |connection| {
            let now = clock.now();
            create(connection, mint.mint(now), new, now).map(Arc::new)
        })
        .await
}

/// The same inside a transaction.
pub(super) fn create(
    connection: &mut Connection,
    id: ChatroomId,
    new: NewChatroom,
    now: Timestamp,
) -> Result<Chatroom, DomainError> {
    let NewChatroom { creator_id, name, member_ids } = new;
    require_user(connection, creator_id, Party::User)?;
    require_members(connection, &member_ids)?;
    let owner_id = Some(creator_id);
    let mut chatroom = Chatroom { id, name, creator_id, created_at: now, owner_id, member_count: 0 };
    conversation::insert(connection, Conversation::of_chatroom(id.cast()))?;
    chatroom::insert(connection, &chatroom)?;
    let joining = Joining { actor_id: creator_id, now, latest_seq: 0 };
    joining.join(connection, &mut chatroom, &[&[creator_id], member_ids.as_slice()].concat())?;
    Ok(chatroom)
}
