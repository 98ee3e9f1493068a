//! Batches what the items of a page ask for one by one into one call to the domain.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};

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

/// Writes a loader over a call of the domain that takes many keys.
macro_rules! loaders {
    ($($(#[$doc:meta])* $name:ident as $alias:ident: $key:ty => $value:ty = $load:ident;)+) => {
        $(
            $(#[$doc])*
            pub(super) struct $name(App);

            /// The loader as resolvers use it.
            pub(super) type $alias = DataLoader<$name>;

            impl Loader<$key> for $name {
                type Value = $value;
                type Error = Arc<DomainError>;

                async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, $value>, Self::Error> {
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
    Histories as HistoryLoader: History => Snapshot<Page<MessageView>> = read_histories;
    /// Loads pages of members.
    Members as MemberLoader: MembersOf => Snapshot<Page<Member>> = list_members;
    /// Loads messages that others answer.
    Messages as MessageLoader: MessageId => MessageView = find_messages;
    /// Loads what people show of themselves.
    Presences as PresenceLoader: PresenceOf => Presence = read_presences;
    /// Loads the reactions to messages.
    Reactions as ReactionLoader: ReactionsOf => Vec<ReactionGroup> = read_reactions;
    /// Loads where conversations stand.
    States as StateLoader: StateOf => ConversationState = read_states;
    /// Loads users.
    Users as UserLoader: UserId => Arc<User> = find_users;
}
