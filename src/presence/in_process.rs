//! Presence in this process, for as long as it runs.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Instant,
};

use async_channel::{Receiver, Sender};
use futures_util::{
    FutureExt,
    future::{BoxFuture, ready},
};
use tokio::runtime::Handle;

use super::{LEASE, Lease, Presence, PresenceSetting, PresenceStore, TYPING, person::Person};
use crate::types::{Clock, EphemeralChange, Typist, UserId};

/// How much may wait to be told; what is more is not told at all.
const WAITING: usize = 4_096;

/// Keeps everything in memory: a few hundred bytes for each person who was ever there.
pub struct InProcess(Arc<Inner>);

struct Inner {
    /// This very thing, for tasks that do not keep it.
    this: Weak<Self>,
    clock: Arc<dyn Clock>,
    told: Sender<EphemeralChange>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    next: u64,
    people: HashMap<UserId, Person>,
    typing: HashMap<Typist, TypingSession>,
}

/// One spell of typing.
#[derive(Clone, Copy)]
struct TypingSession {
    number: u64,
    ends: Instant,
}

/// Something that is due at a time.
#[derive(Clone, Copy)]
enum Expiring {
    Lease(Lease),
    Typing(Typist, u64),
    /// A change of somebody's presence that is told no earlier.
    Untold(UserId, Instant),
}

impl InProcess {
    /// One in which nobody is there, and where it says what changes.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> (Self, Receiver<EphemeralChange>) {
        let (told, changes) = async_channel::bounded(WAITING);
        let inner = |this: &Weak<Inner>| Inner { this: this.clone(), clock, told, state: Mutex::default() };
        (Self(Arc::new_cyclic(inner)), changes)
    }

    fn extend(&self, lease: Lease) {
        let ends = self.0.clock.instant() + LEASE;
        let before = self.0.change(lease.user_id, false, |person| person.leases.insert(lease.number, ends));
        if before.is_none() {
            self.0.watch(Expiring::Lease(lease));
        }
    }

    fn begin_typing(&self, typist: Typist) {
        let now = self.0.clock.instant();
        let ends = now + TYPING;
        let mut state = self.0.state();
        if let Some(spell) = state.typing.get_mut(&typist) {
            spell.ends = ends;
            return;
        }
        if state.people.entry(typist.user_id).or_default().typing_pace.take(now).is_err() {
            return;
        }
        let number = state.number();
        state.typing.insert(typist, TypingSession { number, ends });
        self.0.tell(EphemeralChange::Typing { typist, is_typing: true });
        drop(state);
        self.0.watch(Expiring::Typing(typist, number));
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does what is due in time, however often that is put off. Where there is no runtime any more, nothing is due.
    fn watch(&self, mortal: Expiring) {
        let Ok(runtime) = Handle::try_current() else { return };
        let (clock, this) = (Arc::clone(&self.clock), self.this.clone());
        let due = move || this.upgrade().and_then(|inner| inner.due(mortal));
        runtime.spawn(async move {
            while let Some(time) = due() {
                clock.wait_until(time).await;
            }
        });
    }

    /// Says what changed, in the order in which it did: call it with the state in hand.
    fn tell(&self, change: EphemeralChange) {
        if self.told.try_send(change).is_err() {
            tracing::debug!(?change, "too much changes at once for all of it to be told");
        }
    }

    /// Changes what is known of somebody.
    fn change<T>(&self, user_id: UserId, by_choice: bool, change: impl FnOnce(&mut Person) -> T) -> T {
        let mut state = self.state();
        let person = state.people.entry(user_id).or_default();
        let changed = change(person);
        self.refresh(user_id, person, by_choice);
        changed
    }

    /// Tells what has changed, now or, when it changes too often, with the next change that may be told.
    fn refresh(&self, user_id: UserId, person: &mut Person, by_choice: bool) {
        if !person.refresh(&*self.clock) {
            return;
        }
        if let Some(untold) = &mut person.untold {
            *untold |= by_choice;
            return;
        }
        match person.pace.take(self.clock.instant()) {
            Ok(()) => self.tell(EphemeralChange::Presence { user_id, by_choice }),
            Err(time) => {
                person.untold = Some(by_choice);
                self.watch(Expiring::Untold(user_id, time));
            }
        }
    }

    /// Tells a change that has waited.
    fn tell_late(&self, user_id: UserId) -> Option<()> {
        let mut state = self.state();
        let person = state.people.get_mut(&user_id)?;
        let by_choice = person.untold.take()?;
        // The token that this waited for.
        person.pace.take(self.clock.instant()).ok();
        self.tell(EphemeralChange::Presence { user_id, by_choice });
        Some(())
    }

    /// When something is due; `None` when it has been done, or is done just now.
    fn due(&self, mortal: Expiring) -> Option<Instant> {
        match mortal {
            Expiring::Lease(Lease { user_id, number }) => {
                self.change(user_id, false, |_| ());
                self.state().people.get(&user_id)?.leases.get(&number).copied()
            }
            Expiring::Typing(typist, number) => {
                let mut state = self.state();
                let spell = *state.typing.get(&typist).filter(|spell| spell.number == number)?;
                if spell.ends > self.clock.instant() {
                    return Some(spell.ends);
                }
                self.end_typing(&mut state, typist);
                None
            }
            Expiring::Untold(_, time) if time > self.clock.instant() => Some(time),
            Expiring::Untold(user_id, _) => {
                self.tell_late(user_id);
                None
            }
        }
    }

    fn end_typing(&self, state: &mut State, typist: Typist) {
        if state.typing.remove(&typist).is_some() {
            self.tell(EphemeralChange::Typing { typist, is_typing: false });
        }
    }
}

impl State {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

impl PresenceStore for InProcess {
    fn lease(&self, user_id: UserId) -> BoxFuture<'_, Lease> {
        let number = self.0.state().number();
        let lease = Lease { user_id, number };
        self.renew(lease).map(move |()| lease).boxed()
    }

    fn renew(&self, lease: Lease) -> BoxFuture<'_, ()> {
        async move { self.extend(lease) }.boxed()
    }

    fn release(&self, lease: Lease) {
        self.0.change(lease.user_id, false, |person| person.leases.remove(&lease.number));
    }

    fn choose(&self, user_id: UserId, setting: PresenceSetting) -> BoxFuture<'_, ()> {
        self.0.change(user_id, true, |person| person.setting = setting);
        ready(()).boxed()
    }

    fn read(&self, user_ids: Vec<UserId>) -> BoxFuture<'_, HashMap<UserId, Presence>> {
        let mut state = self.0.state();
        let mut shown = HashMap::with_capacity(user_ids.len());
        for user_id in user_ids {
            if let Some(person) = state.people.get_mut(&user_id) {
                self.0.refresh(user_id, person, false);
                shown.insert(user_id, person.shown.clone());
            }
        }
        ready(shown).boxed()
    }

    fn set_typing(&self, typist: Typist, is_typing: bool) -> BoxFuture<'_, ()> {
        async move {
            if is_typing {
                self.begin_typing(typist);
            } else {
                self.0.end_typing(&mut self.0.state(), typist);
            }
        }
        .boxed()
    }
}
