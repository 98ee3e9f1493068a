//! Fill a database with messages, and with what becomes of some of them.

use rand::RngExt;

use super::{
    passing::Passing,
    speech,
    world::{ConversationNumber, Plan, World},
};
use crate::{
    domain::{
        DomainError, Draft, Edit, Reacting, Reading, Sent, change_message, mark_read, react, send_messages,
    },
    models::{Message, UserReader, user},
    store::{Connection, Store, widen_cache},
    types::{Bounds, Timestamp, UserId},
};

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeded {
    /// Everything is there.
    Made,
    /// There were people already; nothing was changed.
    NotEmpty,
}

/// Messages that are sent together.
const BATCH: usize = 1_000;
/// Holds most of a million messages: what does not fit is written more than once.
const CACHE_MEBIBYTES: u32 = 1024;

/// Fills an empty database as planned, all or nothing, and tells again and again how many messages were sent.
///
/// It goes the way that every message goes, so what it makes is what real use would have left behind. Its ids and times are its
/// own: open the application anew afterwards, so that new messages come after these.
pub async fn seed(
    store: &Store,
    plan: Plan,
    told: impl FnMut(usize) + Send + 'static,
) -> Result<Seeded, DomainError> {
    store.write(move |connection| fill(connection, &plan, told)).await
}

fn fill(
    connection: &mut Connection,
    plan: &Plan,
    mut told: impl FnMut(usize),
) -> Result<Seeded, DomainError> {
    if !user::page(connection, &Bounds::first(1, None))?.items.is_empty() {
        return Ok(Seeded::NotEmpty);
    }
    widen_cache(connection, CACHE_MEBIBYTES)?;
    let mut world = World::make(connection, plan)?;
    for sent in (0..plan.messages).step_by(BATCH) {
        told(sent);
        let next = plan.messages.min(sent + BATCH);
        let (start, end) = (plan.time_of(sent), plan.time_of(next));
        world.talk(connection, next - sent, &Passing::between(start, end, next - sent), end)?;
    }
    Ok(Seeded::Made)
}

impl World {
    fn talk(
        &mut self,
        connection: &mut Connection,
        messages: usize,
        clock: &Passing,
        end: Timestamp,
    ) -> Result<(), DomainError> {
        let (conversations, drafts) = self.drafts(messages);
        let sent = send_messages::accept(connection, &UserReader::of_table(), &self.mint, clock, drafts)?;
        for (conversation, Sent { view, .. }) in conversations.into_iter().zip(sent) {
            self.conversation_mut(conversation).latest = Some(view.message.id);
            self.afterwards(connection, conversation, &view.message, end)?;
        }
        Ok(())
    }

    fn drafts(&mut self, messages: usize) -> (Vec<ConversationNumber>, Vec<Draft>) {
        let mut drafts = Vec::with_capacity(messages);
        while drafts.len() < messages {
            drafts.extend(self.draft());
        }
        drafts.into_iter().unzip()
    }

    /// What becomes of a message: of most of them, nothing.
    fn afterwards(
        &mut self,
        connection: &mut Connection,
        conversation: ConversationNumber,
        message: &Message,
        now: Timestamp,
    ) -> Result<(), DomainError> {
        match self.chance.random_range(0..1_000) {
            0..3 => change_message::delete(connection, message.id, message.sender_id, now).map(drop),
            3..13 => self.edit(connection, message, now),
            13..43 => {
                let actor_id = self.listener(conversation);
                self.react(connection, actor_id, message, now)
            }
            43..83 => {
                let actor_id = self.listener(conversation);
                let reading =
                    Reading { actor_id, conversation_id: message.conversation(), read_up_to: message.seq };
                mark_read::mark(connection, reading, now).map(drop)
            }
            _ => Ok(()),
        }
    }

    fn edit(
        &mut self,
        connection: &mut Connection,
        message: &Message,
        now: Timestamp,
    ) -> Result<(), DomainError> {
        let Some(text) = speech::text(&mut self.chance) else {
            return Ok(());
        };
        let edit = Edit { actor_id: message.sender_id, message_id: message.id, text };
        change_message::edit(connection, edit, now).map(drop)
    }

    fn react(
        &mut self,
        connection: &mut Connection,
        actor_id: UserId,
        message: &Message,
        now: Timestamp,
    ) -> Result<(), DomainError> {
        let Some(emoji) = speech::emoji(&mut self.chance) else {
            return Ok(());
        };
        let reacting = Reacting { actor_id, message_id: message.id, emoji };
        react::add(connection, reacting, now).map(drop)
    }
}
