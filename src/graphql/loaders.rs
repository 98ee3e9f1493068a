//! Batches what the items of a page ask for one by one into one call to the domain.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{
    dataloader::{DataLoader, Loader},
    runtime::{TokioSpawner, TokioTimer},
};

use crate::{
    app::App,
    domain::{DomainError, History, MessageView, read_histories},
    types::Page,
};

/// Loads pages of histories.
pub(super) struct Histories(App);

/// The loader as resolvers use it.
pub(super) type HistoryLoader = DataLoader<Histories>;

impl Histories {
    pub(super) fn loader(app: App) -> HistoryLoader {
        DataLoader::new(Self(app), TokioSpawner::current(), TokioTimer::default())
    }
}

impl Loader<History> for Histories {
    type Value = Page<MessageView>;
    type Error = Arc<DomainError>;

    async fn load(&self, histories: &[History]) -> Result<HashMap<History, Page<MessageView>>, Self::Error> {
        Ok(read_histories(&self.0, histories.to_vec()).await?)
    }
}
