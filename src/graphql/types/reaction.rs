use async_graphql::Object;

use super::User;
use crate::domain;

pub(in crate::graphql) struct ReactionGroup(pub(in crate::graphql) domain::ReactionGroup);

/// All reactions to a message with one emoji.
#[Object]
impl ReactionGroup {
    /// How many users have reacted with it.
    async fn count(&self) -> u32 {
        self.0.count
    }

    /// The emoji, fully qualified: `❤️`, also when it was given as `❤`.
    async fn emoji(&self) -> &str {
        self.0.emoji.as_str()
    }

    /// The first few users who reacted with it, up to 5, in the order in which they did.
    async fn first_users(&self) -> Vec<User> {
        self.0.users.iter().cloned().map(User).collect()
    }

    /// Whether the acting user is among those who reacted with it; false when the request names nobody.
    async fn viewer_has_reacted(&self) -> bool {
        self.0.viewer_has_reacted
    }
}
