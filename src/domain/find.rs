//! Find one thing by its id or name. What the one who asks may not see is not found.

use std::{collections::HashMap, sync::Arc};

use crate::{
    app::App,
    domain::{
        ConversationView, DomainError, MessageView, ReadScope,
        access::{may_read, may_read_message},
        participants::Participants,
        view::view_message,
    },
    models::{User, UsersById, conversation, message, user},
    store::Connection,
    types::{ConversationId, MessageId, UserId, Username},
};

/// The user with this id.
pub async fn find_user(app: &App, id: UserId) -> Result<Option<Arc<User>>, DomainError> {
    let users = app.users.reader();
    app.store.read_rows(1, move |connection| Ok(users.find(connection, id)?)).await
}

/// Users by their ids. Unknown ones are left out.
pub async fn find_users(app: &App, ids: Vec<UserId>) -> Result<UsersById, DomainError> {
    let users = app.users.reader();
    app.store.read(move |connection| Ok(users.find_all(connection, ids)?)).await
}

/// The user with this name.
pub async fn find_user_by_username(app: &App, username: Username) -> Result<Option<Arc<User>>, DomainError> {
    let find = move |connection: &mut Connection| {
        Ok::<_, DomainError>(user::find_by_username(connection, &username)?)
    };
    Ok(app.store.read_rows(1, find).await?.map(Arc::new))
}

/// The message with this id.
pub async fn find_message(
    app: &App,
    id: MessageId,
    read_scope: ReadScope,
) -> Result<Option<MessageView>, DomainError> {
    let users = app.users.reader();
    app.store
        .read_rows(1, move |connection| match message::find(connection, id)? {
            Some(found) if may_read_message(connection, read_scope, &found)? => {
                Ok(view_message(connection, &users, found)?)
            }
            _ => Ok(None),
        })
        .await
}

/// Messages by their ids, for those who have been shown a message that refers to them. Unknown ones are left out.
pub async fn find_messages(
    app: &App,
    ids: Vec<MessageId>,
) -> Result<HashMap<MessageId, MessageView>, DomainError> {
    let (users, known) = (app.users.reader(), app.messages.reader());
    app.store
        .read(move |connection| {
            let messages = known.find_each(connection, &ids, message::find_all)?;
            let participants = Participants::of_messages(connection, &users, &messages)?;
            let views = messages.into_iter().filter_map(|message| MessageView::new(message, &participants));
            Ok(views.map(|view| (view.message.id, view)).collect())
        })
        .await
}

/// The conversation between two people, which begins with their first message.
pub async fn find_direct_conversation(
    app: &App,
    one: UserId,
    other: UserId,
) -> Result<Option<ConversationView>, DomainError> {
    let users = app.users.reader();
    app.store
        .read_rows(1, move |connection| {
            let Some(found) = conversation::find_between(connection, one, other)? else {
                return Ok(None);
            };
            Ok(Participants::of_conversations(connection, &users, &[found])?.conversation(&found))
        })
        .await
}

/// The conversation with this id.
pub async fn find_conversation(
    app: &App,
    id: ConversationId,
    read_scope: ReadScope,
) -> Result<Option<ConversationView>, DomainError> {
    let users = app.users.reader();
    app.store
        .read_rows(1, move |connection| {
            let found = conversation::find(connection, id.key())?.filter(|found| found.id() == id);
            match found {
                Some(found) if may_read(connection, read_scope, &found)? => {
                    let participants = Participants::of_conversations(connection, &users, &[found])?;
                    Ok(participants.conversation(&found))
                }
                _ => Ok(None),
            }
        })
        .await
}
