//! Somebody who writes, and repeats what is not acknowledged under the same key.

use std::{cell::RefCell, pin::pin};

use futures_util::future::{Either, select};
use rand::{RngExt, rngs::StdRng};
use serde_json::{Value, json};

use super::{Deed, Pulse, messages, turns};
use crate::support::Process;

/// As many messages as are sent at once now and then.
const MANY: usize = 100;

/// In the chatroom that all of them are in.
pub struct Sender {
    pub name: &'static str,
    pub id: String,
    pub chatroom_id: String,
    /// The other people, to whom they write as well.
    pub others: Vec<String>,
    /// Whom they remove from the chatroom and admit again.
    pub hosted: Option<String>,
    pub chance: RefCell<StdRng>,
    /// What is not acknowledged: they wait for one thing before they do the next.
    pub open: RefCell<Option<Deed>>,
    /// What was acknowledged, and how.
    pub done: RefCell<Vec<(Deed, Value)>>,
}

impl Sender {
    /// Does one thing after the other until the server is killed.
    pub async fn works(&self, server: &Process, pulse: &Pulse) {
        while !pulse.is_over() {
            self.tries(server, pulse).await;
        }
    }

    /// Repeats what was left open until it is acknowledged.
    pub async fn finishes(&self, server: &Process, pulse: &Pulse) {
        while self.open.borrow().is_some() {
            self.tries(server, pulse).await;
        }
    }

    /// Does something and nothing else.
    pub async fn does(&self, deed: Deed, server: &Process, pulse: &Pulse) {
        self.open.replace(Some(deed));
        self.finishes(server, pulse).await;
    }

    /// What brings back whom they have removed.
    pub fn makes_up(&self) -> Option<Deed> {
        let done = self.done.borrow();
        let is_about_members = |deed: &&Deed| matches!(deed, Deed::Admit { .. } | Deed::Remove { .. });
        match done.iter().rev().map(|(deed, _)| deed).find(is_about_members)?.clone() {
            Deed::Remove { chatroom_id, member_id } => Some(Deed::Admit { chatroom_id, member_id }),
            _ => None,
        }
    }

    async fn tries(&self, server: &Process, pulse: &Pulse) {
        let deed = self.open.borrow_mut().get_or_insert_with(|| self.thinks_of_something()).clone();
        let Some(payload) = self.asks(&deed, server, pulse).await else {
            return;
        };
        deed.assert_done(&payload);
        self.done.borrow_mut().push((deed, payload));
        self.open.replace(None);
        pulse.beat();
    }

    /// Gives no answer when the server is killed, or when the connection is dropped before it comes.
    async fn asks(&self, deed: &Deed, server: &Process, pulse: &Pulse) -> Option<Value> {
        let input = json!({ "input": deed.input(&self.id) });
        let patience = match self.draws(0..8) {
            0 => self.draws(0..400),
            _ => usize::MAX,
        };
        let answer = match select(pin!(server.ask(deed.document(), input)), pin!(turns(patience))).await {
            Either::Left((answer, _)) => answer,
            Either::Right(_) => return None,
        };
        match answer {
            Ok(answer) => Some(answer["data"]["done"].clone()),
            Err(error) => {
                assert!(pulse.is_over(), "{} is not answered: {error}", self.name);
                None
            }
        }
    }

    fn thinks_of_something(&self) -> Deed {
        let count = self.done.borrow().len();
        match (count % 12, &self.hosted, self.last_message()) {
            (4, _, Some(message)) => Deed::Edit { message, text: format!("edited as {}", self.text(count)) },
            (7, _, Some(message)) => Deed::React { message },
            (9, Some(member_id), _) => {
                let (chatroom_id, member_id) = (self.chatroom_id.clone(), member_id.clone());
                if count % 24 == 9 {
                    Deed::Remove { chatroom_id, member_id }
                } else {
                    Deed::Admit { chatroom_id, member_id }
                }
            }
            (10, ..) if count % 24 == 10 => self.writes(self.chatroom_id.clone(), MANY),
            _ => self.writes(self.addressee(), 1),
        }
    }

    fn writes(&self, to: String, messages: usize) -> Deed {
        let count = self.done.borrow().len();
        let text = |number| (format!("{}-{count}-{number}", self.name), self.text(count + number));
        Deed::Send { to, texts: (0..messages).map(text).collect() }
    }

    fn last_message(&self) -> Option<Value> {
        let done = self.done.borrow();
        done.iter().rev().find_map(|(_, payload)| messages(payload).next_back().cloned())
    }

    /// Long enough that it fills the buffers of who does not read.
    fn text(&self, count: usize) -> String {
        format!("{}-{count} {}", self.name, "x".repeat(1_900))
    }

    fn addressee(&self) -> String {
        match self.draws(0..2) {
            0 => self.others[self.draws(0..self.others.len())].clone(),
            _ => self.chatroom_id.clone(),
        }
    }

    fn draws(&self, range: std::ops::Range<usize>) -> usize {
        self.chance.borrow_mut().random_range(range)
    }
}
