//! What is loaded by which key, and how.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::{Context, QueryPathNode, QueryPathSegment, Result};

use super::batch::Batches;
use crate::{
    app::App,
    domain::{
        ConversationState, DomainError, History, Member, MembersOf, MessageView, PresenceOf, ReactionGroup,
        ReactionsOf, Snapshot, StateOf, find_messages, find_users, list_members, read_histories,
        read_presences, read_reactions, read_states,
    },
    graphql::resolver_error::domain_error,
    models::User,
    presence::Presence,
    types::{MessageId, Page, UserId},
};

/// A key by which something is loaded.
pub(in crate::graphql) trait Key: Clone + Eq + Hash + Send + Sync + 'static {
    /// What is loaded.
    type Value: Clone + Send + Sync + 'static;

    /// How many rows are read for it, at most.
    fn rows(&self) -> u32;

    /// The batches of keys of this kind.
    fn batches(loaders: &Loaders) -> &Batches<Self>;

    /// Loads the values of several keys; those are left out that have none.
    fn load(
        app: &App,
        keys: Vec<Self>,
    ) -> impl Future<Output = std::result::Result<HashMap<Self, Self::Value>, DomainError>> + Send;
}

/// Loads one thing, together with what the other items of a list ask for. What is in no list has nobody to wait for.
pub(in crate::graphql) async fn load<K: Key>(ctx: &Context<'_>, key: K) -> Result<Option<K::Value>> {
    let is_item = |path: &QueryPathNode<'_>| matches!(path.segment, QueryPathSegment::Index(_));
    if ctx.path_node.is_some_and(|path| path.parents().any(is_item)) {
        return load_together(ctx, key).await;
    }
    let found = K::load(ctx.data()?, vec![key.clone()]).await;
    Ok(found.map_err(domain_error)?.remove(&key))
}

/// Loads one thing with one read for all fields that ask for it beside each other, so that they agree.
pub(in crate::graphql) async fn load_together<K: Key>(ctx: &Context<'_>, key: K) -> Result<Option<K::Value>> {
    let batches = K::batches(ctx.data()?);
    batches.load(ctx.data()?, key).await.map_err(domain_error)
}

/// Writes down for each kind of key what is loaded by it, with which call of the domain, and how many rows that reads.
macro_rules! loaders {
    ($($(#[$doc:meta])* $kind:ident: $key:ty => $value:ty = $load:ident, rows $rows:expr;)+) => {
        /// The batches of one request. Part of the request's data.
        #[derive(Default)]
        pub(in crate::graphql) struct Loaders {
            $($(#[$doc])* $kind: Batches<$key>,)+
        }

        $(
            impl Key for $key {
                type Value = $value;

                fn rows(&self) -> u32 {
                    let rows: fn(&Self) -> u32 = $rows;
                    rows(self)
                }

                fn batches(loaders: &Loaders) -> &Batches<Self> {
                    &loaders.$kind
                }

                async fn load(
                    app: &App,
                    keys: Vec<Self>,
                ) -> std::result::Result<HashMap<Self, Self::Value>, DomainError> {
                    Ok($load(app, keys).await?.into_iter().collect())
                }
            }
        )+
    };
}

loaders! {
    /// Pages of histories.
    histories: History => Snapshot<Page<MessageView>> = read_histories, rows |history| history.bounds.limit;
    /// Pages of members.
    members: MembersOf => Snapshot<Page<Member>> = list_members, rows |members| members.bounds.limit;
    /// Messages that others answer.
    messages: MessageId => MessageView = find_messages, rows |_| 1;
    /// What people show of themselves.
    presences: PresenceOf => Presence = read_presences, rows |_| 1;
    /// The reactions to messages.
    reactions: ReactionsOf => Vec<ReactionGroup> = read_reactions, rows |_| 1;
    /// Where conversations stand.
    states: StateOf => ConversationState = read_states, rows |_| 1;
    /// Users.
    users: UserId => Arc<User> = find_users, rows |_| 1;
}
