//! Find one thing by its id or name.

use crate::{
    app::App,
    domain::{DirectConversationView, DomainError, MessageView, view::People},
    models::{User, direct_conversation, message, user},
    types::{DirectConversationId, MessageId, UserId, Username},
};

/// The user with this id.
pub async fn find_user(app: &App, id: UserId) -> Result<Option<User>, DomainError> {
    app.store.read(move |connection| Ok(user::find(connection, id)?)).await
}

/// The user with this name.
pub async fn find_user_by_username(app: &App, username: Username) -> Result<Option<User>, DomainError> {
    app.store.read(move |connection| Ok(user::find_by_username(connection, &username)?)).await
}

/// The message with this id.
pub async fn find_message(app: &App, id: MessageId) -> Result<Option<MessageView>, DomainError> {
    app.store
        .read(move |connection| {
            let Some(message) = message::find(connection, id)? else {
                return Ok(None);
            };
            let people = People::of_messages(connection, [&message])?;
            Ok(people.view(message))
        })
        .await
}

/// The direct conversation with this id.
pub async fn find_direct_conversation(
    app: &App,
    id: DirectConversationId,
) -> Result<Option<DirectConversationView>, DomainError> {
    app.store
        .read(move |connection| {
            let Some(row) = direct_conversation::find(connection, id)? else {
                return Ok(None);
            };
            let people = People::load(connection, vec![row.lower_user_id, row.higher_user_id])?;
            Ok(people.conversation(id, row.lower_user_id, row.higher_user_id))
        })
        .await
}
