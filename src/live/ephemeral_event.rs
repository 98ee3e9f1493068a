//! Ephemeral events: what listeners get that is not in the log.

use std::sync::Arc;

use super::RenderedAnswers;
use crate::{
    models::{Chatroom, Conversation, User, chatroom, contact, conversation, membership, user},
    store::{Connection, StoreError},
    types::{ConversationKey, EphemeralChange, Id, Typist, UserId},
};

/// A change that no log keeps, and the rows it refers to as they were when it was published.
#[derive(Debug)]
pub enum EphemeralEvent {
    /// The presence of a user changed.
    Presence(PresenceEvent),
    /// A user began to type, or stopped.
    Typing(TypingEvent),
}

/// The presence of a user changed.
#[derive(Debug)]
pub struct PresenceEvent {
    /// The user.
    pub user: Arc<User>,
    /// The answers to it that were rendered so far.
    pub answers: RenderedAnswers,
}

/// A user began to type, or stopped.
#[derive(Debug)]
pub struct TypingEvent {
    /// The conversation in which the user types.
    pub conversation: Conversation,
    /// The chatroom, when it is one.
    pub chatroom: Option<Arc<Chatroom>>,
    /// The user who types.
    pub typist: Arc<User>,
    /// The two users of a direct conversation; in a chatroom, the user who types.
    pub participants: Vec<Arc<User>>,
    /// Whether the user began.
    pub is_typing: bool,
    /// The answers to it that were rendered so far.
    pub answers: RenderedAnswers,
}

/// The audience of an ephemeral event.
#[derive(Clone, Debug, Default)]
pub(super) struct Audience {
    /// Everybody who listens to one of these.
    pub(super) chatrooms: Vec<ConversationKey>,
    /// These, if they listen to that conversation.
    pub(super) users: Vec<(UserId, ConversationKey)>,
    /// Who caused it.
    pub(super) causer: Option<UserId>,
    /// Whether they are told as well, wherever they listen.
    pub(super) tells_causer: bool,
}

impl Audience {
    /// The others in a conversation.
    fn beside(causer: UserId, conversation: &Conversation) -> Self {
        let key = conversation.key;
        let audience = Self { causer: Some(causer), ..Self::default() };
        match conversation.pair() {
            Some(pair) => Self { users: pair.map(|user_id| (user_id, key)).to_vec(), ..audience },
            None => Self { chatrooms: vec![key], ..audience },
        }
    }
}

impl EphemeralEvent {
    /// The answers to it that were rendered so far.
    #[must_use]
    pub fn answers(&self) -> &RenderedAnswers {
        match self {
            Self::Presence(event) => &event.answers,
            Self::Typing(event) => &event.answers,
        }
    }

    /// Reads what a change refers to, and its audience. `None` when what it refers to no longer exists.
    pub(super) fn load(
        connection: &mut Connection,
        change: EphemeralChange,
    ) -> Result<Option<(Self, Audience)>, StoreError> {
        match change {
            EphemeralChange::Presence { user_id, by_choice } => load_presence(connection, user_id, by_choice),
            EphemeralChange::Typing { typist, is_typing } => load_typing(connection, typist, is_typing),
        }
    }
}

impl TypingEvent {
    /// The user with this id, if the event refers to them.
    #[must_use]
    pub fn person(&self, id: UserId) -> Option<&Arc<User>> {
        self.participants.iter().find(|user| user.id == id)
    }
}

/// Members of a chatroom are not looked up, there may be thousands of them: the hub knows which of them listen.
fn load_presence(
    connection: &mut Connection,
    user_id: UserId,
    by_choice: bool,
) -> Result<Option<(EphemeralEvent, Audience)>, StoreError> {
    let Some(user) = user::find(connection, user_id)? else {
        return Ok(None);
    };
    let chatrooms = membership::all_chatrooms(connection, user_id)?;
    let audience = Audience {
        chatrooms: chatrooms.into_iter().map(Id::cast).collect(),
        users: contact::of_user(connection, user_id)?,
        causer: Some(user_id),
        tells_causer: by_choice,
    };
    let event = PresenceEvent { user: Arc::new(user), answers: RenderedAnswers::default() };
    Ok(Some((EphemeralEvent::Presence(event), audience)))
}

fn load_typing(
    connection: &mut Connection,
    Typist { user_id, conversation: key }: Typist,
    is_typing: bool,
) -> Result<Option<(EphemeralEvent, Audience)>, StoreError> {
    let Some(conversation) = conversation::find(connection, key)? else {
        return Ok(None);
    };
    let (chatroom, user_ids) = match conversation.pair() {
        Some(pair) => (None, pair.to_vec()),
        None => (chatroom::find(connection, key.cast())?.map(Arc::new), vec![user_id]),
    };
    let participants: Vec<_> = user::find_all(connection, &user_ids)?.into_iter().map(Arc::new).collect();
    let Some(typist) = participants.iter().find(|user| user.id == user_id).cloned() else {
        return Ok(None);
    };
    let answers = RenderedAnswers::default();
    let event = TypingEvent { conversation, chatroom, typist, participants, is_typing, answers };
    Ok(Some((EphemeralEvent::Typing(event), Audience::beside(user_id, &conversation))))
}
