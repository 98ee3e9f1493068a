//! Batches what the items of a page ask for one by one into one call to the domain.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};

use crate::{
    app::App,
    domain::{DomainError, History, MessageView, load_conversations, read_histories},
    models::Conversation,
    types::{DirectConversationId, Page},
};

/// Loads conversations and their histories.
pub(super) struct Conversations(App);

/// The loader as resolvers use it.
pub(super) type ConversationLoader = DataLoader<Conversations>;

impl Conversations {
    pub(super) fn loader(app: App) -> ConversationLoader {
        DataLoader::new(Self(app), TokioSpawner::current(), TokioTimer::default())
    }
}

impl Loader<DirectConversationId> for Conversations {
    type Value = Conversation;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        ids: &[DirectConversationId],
    ) -> Result<HashMap<DirectConversationId, Conversation>, Self::Error> {
        Ok(load_conversations(&self.0, ids.to_vec()).await?)
    }
}

impl Loader<History> for Conversations {
    type Value = Page<MessageView>;
    type Error = Arc<DomainError>;

    async fn load(&self, histories: &[History]) -> Result<HashMap<History, Page<MessageView>>, Self::Error> {
        Ok(read_histories(&self.0, histories.to_vec()).await?)
    }
}
