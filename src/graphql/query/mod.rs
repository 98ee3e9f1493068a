//! What can be read.

mod node;
mod recent_messages;
mod server_info;
mod user;
mod users;

use async_graphql::MergedObject;

/// What can be read.
///
/// Queries change nothing and can be repeated. Lists come in pages, newest first where they hold messages; a page size out
/// of bounds is an error and never clamped.
#[derive(Default, MergedObject)]
pub(super) struct Query(
    node::NodeQuery,
    recent_messages::RecentMessagesQuery,
    server_info::ServerInfoQuery,
    user::UserQuery,
    users::UsersQuery,
);
