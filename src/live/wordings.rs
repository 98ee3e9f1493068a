//! How one thing was told, for all who are told it in the same words.

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

/// An answer, written. `None` when there is nothing to tell, because what it refers to has gone.
pub type Wording = Option<Arc<RawValue>>;

/// The SHA-256 of what is asked: nobody can find something else that has the same.
pub type Asked = [u8; 32];

/// The writing of an answer; `None` when it is not for many.
type Writing = BoxFuture<'static, Option<Wording>>;

/// In how many ways one thing is written for many. Whoever begins one is charged for it, so nobody takes all
/// places for long.
const MOST: usize = 64;

/// The answers that were written of one thing, each once, by what was asked. They count in the backlog, and
/// are let go with what they tell of.
///
/// Measured with `just bench-fan-out`; `docs/performance.md` has the figures.
#[derive(Default)]
pub struct Wordings {
    known: Mutex<KnownWordings>,
    /// Set when it is told to listeners.
    charge: OnceLock<Charge>,
}

#[derive(Default)]
struct KnownWordings {
    by_asked: HashMap<Asked, Known>,
    /// It had to make place: nothing is kept any more.
    is_closed: bool,
}

enum Known {
    /// It is being written. Whoever waits for it writes on when another does not; it goes when nobody waits
    /// any more.
    Begun(WeakShared<Writing>),
    Written(Wording),
}

impl Known {
    fn bytes(&self) -> usize {
        match self {
            Self::Begun(_) => 0,
            Self::Written(wording) => bytes_of(wording),
        }
    }
}

/// What there is for somebody who asks.
enum Found {
    Writing(Shared<Writing>),
    Written(Wording),
    /// Enough others ask for other things.
    Nothing,
}

impl Wordings {
    /// Whether more than one may be told of it: it is waiting for listeners. What was read from the log for
    /// one of them is not.
    #[must_use]
    pub fn are_shared(&self) -> bool {
        self.charge.get().is_some()
    }

    /// The answer to what is asked: written now, when nobody asked for it before. `None` when each must write
    /// their own, because it could not be written for many, or because too many different things are asked.
    pub async fn get_or_write(&self, asked: &Asked, write: impl FnOnce() -> Writing) -> Option<Wording> {
        match self.find(asked, write) {
            Found::Nothing => None,
            Found::Written(wording) => Some(wording),
            Found::Writing(writing) => {
                let wording = writing.await?;
                self.keep(asked, &wording);
                Some(wording)
            }
        }
    }

    fn find(&self, asked: &Asked, write: impl FnOnce() -> Writing) -> Found {
        let known = &mut self.lock().by_asked;
        let begun = match known.get(asked) {
            Some(Known::Written(wording)) => return Found::Written(wording.clone()),
            Some(Known::Begun(writing)) => writing.upgrade(),
            None if known.len() == MOST => return Found::Nothing,
            None => None,
        };
        let writing = begun.unwrap_or_else(|| write().shared());
        if let Some(weak) = writing.downgrade() {
            known.insert(*asked, Known::Begun(weak));
        }
        Found::Writing(writing)
    }

    /// Keeps an answer for the others, once.
    fn keep(&self, asked: &Asked, wording: &Wording) {
        let mut known = self.lock();
        if known.is_closed || matches!(known.by_asked.get(asked), Some(Known::Written(_))) {
            return;
        }
        known.by_asked.insert(*asked, Known::Written(wording.clone()));
        let Some(charge) = self.charge.get() else { return };
        charge.add(bytes_of(wording));
        // What makes place may be this very thing.
        drop(known);
        charge.trim();
    }

    /// What it tells of waits for listeners from now on.
    pub(super) fn charge_to(&self, charge: Charge) {
        // It is told once.
        drop(self.charge.set(charge));
    }

    /// Lets go of all answers, and keeps none any more. Gives how many bytes they and what they tell of took.
    pub(super) fn close(&self) -> usize {
        let mut known = self.lock();
        known.is_closed = true;
        let answers = std::mem::take(&mut known.by_asked);
        let Some(charge) = self.charge.get() else { return 0 };
        let bytes = charge.bytes();
        charge.shrink(answers.values().map(Known::bytes).sum());
        bytes
    }

    fn lock(&self) -> MutexGuard<'_, KnownWordings> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bytes_of(wording: &Wording) -> usize {
    wording.as_ref().map_or(0, |text| text.get().len())
}

impl fmt::Debug for Wordings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wordings").finish_non_exhaustive()
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

    fn said(wording: Option<Wording>) -> Option<String> {
        wording.map(|wording| wording.expect("a text").get().to_owned())
    }

    /// An answer that is there at the second look.
    fn slow(begun: &Arc<AtomicUsize>) -> Writing {
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
        let (wordings, asked, begun) = (Wordings::default(), [0; 32], Arc::default());
        let mut first = Box::pin(wordings.get_or_write(&asked, || slow(&begun)));
        assert!(poll!(&mut first).is_pending(), "and it is not looked at any more");

        let second = wordings.get_or_write(&asked, || slow(&begun)).await;

        assert_eq!(said(second).as_deref(), Some("\"told\""));
        assert_eq!(said(first.await).as_deref(), Some("\"told\""));
        assert_eq!(begun.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_dropped_and_can_be_begun_again() {
        let (wordings, asked, begun) = (Wordings::default(), [0; 32], Arc::default());
        let mut first = Box::pin(wordings.get_or_write(&asked, || slow(&begun)));
        assert!(poll!(&mut first).is_pending());
        drop(first);
        let again = wordings.get_or_write(&asked, || slow(&begun)).await;
        assert_eq!(said(again).as_deref(), Some("\"told\""));
        assert_eq!(begun.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn too_many_different_things_are_written_for_each_alone() {
        let wordings = Wordings::default();
        for number in 0..=u8::try_from(MOST).expect("a byte") {
            let asked = [number; 32];
            let written = wordings.get_or_write(&asked, || async { Some(Some(text("told"))) }.boxed()).await;
            assert_eq!(written.is_some(), usize::from(number) < MOST);
        }
        let known = wordings.get_or_write(&[0; 32], || async { None }.boxed()).await;
        assert_eq!(said(known).as_deref(), Some("\"told\""));
    }
}
