//! Which users a session may act for, and what it may read. What it may not read is answered as if it did not
//! exist.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::QueryResult;

use crate::{
    domain::{DomainError, IdRole, Refusal},
    models::{
        Chatroom, Conversation, Message, User, chatroom, contact, conversation, membership, message, user,
    },
    store::Connection,
    types::{ChatroomId, ConversationId, MessageId, UserId},
};

/// The users that a session may act for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActingScope {
    /// All users: on an open server, and with the token of a service.
    Everybody,
    /// The user of the token.
    Only(UserId),
}

impl ActingScope {
    /// Whether the session may act for this user.
    #[must_use]
    pub fn allows(self, user_id: UserId) -> bool {
        match self {
            Self::Everybody => true,
            Self::Only(themselves) => user_id == themselves,
        }
    }

    /// Whether the session may create users.
    #[must_use]
    pub fn allows_everybody(self) -> bool {
        self == Self::Everybody
    }
}

/// What a request may read. Profiles can be read by all who are admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadScope {
    /// Everything: on an open server, without an acting user.
    Everything,
    /// Profiles and nothing else: a service without an acting user.
    Profiles,
    /// The messages that were sent to and by a user, and the chatrooms that they are in.
    Of(UserId),
}

impl ReadScope {
    /// The acting user, if there is one.
    #[must_use]
    pub fn user(self) -> Option<UserId> {
        match self {
            Self::Of(user_id) => Some(user_id),
            Self::Everything | Self::Profiles => None,
        }
    }

    /// Whether it includes the conversation of two users.
    fn includes(self, pair: [UserId; 2]) -> bool {
        match self {
            Self::Everything => true,
            Self::Profiles => false,
            Self::Of(viewer) => pair.contains(&viewer),
        }
    }
}

/// Whether a conversation may be read: its participants and members may read it.
///
/// A chatroom without members cannot be read, also where everything can.
pub(super) fn may_read(
    connection: &mut Connection,
    read_scope: ReadScope,
    conversation: &Conversation,
) -> QueryResult<bool> {
    match conversation.pair() {
        Some(pair) => Ok(read_scope.includes(pair)),
        None => may_read_chatroom(connection, read_scope, conversation.key.cast()),
    }
}

/// Whether a chatroom may be read: its members may read it.
pub(super) fn may_read_chatroom(
    connection: &mut Connection,
    read_scope: ReadScope,
    id: ChatroomId,
) -> QueryResult<bool> {
    match read_scope {
        ReadScope::Of(viewer) => membership::is_member(connection, id, viewer),
        ReadScope::Everything => Ok(membership::longest_standing(connection, id)?.is_some()),
        ReadScope::Profiles => Ok(false),
    }
}

/// The users or the chatroom of a conversation, which decide who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConversationScope {
    /// A direct conversation of two users, who may be one.
    Between([UserId; 2]),
    /// A chatroom.
    In(ChatroomId),
}

impl ConversationScope {
    /// The scope of a conversation.
    pub(super) fn of(conversation: &Conversation) -> Self {
        conversation.pair().map_or_else(|| Self::In(conversation.key.cast()), Self::Between)
    }
}

/// What many ask for, without what those who ask may not read. Whoever was shown a thing asks on for what is inside of it a
/// moment later, and may have left the chatroom meanwhile. What is nowhere is left out as well.
///
/// One statement for each of those who ask for chatrooms: in one request that is one.
pub(super) fn still_readable<T>(
    connection: &mut Connection,
    mut asked: Vec<T>,
    scope: impl Fn(&T) -> (ReadScope, Option<ConversationScope>),
) -> QueryResult<Vec<T>> {
    let mut rooms = HashMap::<UserId, BTreeSet<ChatroomId>>::new();
    for scope in asked.iter().map(&scope) {
        if let (ReadScope::Of(viewer), Some(ConversationScope::In(room))) = scope {
            rooms.entry(viewer).or_default().insert(room);
        }
    }
    let mut inside = HashSet::new();
    for (viewer, rooms) in rooms {
        let rooms: Vec<_> = rooms.into_iter().collect();
        let own = membership::chatrooms_among(connection, viewer, &rooms)?;
        inside.extend(own.into_iter().map(|room| (viewer, room)));
    }
    asked.retain(|asked| match scope(asked) {
        (read_scope, Some(ConversationScope::Between(pair))) => read_scope.includes(pair),
        (ReadScope::Of(viewer), Some(ConversationScope::In(room))) => inside.contains(&(viewer, room)),
        (read_scope, scope) => read_scope == ReadScope::Everything && scope.is_some(),
    });
    Ok(asked)
}

/// Those of the users who are contacts of somebody: they share a chatroom, or a direct conversation in which both have
/// written. They see each other's presence.
pub(super) fn contacts_among(
    connection: &mut Connection,
    viewer: UserId,
    users: &[UserId],
) -> QueryResult<HashSet<UserId>> {
    let mut contacts: HashSet<_> = contact::among_users(connection, viewer, users)?.into_iter().collect();
    let others: Vec<_> = users.iter().filter(|id| !contacts.contains(id)).copied().collect();
    contacts.extend(membership::companions_among(connection, viewer, &others)?);
    Ok(contacts)
}

/// The user, who must exist.
pub(super) fn require_user(
    connection: &mut Connection,
    id: UserId,
    role: IdRole,
) -> Result<User, DomainError> {
    user::find(connection, id)?.ok_or_else(|| Refusal::unknown(id, role).into())
}

/// The chatroom, in which the user must be.
pub(super) fn require_member(
    connection: &mut Connection,
    id: ChatroomId,
    user_id: UserId,
) -> Result<Chatroom, DomainError> {
    require_user(connection, user_id, IdRole::User)?;
    let unknown = || DomainError::from(Refusal::unknown(id, IdRole::Chatroom));
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
    require_user(connection, user_id, IdRole::User)?;
    let found = conversation::find(connection, id.key())?.filter(|found| found.id() == id);
    if let Some(found) = found
        && may_read(connection, ReadScope::Of(user_id), &found)?
    {
        return Ok(found);
    }
    Err(Refusal::unknown(id, IdRole::Conversation).into())
}

/// The message, which the user must be able to read.
pub(super) fn require_message(
    connection: &mut Connection,
    id: MessageId,
    user_id: UserId,
) -> Result<Message, DomainError> {
    require_user(connection, user_id, IdRole::User)?;
    if let Some(found) = message::find(connection, id)?
        && may_read_message(connection, ReadScope::Of(user_id), &found)?
    {
        return Ok(found);
    }
    Err(Refusal::unknown(id, IdRole::Message).into())
}

/// The message, which the user must have sent, and must still be able to read.
pub(super) fn require_own_message(
    connection: &mut Connection,
    id: MessageId,
    user_id: UserId,
) -> Result<Message, DomainError> {
    let found = require_message(connection, id, user_id)?;
    if found.sender_id == user_id { Ok(found) } else { Err(Refusal::NotSender.into()) }
}

/// Whether somebody may read a message: whoever may read its conversation may.
pub(super) fn may_read_message(
    connection: &mut Connection,
    read_scope: ReadScope,
    message: &Message,
) -> QueryResult<bool> {
    let found = conversation::find(connection, message.conversation_id)?;
    found.map_or(Ok(false), |found| may_read(connection, read_scope, &found))
}
