//! The rendered answers to one event, each shared by all subscriptions with the same selection.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};
use serde_json::value::RawValue;

use super::backlog::Charge;

/// An answer as JSON. `None` when there is nothing to send, because what the event refers to no longer
/// exists.
pub type RenderedAnswer = Option<Arc<RawValue>>;

/// The SHA-256 of a selection: no two selections with the same hash can be found.
pub type SelectionHash = [u8; 32];

/// The rendering of an answer; `None` when it cannot be shared.
type Rendering = BoxFuture<'static, Option<RenderedAnswer>>;

/// The most different selections for which one event is rendered. The follower that starts one is charged for
/// it, so no user takes all places for long.
const MOST: usize = 64;

/// The answers to one event, each rendered once, by selection. They count in the backlog, and are dropped
/// with the event.
///
/// Measured with `just bench-fan-out`; `docs/performance.md` has the figures.
#[derive(Default)]
pub struct RenderedAnswers {
    state: Mutex<State>,
    /// Set when the event is published to listeners.
    charge: OnceLock<Charge>,
}

#[derive(Default)]
struct State {
    by_selection: HashMap<SelectionHash, AnswerState>,
    /// It had to make place: nothing is kept any more.
    is_closed: bool,
}

enum AnswerState {
    /// It is being rendered. Each future that waits for it can drive it; it is dropped when none waits any
    /// more.
    InProgress(WeakShared<Rendering>),
    Rendered(RenderedAnswer),
}

impl AnswerState {
    fn bytes(&self) -> usize {
        match self {
            Self::InProgress(_) => 0,
            AnswerState::Rendered(answer) => bytes_of(answer),
        }
    }
}

/// What there is for a selection.
enum Lookup {
    InProgress(Shared<Rendering>),
    Rendered(RenderedAnswer),
    /// There are as many selections as are shared.
    TooMany,
}

impl RenderedAnswers {
    /// Whether more than one follower may get the event: it waits for listeners. What was read from the log
    /// for one of them does not.
    #[must_use]
    pub fn are_shared(&self) -> bool {
        self.charge.get().is_some()
    }

    /// The answer to a selection: rendered now, when it is the first with this selection. `None` when each
    /// follower must render its own, because the answer cannot be shared, or because there are too many
    /// selections.
    pub async fn get_or_render(
        &self,
        selection: &SelectionHash,
        render: impl FnOnce() -> Rendering,
    ) -> Option<RenderedAnswer> {
        match self.find(selection, render) {
            Lookup::TooMany => None,
            Lookup::Rendered(answer) => Some(answer),
            Lookup::InProgress(rendering) => {
                let answer = rendering.await?;
                self.keep(selection, &answer);
                Some(answer)
            }
        }
    }

    fn find(&self, selection: &SelectionHash, render: impl FnOnce() -> Rendering) -> Lookup {
        let state = &mut self.lock().by_selection;
        let started = match state.get(selection) {
            Some(AnswerState::Rendered(answer)) => return Lookup::Rendered(answer.clone()),
            Some(AnswerState::InProgress(rendering)) => rendering.upgrade(),
            None if state.len() == MOST => return Lookup::TooMany,
            None => None,
        };
        let rendering = started.unwrap_or_else(|| render().shared());
        if let Some(weak) = rendering.downgrade() {
            state.insert(*selection, AnswerState::InProgress(weak));
        }
        Lookup::InProgress(rendering)
    }

    /// Keeps an answer for the others, once.
    fn keep(&self, selection: &SelectionHash, answer: &RenderedAnswer) {
        let mut state = self.lock();
        if state.is_closed || matches!(state.by_selection.get(selection), Some(AnswerState::Rendered(_))) {
            return;
        }
        state.by_selection.insert(*selection, AnswerState::Rendered(answer.clone()));
        let Some(charge) = self.charge.get() else { return };
        charge.add(bytes_of(answer));
        // What makes place may be this very thing.
        drop(state);
        charge.trim();
    }

    /// The event waits for listeners from now on.
    pub(super) fn charge_to(&self, charge: Charge) {
        // It is published once.
        drop(self.charge.set(charge));
    }

    /// Drops all answers, and keeps none any more. Returns how many bytes they and the event took.
    pub(super) fn close(&self) -> usize {
        let mut state = self.lock();
        state.is_closed = true;
        let answers = std::mem::take(&mut state.by_selection);
        let Some(charge) = self.charge.get() else { return 0 };
        let bytes = charge.bytes();
        charge.shrink(answers.values().map(AnswerState::bytes).sum());
        bytes
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bytes_of(answer: &RenderedAnswer) -> usize {
    answer.as_ref().map_or(0, |text| text.get().len())
}

impl fmt::Debug for RenderedAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenderedAnswers").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::poll_fn,
        sync::atomic::{AtomicUsize, Ordering},
        task::Poll,
    };

    use futures_util::poll;

    use super::*;

    fn text(json: &str) -> Arc<RawValue> {
        serde_json::value::to_raw_value(json).expect("JSON").into()
    }

    fn said(answer: Option<RenderedAnswer>) -> Option<String> {
        answer.map(|answer| answer.expect("a text").get().to_owned())
    }

    /// An answer that is there at the second look.
    fn slow(begun: &Arc<AtomicUsize>) -> Rendering {
        begun.fetch_add(1, Ordering::Relaxed);
        let mut looks = 0;
        let ready = poll_fn(move |context| {
            looks += 1;
            context.waker().wake_by_ref();
            if looks < 2 { Poll::Pending } else { Poll::Ready(Some(Some(text("told")))) }
        });
        ready.boxed()
    }

    #[tokio::test]
    async fn who_waits_writes_on_when_the_first_does_not() {
        let (answers, selection, begun) = (RenderedAnswers::default(), [0; 32], Arc::default());
        let mut first = Box::pin(answers.get_or_render(&selection, || slow(&begun)));
        assert!(poll!(&mut first).is_pending(), "and it is not looked at any more");

        let second = answers.get_or_render(&selection, || slow(&begun)).await;

        assert_eq!(said(second).as_deref(), Some("\"told\""));
        assert_eq!(said(first.await).as_deref(), Some("\"told\""));
        assert_eq!(begun.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_dropped_and_can_be_begun_again() {
        let (answers, selection, begun) = (RenderedAnswers::default(), [0; 32], Arc::default());
        let mut first = Box::pin(answers.get_or_render(&selection, || slow(&begun)));
        assert!(poll!(&mut first).is_pending());
        drop(first);
        let again = answers.get_or_render(&selection, || slow(&begun)).await;
        assert_eq!(said(again).as_deref(), Some("\"told\""));
        assert_eq!(begun.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn too_many_different_things_are_written_for_each_alone() {
        let answers = RenderedAnswers::default();
        for number in 0..=u8::try_from(MOST).expect("a byte") {
            let selection = [number; 32];
            let written =
                answers.get_or_render(&selection, || async { Some(Some(text("told"))) }.boxed()).await;
            assert_eq!(written.is_some(), usize::from(number) < MOST);
        }
        let state = answers.get_or_render(&[0; 32], || async { None }.boxed()).await;
        assert_eq!(said(state).as_deref(), Some("\"told\""));
    }
}
