//! Batches what the items of a page ask for one by one into one call to the domain.

use std::{collections::HashMap, hash::Hash, slice, sync::Arc};

use async_graphql::{
    Context, QueryPathNode, QueryPathSegment, Result,
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};

use super::resolver_error::domain_error;
use crate::{
    app::App,
    domain::{
        ConversationState, DomainError, History, Member, MembersOf, MessageView, PresenceOf, ReactionGroup,
        ReactionsOf, Snapshot, StateOf, find_messages, find_users, list_members, read_histories,
        read_presences, read_reactions, read_states,
    },
    models::User,
    presence::Presence,
    types::{MessageId, Page, UserId},
};

/// Loads one thing, together with what the other items of a list ask for. What is in no list has nobody to wait for: the
/// loader would wait a millisecond for others, ten times as long as a page takes.
pub(super) async fn load<L, K>(ctx: &Context<'_>, key: K) -> Result<Option<L::Value>>
where
    L: Loader<K, Error = Arc<DomainError>>,
    K: Send + Sync + Hash + Eq + Clone + 'static,
{
    let loader = ctx.data::<DataLoader<L>>()?;
    let is_item = |path: &QueryPathNode<'_>| matches!(path.segment, QueryPathSegment::Index(_));
    let found = if ctx.path_node.is_some_and(|path| path.parents().any(is_item)) {
        loader.load_one(key).await
    } else {
        loader.loader().load(slice::from_ref(&key)).await.map(|mut found| found.remove(&key))
    };
    found.map_err(domain_error)
}

/// Writes a loader over a call of the domain that takes many keys.
macro_rules! loaders {
    ($($(#[$doc:meta])* $name:ident: $key:ty => $value:ty = $load:ident;)+) => {
        $(
            $(#[$doc])*
            pub(super) struct $name(App);

            impl Loader<$key> for $name {
                type Value = $value;
                type Error = Arc<DomainError>;

                async fn load(&self, keys: &[$key]) -> std::result::Result<HashMap<$key, $value>, Self::Error> {
                    Ok($load(&self.0, keys.to_vec()).await?.into_iter().collect())
                }
            }
        )+

        /// Adds a loader of each kind to the schema.
        pub(super) fn provide<Q, M, S>(
            schema: async_graphql::SchemaBuilder<Q, M, S>,
            app: &App,
        ) -> async_graphql::SchemaBuilder<Q, M, S> {
            schema$(.data(DataLoader::new($name(app.clone()), TokioSpawner::current(), TokioTimer::default())))+
        }
    };
}

loaders! {
    /// Loads pages of histories.
    Histories: History => Snapshot<Page<MessageView>> = read_histories;
    /// Loads pages of members.
    Members: MembersOf => Snapshot<Page<Member>> = list_members;
    /// Loads messages that others answer.
    Messages: MessageId => MessageView = find_messages;
    /// Loads what people show of themselves.
    Presences: PresenceOf => Presence = read_presences;
    /// Loads the reactions to messages.
    Reactions: ReactionsOf => Vec<ReactionGroup> = read_reactions;
    /// Loads where conversations stand.
    States: StateOf => ConversationState = read_states;
    /// Loads users.
    Users: UserId => Arc<User> = find_users;
}
