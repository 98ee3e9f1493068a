//! How people become members of a chatroom, and who may add whom.

use std::collections::HashSet;

use crate::{
    app::App,
    domain::{DomainError, IdRole, Refusal, access::contacts_among},
    models::{
        Chatroom, Membership, NewEvent, ReadPosition, User, chatroom, departure, event, membership, message,
        read_position, user,
    },
    store::Connection,
    types::{ChatroomId, EventKind, InvitationsFrom, Timestamp, UserId},
};

/// What bounds chatrooms, and whether those who are added have a say.
#[derive(Clone, Copy, Debug)]
pub(super) struct RoomRules {
    /// The most members of a chatroom.
    max_members: usize,
    /// The most chatrooms of a user.
    max_chatrooms: usize,
    /// Whether the settings of those who are added count, and that they have left.
    needs_consent: bool,
}

impl RoomRules {
    /// No bounds, and nobody is asked: for data that the program makes itself.
    pub(super) const NONE: Self =
        Self { max_members: usize::MAX, max_chatrooms: usize::MAX, needs_consent: false };

    /// The rules for a user, or for a service, which acts for the host and asks nobody.
    pub(super) fn of(app: &App, by_service: bool) -> Self {
        Self {
            max_members: app.limits.chatroom_members,
            max_chatrooms: app.limits.user_chatrooms,
            needs_consent: !by_service,
        }
    }
}

/// How people join.
pub(super) struct Joining {
    /// Who lets them in.
    pub(super) actor_id: UserId,
    pub(super) now: Timestamp,
    /// What was said before is there to be read, and not unread.
    pub(super) latest_seq: i64,
    pub(super) rules: RoomRules,
}

/// Somebody who is to become a member, and what they are in the input.
type Named = (UserId, IdRole);

/// Those who are to become members, who must all exist.
pub(super) fn require_members(
    connection: &mut Connection,
    ids: &[UserId],
) -> Result<Vec<Named>, DomainError> {
    let known: HashSet<UserId> = user::find_all(connection, ids)?.into_iter().map(|user| user.id).collect();
    let named = ids.iter().enumerate().map(|(place, id)| (*id, IdRole::Members(place)));
    named
        .map(
            |(id, role)| {
                if known.contains(&id) { Ok((id, role)) } else { Err(Refusal::unknown(id, role).into()) }
            },
        )
        .collect()
}

impl Joining {
    /// Lets in those who are not in yet, each once. Refuses all of them when one may not be added.
    pub(super) fn join(
        &self,
        connection: &mut Connection,
        chatroom: &mut Chatroom,
        people: &[Named],
    ) -> Result<(), DomainError> {
        let newcomers = newcomers(connection, chatroom.id, people)?;
        if self.rules.needs_consent {
            self.require_consent(connection, chatroom.id, &newcomers)?;
        }
        self.require_room(connection, chatroom, &newcomers)?;
        for (user_id, _) in newcomers {
            self.let_in(connection, chatroom.id, user_id)?;
            chatroom.member_count += 1;
        }
        Ok(chatroom::update(connection, chatroom)?)
    }

    /// Refuses the first of those who let nobody add them, or not this actor, or have left.
    fn require_consent(
        &self,
        connection: &mut Connection,
        chatroom_id: ChatroomId,
        newcomers: &[Named],
    ) -> Result<(), DomainError> {
        let others: Vec<_> = newcomers.iter().filter(|(id, _)| *id != self.actor_id).copied().collect();
        let ids: Vec<UserId> = others.iter().map(|(id, _)| *id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let users = user::find_all(connection, &ids)?;
        let willing = self.willing(connection, &users)?;
        let gone = self.gone(connection, chatroom_id, &ids)?;
        for (user_id, role) in others {
            if !willing.contains(&user_id) {
                return Err(Refusal::InvitationRefused { user_id, role, has_left: false }.into());
            }
            if gone.contains(&user_id) {
                return Err(Refusal::InvitationRefused { user_id, role, has_left: true }.into());
            }
        }
        Ok(())
    }

    /// Those whose settings let the actor add them.
    fn willing(&self, connection: &mut Connection, users: &[User]) -> Result<HashSet<UserId>, DomainError> {
        let of_setting = |setting: InvitationsFrom| {
            users.iter().filter(move |user| user.invitations_from == setting).map(|user| user.id)
        };
        let picky: Vec<UserId> = of_setting(InvitationsFrom::Contacts).collect();
        let mut willing: HashSet<UserId> = of_setting(InvitationsFrom::Everybody).collect();
        if !picky.is_empty() {
            willing.extend(contacts_among(connection, self.actor_id, &picky)?);
        }
        Ok(willing)
    }

    /// Those who have left, and have not written to the actor since.
    fn gone(
        &self,
        connection: &mut Connection,
        chatroom_id: ChatroomId,
        ids: &[UserId],
    ) -> Result<HashSet<UserId>, DomainError> {
        let mut gone = HashSet::new();
        for departure in departure::find_among(connection, chatroom_id, ids)? {
            let recipient = self.actor_id.cast();
            if !message::was_sent_after(connection, recipient, departure.user_id, departure.moment)? {
                gone.insert(departure.user_id);
            }
        }
        Ok(gone)
    }

    /// Refuses what would be more than a chatroom or a user may have.
    fn require_room(
        &self,
        connection: &mut Connection,
        chatroom: &Chatroom,
        newcomers: &[Named],
    ) -> Result<(), DomainError> {
        let RoomRules { max_members, max_chatrooms, .. } = self.rules;
        let members = usize::try_from(chatroom.member_count).unwrap_or_default();
        if !newcomers.is_empty() && members.saturating_add(newcomers.len()) > max_members {
            return Err(Refusal::ChatroomFull { max: max_members }.into());
        }
        // Who is in as many as may be is in more than one fewer.
        let Ok(fewer) = i64::try_from(max_chatrooms.saturating_sub(1)) else { return Ok(()) };
        for (user_id, role) in newcomers {
            if fewer < i64::MAX && membership::is_in_more_than(connection, *user_id, fewer)? {
                let (user_id, role) = (*user_id, *role);
                return Err(Refusal::TooManyChatrooms { user_id, role, max: max_chatrooms }.into());
            }
        }
        Ok(())
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
        departure::delete(connection, chatroom_id, user_id)?;
        membership::insert(
            connection,
            Membership { user_id, chatroom_id, joined_at: self.now, joined_position },
        )?;
        Ok(read_position::insert(connection, ReadPosition::starting_at(self.latest_seq, user_id, key))?)
    }
}

/// Those of the people who are not in yet, each once, in their order.
fn newcomers(
    connection: &mut Connection,
    chatroom_id: ChatroomId,
    people: &[Named],
) -> Result<Vec<Named>, DomainError> {
    let ids: Vec<UserId> = people.iter().map(|(id, _)| *id).collect();
    let inside = membership::members_among(connection, chatroom_id, &ids)?;
    let mut seen: HashSet<UserId> = inside.into_iter().collect();
    Ok(people.iter().filter(|(id, _)| seen.insert(*id)).copied().collect())
}
