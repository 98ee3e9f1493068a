//! What listeners hear that is not in the log.

use std::sync::Arc;

use super::RenderedAnswers;
use crate::{
    models::{Chatroom, Conversation, User, chatroom, contact, conversation, membership, user},
    store::{Connection, StoreError},
    types::{ConversationKey, Fleeting, Id, Typist, UserId},
};

/// Something fleeting, and the things it refers to as they were when it was told.
#[derive(Debug)]
pub enum Notice {
    /// Somebody's presence is another one.
    Presence(PresenceNotice),
    /// Somebody began to type, or stopped.
    Typing(TypingNotice),
}

/// Somebody's presence is another one.
#[derive(Debug)]
pub struct PresenceNotice {
    /// Whose.
    pub user: Arc<User>,
    /// The answers to it that were rendered so far.
    pub answers: RenderedAnswers,
}

/// Somebody began to type, or stopped.
#[derive(Debug)]
pub struct TypingNotice {
    /// Where.
    pub conversation: Conversation,
    /// The chatroom, when it is one.
    pub chatroom: Option<Arc<Chatroom>>,
    /// Who.
    pub typist: Arc<User>,
    /// Who takes part, when it is between two people; else who types.
    pub people: Vec<Arc<User>>,
    /// Whether they began.
    pub is_typing: bool,
    /// The answers to it that were rendered so far.
    pub answers: RenderedAnswers,
}

/// Whom a notice concerns.
#[derive(Clone, Debug, Default)]
pub(super) struct Audience {
    /// Everybody who listens to one of these.
    pub(super) chatrooms: Vec<ConversationKey>,
    /// These, if they listen to that conversation.
    pub(super) people: Vec<(UserId, ConversationKey)>,
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
            Some(pair) => Self { people: pair.map(|user_id| (user_id, key)).to_vec(), ..audience },
            None => Self { chatrooms: vec![key], ..audience },
        }
    }
}

impl Notice {
    /// The answers to it that were rendered so far.
    #[must_use]
    pub fn answers(&self) -> &RenderedAnswers {
        match self {
            Self::Presence(notice) => &notice.answers,
            Self::Typing(notice) => &notice.answers,
        }
    }

    /// Reads what a fleeting thing refers to, and whom it concerns. `None` when what it refers to has gone.
    pub(super) fn load(
        connection: &mut Connection,
        fleeting: Fleeting,
    ) -> Result<Option<(Self, Audience)>, StoreError> {
        match fleeting {
            Fleeting::Presence { user_id, by_choice } => load_presence(connection, user_id, by_choice),
            Fleeting::Typing { typist, is_typing } => load_typing(connection, typist, is_typing),
        }
    }
}

impl TypingNotice {
    /// The person with this id, who is named in it.
    #[must_use]
    pub fn person(&self, id: UserId) -> Option<&Arc<User>> {
        self.people.iter().find(|user| user.id == id)
    }
}

/// Members of a chatroom are not looked up, there may be thousands of them: the hub knows which of them listen.
fn load_presence(
    connection: &mut Connection,
    user_id: UserId,
    by_choice: bool,
) -> Result<Option<(Notice, Audience)>, StoreError> {
    let Some(user) = user::find(connection, user_id)? else {
        return Ok(None);
    };
    let chatrooms = membership::all_chatrooms(connection, user_id)?;
    let audience = Audience {
        chatrooms: chatrooms.into_iter().map(Id::cast).collect(),
        people: contact::of_user(connection, user_id)?,
        causer: Some(user_id),
        tells_causer: by_choice,
    };
    let notice = PresenceNotice { user: Arc::new(user), answers: RenderedAnswers::default() };
    Ok(Some((Notice::Presence(notice), audience)))
}

fn load_typing(
    connection: &mut Connection,
    Typist { user_id, conversation: key }: Typist,
    is_typing: bool,
) -> Result<Option<(Notice, Audience)>, StoreError> {
    let Some(conversation) = conversation::find(connection, key)? else {
        return Ok(None);
    };
    let (chatroom, named) = match conversation.pair() {
        Some(pair) => (None, pair.to_vec()),
        None => (chatroom::find(connection, key.cast())?.map(Arc::new), vec![user_id]),
    };
    let people: Vec<_> = user::find_all(connection, &named)?.into_iter().map(Arc::new).collect();
    let Some(typist) = people.iter().find(|user| user.id == user_id).cloned() else {
        return Ok(None);
    };
    let answers = RenderedAnswers::default();
    let notice = TypingNotice { conversation, chatroom, typist, people, is_typing, answers };
    Ok(Some((Notice::Typing(notice), Audience::beside(user_id, &conversation))))
}
