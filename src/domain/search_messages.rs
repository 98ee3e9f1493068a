//! Search the messages that somebody may read.

use crate::{
    app::App,
    domain::{
        DomainError, IdRole, MessageView, Refusal, Snapshot,
        access::{require_conversation, require_user},
        participants::Participants,
    },
    models::{
        MessageReader, UserReader,
        message_search::{self, Scope, Search},
    },
    store::{Connection, Lane, StoreError},
    types::{Bounds, ConversationId, MessageId, Page, SearchText, UserId},
};

/// What is searched for, and by whom.
#[derive(Clone, Debug)]
pub struct SearchQuery {
    /// Who searches.
    pub user_id: UserId,
    /// The words.
    pub text: SearchText,
    /// Only in this conversation.
    pub conversation_id: Option<ConversationId>,
    /// Only messages of this sender.
    pub sender_id: Option<UserId>,
}

/// A page of the messages that have all the words, newest first, among those that the user may read.
///
/// Refuses unknown people, a conversation that the user may not read, and a search that takes too long.
/// Searches of one user run one after the other, so that they leave the lane of searches to others.
pub async fn search_messages(
    app: &App,
    query: SearchQuery,
    bounds: Bounds<MessageId>,
) -> Result<Snapshot<Page<MessageView>>, DomainError> {
    let (users, messages) = (app.users.reader(), app.messages.reader());
    let _turn = app.searches.wait(query.user_id).await.map_err(|_| Refusal::TooManySearches)?;
    let found = app.store.read_in(Lane::Search, move |connection| {
        let moment = Snapshot::begin(connection)?;
        let page = search(connection, &users, &messages, query, &bounds)?;
        Ok(moment.map(|()| page))
    });
    found.await.map_err(|error| match error {
        DomainError::Fault(StoreError::TooLate) => Refusal::SearchTooExpensive.into(),
        error => error,
    })
}

fn search(
    connection: &mut Connection,
    users: &UserReader,
    messages: &MessageReader,
    query: SearchQuery,
    bounds: &Bounds<MessageId>,
) -> Result<Page<MessageView>, DomainError> {
    require_user(connection, query.user_id, IdRole::User)?;
    let scope = match query.conversation_id {
        Some(id) => Scope::Conversation(require_conversation(connection, id, query.user_id)?.key),
        None => Scope::ReadableBy(query.user_id),
    };
    if let Some(sender_id) = query.sender_id {
        require_user(connection, sender_id, IdRole::Sender)?;
    }
    let search = Search { text: query.text, scope, sender_id: query.sender_id };
    let page = message_search::search(connection, messages, &search, bounds)?;
    let participants = Participants::of_messages(connection, users, &page.items)?;
    Ok(page.filter_map(|message| MessageView::new(message, &participants)))
}
