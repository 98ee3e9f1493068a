//! The operations that run on one socket.

use std::{collections::HashMap, sync::Arc};

use futures_util::{
    StreamExt,
    stream::{self, AbortHandle, BoxStream, SelectAll},
};

use super::close::Close;
use crate::graphql::{Answer, Answers};

/// An answer of an operation, or its end.
pub(super) type OperationEvent = (Arc<str>, Option<Answer>);

/// Running operations by the ids that the client gave them. Dropping them ends them all.
#[derive(Default)]
pub(super) struct Operations {
    streams: SelectAll<BoxStream<'static, OperationEvent>>,
    running: HashMap<Arc<str>, Running>,
}

struct Running {
    handle: AbortHandle,
    is_subscription: bool,
}

impl Operations {
    /// Whether there is place for one more. An id that is taken closes the socket: the client could not tell the answers
    /// apart.
    pub(super) fn have_place(&self, id: &str, most: usize) -> Result<bool, Close> {
        if self.running.contains_key(id) {
            return Err(Close::taken(id));
        }
        Ok(self.running.len() < most)
    }

    pub(super) fn start(&mut self, id: &str, answers: Answers) {
        let id: Arc<str> = id.into();
        let is_subscription = answers.is_subscription;
        let with_end = answers.map(Some).chain(stream::iter([None]));
        let (event, handle) = stream::abortable(with_end);
        self.running.insert(Arc::clone(&id), Running { handle, is_subscription });
        self.streams.push(event.map(move |answer| (Arc::clone(&id), answer)).boxed());
    }

    /// Ends an operation, if it still runs; nothing more is heard of it.
    pub(super) fn end(&mut self, id: &str) {
        if let Some(running) = self.running.remove(id) {
            running.handle.abort();
        }
    }

    /// Ends what would never end by itself.
    pub(super) fn end_subscriptions(&mut self) {
        let subscriptions = self.running.extract_if(|_, running| running.is_subscription);
        subscriptions.for_each(|(_, running)| running.handle.abort());
    }

    /// The next event of any of them; `None` when nothing runs.
    pub(super) async fn next(&mut self) -> Option<OperationEvent> {
        let (id, answer) = self.streams.next().await?;
        if answer.is_none() {
            self.running.remove(&id);
        }
        Some((id, answer))
    }
}
