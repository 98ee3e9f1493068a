//! How one thing was told, for all who are told it in the same words.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, WeakShared},
};
use serde_json::value::RawValue;

/// An answer, written. `None` when there is nothing to tell, because what it refers to has gone.
pub type Wording = Option<Arc<RawValue>>;

/// The writing of an answer; `None` when it is not for many.
type Writing = BoxFuture<'static, Option<Wording>>;

/// In how many ways one thing is written for many. It is kept as long as somebody still has to hear of it, so this, and the
/// length of an answer that is shared, bound what somebody slow can hold.
const MOST: usize = 8;

/// The answers that were written of one thing, each once, by what was asked.
///
/// Measured with `just bench-fan-out`; `docs/performance.md` has the figures.
#[derive(Default)]
pub struct Wordings(Mutex<HashMap<Arc<str>, Known>>);

enum Known {
    /// It is being written. Whoever waits for it writes on when another does not; it goes when nobody waits any more.
    Begun(WeakShared<Writing>),
    Written(Wording),
}

/// What there is for somebody who asks.
enum Found {
    Writing(Shared<Writing>),
    Written(Wording),
    /// Enough others ask for other things.
    Nothing,
}

impl Wordings {
    /// The answer to what is asked: written now, when nobody asked for it before. `None` when each must write their own,
    /// because it could not be written for many, or because too many different things are asked.
    pub async fn get_or_write(&self, asked: &Arc<str>, write: impl FnOnce() -> Writing) -> Option<Wording> {
        match self.find(asked, write) {
            Found::Nothing => None,
            Found::Written(wording) => Some(wording),
            Found::Writing(writing) => {
                let wording = writing.await?;
                self.lock().insert(Arc::clone(asked), Known::Written(wording.clone()));
                Some(wording)
            }
        }
    }

    fn find(&self, asked: &Arc<str>, write: impl FnOnce() -> Writing) -> Found {
        let mut known = self.lock();
        let begun = match known.get(asked) {
            Some(Known::Written(wording)) => return Found::Written(wording.clone()),
            Some(Known::Begun(writing)) => writing.upgrade(),
            None if known.len() == MOST => return Found::Nothing,
            None => None,
        };
        let writing = begun.unwrap_or_else(|| write().shared());
        if let Some(weak) = writing.downgrade() {
            known.insert(Arc::clone(asked), Known::Begun(weak));
        }
        Found::Writing(writing)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        let (wordings, asked, begun) = (Wordings::default(), Arc::from("all"), Arc::default());
        let mut first = Box::pin(wordings.get_or_write(&asked, || slow(&begun)));
        assert!(poll!(&mut first).is_pending(), "and it is not looked at any more");

        let second = wordings.get_or_write(&asked, || slow(&begun)).await;

        assert_eq!(said(second).as_deref(), Some("\"told\""));
        assert_eq!(said(first.await).as_deref(), Some("\"told\""));
        assert_eq!(begun.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_dropped_and_can_be_begun_again() {
        let (wordings, asked, begun) = (Wordings::default(), Arc::from("all"), Arc::default());
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
        for number in 0..=MOST {
            let asked = Arc::from(number.to_string());
            let written = wordings.get_or_write(&asked, || async { Some(Some(text("told"))) }.boxed()).await;
            assert_eq!(written.is_some(), number < MOST);
        }
        let known = wordings.get_or_write(&Arc::from("0"), || async { None }.boxed()).await;
        assert_eq!(said(known).as_deref(), Some("\"told\""));
    }
}
