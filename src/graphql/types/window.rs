use async_graphql::{OneofObject, Result};

use crate::{
    graphql::{error::ErrorCode, resolver_error::coded},
    types,
};

/// What "recent" means: give exactly one of the two.
#[derive(OneofObject)]
#[graphql(name = "RecentWindow")]
pub(in crate::graphql) enum RecentWindow {
    /// All messages of the last so many times 24 hours, 1–30, by the server's clock at the request; paged to their end.
    Days(i32),
    /// The newest so many messages, 1–100.
    Last(i32),
}

impl Default for RecentWindow {
    fn default() -> Self {
        Self::Last(100)
    }
}

impl RecentWindow {
    /// The window within its bounds.
    pub(in crate::graphql) fn read(&self) -> Result<types::RecentWindow> {
        let window = match self {
            Self::Days(days) => types::RecentWindow::days(*days),
            Self::Last(last) => types::RecentWindow::last(*last),
        };
        window.map_err(|error| coded(ErrorCode::WindowInvalid, format_args!("window: {error}")))
    }
}
