//! See whether the store answers.

use crate::{app::App, domain::DomainError, models::message};

/// Whether the store answers.
pub async fn check_ready(app: &App) -> Result<(), DomainError> {
    app.store.read(|connection| Ok(message::newest_id(connection).map(drop)?)).await
}
