//! Invite people to a chatroom.

use std::{collections::HashSet, sync::Arc};

use crate::{
    app::App,
    domain::{DomainError, Party, Refusal, access::require_member},
    models::{
        Chatroom, Membership, NewEvent, ReadPosition, chatroom, conversation, event, membership,
        read_position, user,
    },
    store::Connection,
    types::{ChatroomId, EventKind, Timestamp, UserId},
};

/// Who is to become a member of what.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The member who invites.
    pub actor_id: UserId,
    /// Where to.
    pub chatroom_id: ChatroomId,
    /// Who; who is in already stays, and that is no error.
    pub member_ids: Vec<UserId>,
}

/// Makes people members of a chatroom at once; refuses unknown people, and whoever is not a member and invites.
pub async fn invite_to_chatroom(app: &App, invitation: Invitation) -> Result<Arc<Chatroom>, DomainError> {
    let clock = Arc::clone(&app.clock);
    app.store.write(move |connection| invite(connection, &invitation, clock.now())).await
}

/// The same inside a transaction.
pub(super) fn invite(
    connection: &mut Connection,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<Arc<Chatroom>, DomainError> {
    let Invitation { actor_id, chatroom_id, member_ids } = invitation;
    let mut chatroom = require_member(connection, *chatroom_id, *actor_id)?;
    require_members(connection, member_ids)?;
    let conversation = conversation::find(connection, chatroom_id.cast())?;
    let latest_seq = conversation.map_or(0, |conversation| conversation.latest_seq);
    let joining = Joining { actor_id: *actor_id, now, latest_seq };
    joining.join(connection, &mut chatroom, member_ids)?;
    Ok(Arc::new(chatroom))
}

/// Refuses the first of those who do not exist.
pub(super) fn require_members(connection: &mut Connection, ids: &[UserId]) -> Result<(), DomainError> {
    let known: HashSet<UserId> = user::find_all(connection, ids)?.into_iter().map(|user| user.id).collect();
    match ids.iter().position(|id| !known.contains(id)) {
        Some(place) => Err(Refusal::unknown(ids[place], Party::Members(place)).into()),
        None => Ok(()),
    }
}

/// How people join.
pub(super) struct Joining {
    /// Who lets them in.
    pub(super) actor_id: UserId,
    pub(super) now: Timestamp,
    /// What was said before is there to be read, and not unread.
    pub(super) latest_seq: i64,
}

impl Joining {
    /// Lets in those who are not in yet, each once.
    pub(super) fn join(
        &self,
        connection: &mut Connection,
        chatroom: &mut Chatroom,
        user_ids: &[UserId],
    ) -> Result<(), DomainError> {
        let mut inside: HashSet<UserId> =
            membership::members_among(connection, chatroom.id, user_ids)?.into_iter().collect();
        for user_id in user_ids {
            if inside.insert(*user_id) {
                self.let_in(connection, chatroom.id, *user_id)?;
                chatroom.member_count += 1;
            }
        }
        Ok(chatroom::update(connection, chatroom)?)
    }

    fn let_in(
        &self,
        connection: &mut Connection,
        chatroom_id: ChatroomId,
        user_id: UserId,
    ) -> Result<(), DomainError> {
        let key = chatroom_id.cast();
        let joined = NewEvent {
            member_id: Some(user_id),
            ..NewEvent::new(EventKind::MemberJoined, key, self.actor_id, self.now)
        };
        let joined_position = event::append_at(connection, &joined)?;
        membership::insert(
            connection,
            Membership { user_id, chatroom_id, joined_at: self.now, joined_position },
        )?;
        Ok(read_position::insert(connection, ReadPosition::starting_at(self.latest_seq, user_id, key))?)
    }
}
