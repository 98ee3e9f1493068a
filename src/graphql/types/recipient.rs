use async_graphql::Union;

use super::User;

/// Whoever a message can be sent to.
#[derive(Union)]
pub(in crate::graphql) enum Recipient {
    User(User),
}
