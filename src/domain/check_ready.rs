//! See whether the store answers.

use crate::{
    app::App,
    domain::DomainError,
    models::message,
    store::{Connection, Lane},
};

/// Whether the store answers, and what is written to it would be found again.
pub async fn check_ready(app: &App) -> Result<(), DomainError> {
    let store = app.store.clone();
    let ask = move |connection: &mut Connection| {
        store.check_file()?;
        Ok(message::newest_id(connection).map(drop)?)
    };
    app.store.read_in(Lane::Health, ask).await
}
