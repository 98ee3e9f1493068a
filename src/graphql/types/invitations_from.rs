use async_graphql::Enum;

use crate::types;

/// By whom somebody lets themselves be added to chatrooms. Services may always add them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "types::InvitationsFrom")]
pub(in crate::graphql) enum InvitationsFrom {
    /// By their contacts: those with whom they share a chatroom, or a direct conversation in which both have written.
    Contacts,
    /// By everybody.
    Everybody,
    /// By nobody.
    Nobody,
}
