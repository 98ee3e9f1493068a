//! Choose what others see of oneself.

use crate::{
    app::App,
    domain::{DomainError, IdRole, access::require_user},
    models::User,
    presence::PresenceSetting,
    types::UserId,
};

/// Shows this of somebody from now on, and tells their contacts. Refuses an unknown user.
pub async fn set_presence(app: &App, user_id: UserId, setting: PresenceSetting) -> Result<User, DomainError> {
    let user = app.store.read(move |connection| require_user(connection, user_id, IdRole::User)).await?;
    app.presence.choose(user_id, setting).await;
    Ok(user)
}
