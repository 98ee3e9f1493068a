use async_graphql::Union;

use super::{Chatroom, User};

/// Whoever a message can be sent to.
#[derive(Union)]
pub(in crate::graphql) enum Recipient {
    Chatroom(Chatroom),
    User(User),
}
