//! Who may act for whom, and read what. Whoever may not read is told the same as if it did not exist.

use std::collections::HashSet;

use diesel::QueryResult;

use crate::{
    domain::{DomainError, Party, Refusal},
    models::{Chatroom, Conversation, Message, User, chatroom, conversation, membership, message, user},
    store::Connection,
    types::{ChatroomId, ConversationId, MessageId, UserId},
};

/// For whom somebody may act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mandate {
    /// For everybody: on an open server, and with the token of a service.
    Everybody,
    /// For themselves.
    Only(UserId),
}

impl Mandate {
    /// Whether they may act for this user.
    #[must_use]
    pub fn covers(self, user_id: UserId) -> bool {
        match self {
            Self::Everybody => true,
            Self::Only(themselves) => user_id == themselves,
        }
    }

    /// Whether they may create users, who are none of themselves.
    #[must_use]
    pub fn covers_everybody(self) -> bool {
        self == Self::Everybody
    }
}

/// Whether somebody may read a conversation: its participants and members may.
///
/// Where nobody is named, as an open server allows, everything may be read but a chatroom that nobody is in.
pub(super) fn may_read(
    connection: &mut Connection,
    viewer: Option<UserId>,
    conversation: &Conversation,
) -> QueryResult<bool> {
    if let Some(pair) = conversation.pair() {
        return Ok(viewer.is_none_or(|viewer| pair.contains(&viewer)));
    }
    may_read_chatroom(connection, viewer, conversation.key.cast())
}

/// The same for a chatroom.
pub(super) fn may_read_chatroom(
    connection: &mut Connection,
    viewer: Option<UserId>,
    id: ChatroomId,
) -> QueryResult<bool> {
    match viewer {
        Some(viewer) => membership::is_member(connection, id, viewer),
        None => Ok(membership::longest_standing(connection, id)?.is_some()),
    }
}

/// Those of the users with whom somebody shares a conversation: their presence may be seen.
pub(super) fn who_share_a_conversation(
    connection: &mut Connection,
    viewer: UserId,
    users: &[UserId],
) -> QueryResult<HashSet<UserId>> {
    let mut shared: HashSet<_> =
        conversation::partners_among(connection, viewer, users)?.into_iter().collect();
    let others: Vec<_> = users.iter().filter(|id| !shared.contains(id)).copied().collect();
    shared.extend(membership::companions_among(connection, viewer, &others)?);
    Ok(shared)
}

/// The user, who must exist.
pub(super) fn require_user(
    connection: &mut Connection,
    id: UserId,
    party: Party,
) -> Result<User, DomainError> {
    user::find(connection, id)?.ok_or_else(|| Refusal::unknown(id, party).into())
}

/// The chatroom, in which the user must be.
pub(super) fn require_member(
    connection: &mut Connection,
    id: ChatroomId,
    user_id: UserId,
) -> Result<Chatroom, DomainError> {
    require_user(connection, user_id, Party::User)?;
    let unknown = || DomainError::from(Refusal::unknown(id, Party::Chatroom));
    if !membership::is_member(connection, id, user_id)? {
        return Err(unknown());
    }
    chatroom::find(connection, id)?.ok_or_else(unknown)
}

/// The chatroom, which the user must own.
pub(super) fn require_owner(
    connection: &mut Connection,
    id: ChatroomId,
    user_id: UserId,
) -> Result<Chatroom, DomainError> {
    let chatroom = require_member(connection, id, user_id)?;
    if chatroom.owner_id == Some(user_id) { Ok(chatroom) } else { Err(Refusal::NotOwner.into()) }
}

/// The conversation, which the user must be able to read.
pub(super) fn require_conversation(
    connection: &mut Connection,
    id: ConversationId,
    user_id: UserId,
) -> Result<Conversation, DomainError> {
    require_user(connection, user_id, Party::User)?;
    let found = conversation::find(connection, id.key())?.filter(|found| found.id() == id);
    if let Some(found) = found
        && may_read(connection, Some(user_id), &found)?
    {
        return Ok(found);
    }
    Err(Refusal::unknown(id, Party::Conversation).into())
}

/// The message, which the user must be able to read.
pub(super) fn require_message(
    connection: &mut Connection,
    id: MessageId,
    user_id: UserId,
) -> Result<Message, DomainError> {
    require_user(connection, user_id, Party::User)?;
    if let Some(found) = message::find(connection, id)?
        && may_read_message(connection, Some(user_id), &found)?
    {
        return Ok(found);
    }
    Err(Refusal::unknown(id, Party::Message).into())
}

/// The message, which the user must have sent, and must still be able to read.
pub(super) fn require_own_message(
    connection: &mut Connection,
    id: MessageId,
    user_id: UserId,
) -> Result<Message, DomainError> {
    let found = require_message(connection, id, user_id)?;
    if found.sender_id == user_id { Ok(found) } else { Err(Refusal::unknown(id, Party::Message).into()) }
}

/// Whether somebody may read a message: whoever may read its conversation may.
pub(super) fn may_read_message(
    connection: &mut Connection,
    viewer: Option<UserId>,
    message: &Message,
) -> QueryResult<bool> {
    let found = conversation::find(connection, message.conversation_id)?;
    found.map_or(Ok(false), |found| may_read(connection, viewer, &found))
}
