//! Read where conversations stand, and where somebody stands in them.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use diesel::QueryResult;

use crate::{
    app::App,
    domain::{
        ConversationScope, DomainError, MessageView, ReadScope, access::still_readable,
        participants::Participants,
    },
    models::{
        Conversation, Message, MessageReader, ReadPosition, UserReader, conversation, message, read_position,
    },
    store::Connection,
    types::{ConversationKey, MessageId, UserId},
};

/// Which conversation, and whose place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StateOf {
    /// The conversation.
    pub conversation: ConversationKey,
    /// What the one who asks may see.
    pub read_scope: ReadScope,
}

/// Where a conversation stands; all of it is of one moment.
#[derive(Clone, Debug)]
pub struct ConversationState {
    /// The seq of the newest message, 0 when there is none.
    pub latest_seq: i64,
    /// The newest message.
    pub last_message: Option<MessageView>,
    /// The place of the one who asks; `None` when it is not known who does.
    pub reading: Option<ReadingState>,
}

/// Where somebody stands in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingState {
    /// The greatest seq that they have read.
    pub read_up_to: i64,
    /// How many messages of others come after it.
    pub unread_count: i64,
}

/// The states of several conversations, with as many round trips as one. Those are left out that are unknown, and those that
/// whoever asks may not read any more.
pub async fn read_states(
    app: &App,
    asked: Vec<StateOf>,
) -> Result<HashMap<StateOf, ConversationState>, DomainError> {
    let (users, messages) = (app.users.reader(), app.messages.reader());
    let rows = u32::try_from(asked.len()).unwrap_or(u32::MAX);
    app.store
        .read_rows(rows, move |connection| {
            let keys: Vec<_> = asked.iter().map(|asked| asked.conversation).collect();
            let conversations = conversation::find_all(connection, &keys)?;
            let scopes: HashMap<_, _> =
                conversations.iter().map(|found| (found.key, ConversationScope::of(found))).collect();
            let scope = |asked: &StateOf| (asked.read_scope, scopes.get(&asked.conversation).copied());
            let asked = still_readable(connection, asked, scope)?;
            Ok(read(connection, &users, &messages, &asked, &conversations)?.0)
        })
        .await
}

/// The same of conversations that were read already, and who is in them.
pub(super) fn read(
    connection: &mut Connection,
    users: &UserReader,
    messages: &MessageReader,
    asked: &[StateOf],
    conversations: &[Conversation],
) -> Result<(HashMap<StateOf, ConversationState>, Arc<Participants>), DomainError> {
    let known: HashMap<_, _> =
        conversations.iter().map(|conversation| (conversation.key, conversation)).collect();
    let last = last_messages(connection, messages, conversations)?;
    let participants =
        Arc::new(Participants::of_conversations_with(connection, users, conversations, &last)?);
    let last = last.into_iter().filter_map(|message| MessageView::new(message, &participants));
    let last: HashMap<_, _> = last.map(|view| (view.message.conversation_id, view)).collect();
    let positions = positions(connection, asked)?;
    let state = |asked: &StateOf| {
        let latest_seq = known.get(&asked.conversation)?.latest_seq;
        let reading = asked.read_scope.user().map(|viewer| {
            let position = positions.get(&(viewer, asked.conversation)).copied();
            let position =
                position.unwrap_or_else(|| ReadPosition::starting_at(0, viewer, asked.conversation));
            ReadingState { read_up_to: position.read_up_to, unread_count: position.unread(latest_seq) }
        });
        let last_message = last.get(&asked.conversation).cloned();
        Some((*asked, ConversationState { latest_seq, last_message, reading }))
    };
    let states = asked.iter().filter_map(state).collect();
    Ok((states, participants))
}

/// The newest messages: a conversation with messages is as active as the newest of them.
fn last_messages(
    connection: &mut Connection,
    messages: &MessageReader,
    conversations: &[Conversation],
) -> QueryResult<Vec<Arc<Message>>> {
    let with_messages = conversations.iter().filter(|conversation| conversation.latest_seq > 0);
    let last: Vec<MessageId> = with_messages.map(|conversation| conversation.activity.cast()).collect();
    messages.find_each(connection, &last, message::find_all)
}

/// One statement for each of those who ask: in one request that is one.
fn positions(
    connection: &mut Connection,
    asked: &[StateOf],
) -> Result<HashMap<(UserId, ConversationKey), ReadPosition>, DomainError> {
    let mut by_viewer: BTreeMap<UserId, BTreeSet<ConversationKey>> = BTreeMap::new();
    for StateOf { conversation, read_scope } in asked {
        if let Some(viewer) = read_scope.user() {
            by_viewer.entry(viewer).or_default().insert(*conversation);
        }
    }
    let mut found = HashMap::new();
    for (viewer, keys) in by_viewer {
        let keys: Vec<_> = keys.into_iter().collect();
        let positions = read_position::find_all(connection, &keys, viewer)?;
        found.extend(positions.into_iter().map(|position| ((viewer, position.conversation_id), position)));
    }
    Ok(found)
}
