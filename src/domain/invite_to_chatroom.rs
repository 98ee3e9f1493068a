//! Invite people to a chatroom.

use std::sync::Arc;

use crate::{
    app::App,
    domain::{
        DomainError,
        access::require_member,
        joining::{Joining, RoomRules, require_members},
    },
    models::{Chatroom, conversation},
    store::Connection,
    types::{ChatroomId, Timestamp, UserId},
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
    /// Whether a service invites, which needs nobody's consent.
    pub by_service: bool,
}

/// Makes people members of a chatroom at once; refuses unknown people, whoever is not a member and invites, those who do not
/// let the member add them, and more than a chatroom or a user may have.
pub async fn invite_to_chatroom(app: &App, invitation: Invitation) -> Result<Arc<Chatroom>, DomainError> {
    let (clock, rules) = (Arc::clone(&app.clock), RoomRules::of(app, invitation.by_service));
    app.store.write(move |connection| invite(connection, &invitation, rules, clock.now())).await
}

/// The same inside a transaction.
pub(super) fn invite(
    connection: &mut Connection,
    invitation: &Invitation,
    rules: RoomRules,
    now: Timestamp,
) -> Result<Arc<Chatroom>, DomainError> {
    let Invitation { actor_id, chatroom_id, member_ids, .. } = invitation;
    let mut chatroom = require_member(connection, *chatroom_id, *actor_id)?;
    let people = require_members(connection, member_ids)?;
    let conversation = conversation::find(connection, chatroom_id.cast())?;
    let latest_seq = conversation.map_or(0, |conversation| conversation.latest_seq);
    let joining = Joining { actor_id: *actor_id, now, latest_seq, rules };
    joining.join(connection, &mut chatroom, &people)?;
    Ok(Arc::new(chatroom))
}
