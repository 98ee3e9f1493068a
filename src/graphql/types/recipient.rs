use async_graphql::Union;

use super::{Chatroom, User};
use crate::graphql::render::one_of;

/// Whoever a message can be sent to.
#[derive(Union)]
pub(in crate::graphql) enum Recipient {
    Chatroom(Chatroom),
    User(User),
}

one_of!(Recipient { Chatroom, User });
