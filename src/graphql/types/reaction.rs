use async_graphql::Object;

use super::User;
use crate::{domain, graphql::viewer::Viewer};

pub(in crate::graphql) struct ReactionGroup {
    group: domain::ReactionGroup,
    viewer: Viewer,
}

/// All reactions to a message with one emoji.
#[Object]
impl ReactionGroup {
    /// How many users have reacted with it.
    async fn count(&self) -> u32 {
        self.group.count
    }

    /// The emoji, fully qualified: `❤️`, also when it was given as `❤`.
    async fn emoji(&self) -> &str {
        self.group.emoji.as_str()
    }

    /// The first few users who reacted with it, up to 5, in the order in which they did.
    async fn first_users(&self) -> Vec<User> {
        self.group.users.iter().cloned().map(|user| User::new(user, self.viewer)).collect()
    }

    /// Whether the acting user is among those who reacted with it; false when the request names nobody.
    async fn viewer_has_reacted(&self) -> bool {
        self.group.viewer_has_reacted
    }
}

impl ReactionGroup {
    /// Reactions as the acting user sees them.
    pub(in crate::graphql) fn new(group: domain::ReactionGroup, viewer: Viewer) -> Self {
        Self { group, viewer }
    }
}
