//! Who may act for whom, and read what. Whoever may not read is told the same as if it did not exist.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::QueryResult;

use crate::{
    domain::{DomainError, Party, Refusal},
    models::{
        Chatroom, Conversation, Message, User, chatroom, contact, conversation, membership, message, user,
    },
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

/// What whoever asks may see. Profiles are for everybody who is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sight {
    /// Everything: where nobody is named on an open server.
    Everything,
    /// Profiles and nothing else: a service that does not say for whom it acts.
    Profiles,
    /// What was sent to and by a user, and the chatrooms that they are in.
    Of(UserId),
}

impl Sight {
    /// As whom it is seen, if as anybody.
    #[must_use]
    pub fn user(self) -> Option<UserId> {
        match self {
            Self::Of(user_id) => Some(user_id),
            Self::Everything | Self::Profiles => None,
        }
    }

    /// Whether what is between two people is in sight.
    fn takes_in(self, pair: [UserId; 2]) -> bool {
        match self {
            Self::Everything => true,
            Self::Profiles => false,
            Self::Of(viewer) => pair.contains(&viewer),
        }
    }
}

/// Whether somebody may read a conversation: its participants and members may.
///
/// Where everything is in sight, a chatroom that nobody is in is not.
pub(super) fn may_read(
    connection: &mut Connection,
    sight: Sight,
    conversation: &Conversation,
) -> QueryResult<bool> {
    match conversation.pair() {
        Some(pair) => Ok(sight.takes_in(pair)),
        None => may_read_chatroom(connection, sight, conversation.key.cast()),
    }
}

/// The same for a chatroom.
pub(super) fn may_read_chatroom(
    connection: &mut Connection,
    sight: Sight,
    id: ChatroomId,
) -> QueryResult<bool> {
    match sight {
        Sight::Of(viewer) => membership::is_member(connection, id, viewer),
        Sight::Everything => Ok(membership::longest_standing(connection, id)?.is_some()),
        Sight::Profiles => Ok(false),
    }
}

/// Where something is said, as far as it decides who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Between two people, who may be one.
    Between([UserId; 2]),
    /// In a chatroom.
    In(ChatroomId),
}

impl Place {
    /// The place of a conversation.
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
    place: impl Fn(&T) -> (Sight, Option<Place>),
) -> QueryResult<Vec<T>> {
    let mut rooms = HashMap::<UserId, BTreeSet<ChatroomId>>::new();
    for place in asked.iter().map(&place) {
        if let (Sight::Of(viewer), Some(Place::In(room))) = place {
            rooms.entry(viewer).or_default().insert(room);
        }
    }
    let mut inside = HashSet::new();
    for (viewer, rooms) in rooms {
        let rooms: Vec<_> = rooms.into_iter().collect();
        let own = membership::chatrooms_among(connection, viewer, &rooms)?;
        inside.extend(own.into_iter().map(|room| (viewer, room)));
    }
    asked.retain(|asked| match place(asked) {
        (sight, Some(Place::Between(pair))) => sight.takes_in(pair),
        (Sight::Of(viewer), Some(Place::In(room))) => inside.contains(&(viewer, room)),
        (sight, place) => sight == Sight::Everything && place.is_some(),
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
        && may_read(connection, Sight::Of(user_id), &found)?
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
        && may_read_message(connection, Sight::Of(user_id), &found)?
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
    if found.sender_id == user_id { Ok(found) } else { Err(Refusal::NotSender.into()) }
}

/// Whether somebody may read a message: whoever may read its conversation may.
pub(super) fn may_read_message(
    connection: &mut Connection,
    sight: Sight,
    message: &Message,
) -> QueryResult<bool> {
    let found = conversation::find(connection, message.conversation_id)?;
    found.map_or(Ok(false), |found| may_read(connection, sight, &found))
}
