//! The root type `Query`.

use async_graphql::MergedObject;

use super::{
    chatroom, chatrooms, conversation, conversations, node, recent_messages, search_messages, server_info,
    user, users, viewer,
};

/// What can be read.
///
/// Queries change nothing and can be repeated. Lists come in pages, newest first where they hold messages; a page size out
/// of bounds is an error and never clamped.
#[derive(Default, MergedObject)]
pub(in crate::graphql) struct Query(
    chatroom::ChatroomQuery,
    chatrooms::ChatroomsQuery,
    conversation::ConversationQuery,
    conversations::ConversationsQuery,
    node::NodeQuery,
    recent_messages::RecentMessagesQuery,
    search_messages::SearchMessagesQuery,
    server_info::ServerInfoQuery,
    user::UserQuery,
    users::UsersQuery,
    viewer::ViewerQuery,
);
