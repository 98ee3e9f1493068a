//! Leave a chatroom, or be removed from it.

use std::sync::Arc;

use crate::{
    app::App,
    domain::{
        DomainError, IdRole, Refusal,
        access::{require_member, require_owner, require_user},
    },
    models::{Chatroom, Departure, NewEvent, chatroom, departure, event, membership, read_position},
    store::Connection,
    types::{ChatroomId, EventKind, MessageId, Timestamp, UserId},
};

/// Ends somebody's own membership; refuses whoever is not a member.
///
/// An owner hands the chatroom to the longest-standing of the others. The last one leaves it empty.
pub async fn leave_chatroom(app: &App, chatroom_id: ChatroomId, user_id: UserId) -> Result<(), DomainError> {
    let App { clock, mint, store, .. } = app.clone();
    store
        .write(move |connection| {
            let now = clock.now();
            let chatroom = require_member(connection, chatroom_id, user_id)?;
            let exit = Exit { actor_id: user_id, member_id: user_id, now, moment: mint.mint(now) };
            exit.take(connection, chatroom).map(drop)
        })
        .await
}

/// Who is to be a member no longer.
#[derive(Clone, Copy, Debug)]
pub struct Removal {
    /// The owner.
    pub actor_id: UserId,
    /// Where.
    pub chatroom_id: ChatroomId,
    /// Who; owners who name themselves leave.
    pub member_id: UserId,
}

/// Ends somebody's membership; refuses whoever does not own the chatroom, and who is not in it. `None` for an owner who has
/// removed themselves, and sees the chatroom no more.
pub async fn remove_from_chatroom(app: &App, removal: Removal) -> Result<Option<Arc<Chatroom>>, DomainError> {
    let App { clock, mint, store, .. } = app.clone();
    store
        .write(move |connection| {
            let now = clock.now();
            let Removal { actor_id, chatroom_id, member_id } = removal;
            let chatroom = require_owner(connection, chatroom_id, actor_id)?;
            require_user(connection, member_id, IdRole::Member)?;
            if !membership::is_member(connection, chatroom_id, member_id)? {
                return Err(Refusal::NotMember(member_id).into());
            }
            let exit = Exit { actor_id, member_id, now, moment: mint.mint(now) };
            let left = exit.take(connection, chatroom)?;
            Ok((actor_id != member_id).then(|| Arc::new(left)))
        })
        .await
}

/// How a membership ends.
struct Exit {
    actor_id: UserId,
    member_id: UserId,
    now: Timestamp,
    /// Messages that are sent later have greater ids.
    moment: MessageId,
}

impl Exit {
    fn take(&self, connection: &mut Connection, mut chatroom: Chatroom) -> Result<Chatroom, DomainError> {
        membership::delete(connection, chatroom.id, self.member_id)?;
        read_position::delete(connection, chatroom.id.cast(), self.member_id)?;
        self.log(connection, EventKind::MemberLeft, &chatroom, self.member_id)?;
        chatroom.member_count -= 1;
        if chatroom.owner_id == Some(self.member_id) {
            chatroom.owner_id = membership::longest_standing(connection, chatroom.id)?;
            if let Some(heir) = chatroom.owner_id {
                self.log(connection, EventKind::OwnerChanged, &chatroom, heir)?;
            }
        }
        chatroom::update(connection, &chatroom)?;
        self.remember(connection, &chatroom)?;
        Ok(chatroom)
    }

    /// Who leaves of their own accord is added again only by somebody to whom they have written since; who was removed, by
    /// any member. Into a chatroom that nobody is in nobody is added.
    fn remember(&self, connection: &mut Connection, chatroom: &Chatroom) -> Result<(), DomainError> {
        if chatroom.owner_id.is_none() {
            return Ok(departure::delete_all(connection, chatroom.id)?);
        }
        if self.actor_id != self.member_id {
            return Ok(());
        }
        let departure = Departure { chatroom_id: chatroom.id, user_id: self.member_id, moment: self.moment };
        Ok(departure::insert(connection, departure)?)
    }

    fn log(
        &self,
        connection: &mut Connection,
        kind: EventKind,
        chatroom: &Chatroom,
        member_id: UserId,
    ) -> Result<(), DomainError> {
        let event = NewEvent {
            member_id: Some(member_id),
            ..NewEvent::new(kind, chatroom.id.cast(), self.actor_id, self.now)
        };
        Ok(event::append(connection, &event)?)
    }
}
