//! The rules of messages: sending and repeating, reading, changing, and reacting.

use std::mem;

use messenger::types::Timestamp;
use serde_json::{Value, json};

use super::{
    model::{Message, Model, Person, Place},
    refusal::{CONVERSATION, MESSAGE, Named, Outcome, RECIPIENT, Thing, USER, Wrong},
};

/// A message that is to be sent.
#[derive(Clone, Debug)]
pub struct Letter {
    pub from: Named,
    pub to: Named,
    pub text: &'static str,
    pub key: Option<&'static str>,
    pub reply: Option<Named>,
}

/// The emoji in their full forms. More than a message may have.
pub const EMOJI: [&str; 25] = [
    "❤️", "👍", "🎉", "😀", "🙈", "🍎", "🍏", "🍐", "🍊", "🍋", "🍌", "🍉", "🍇", "🍓", "🍈", "🍒", "🍑",
    "🍍", "🥥", "🥝", "🍅", "🍆", "🥑", "🥦", "🥒",
];
const MAX_EMOJI: usize = 20;

fn is_text(text: &str) -> bool {
    !text.trim().is_empty()
}

/// Where a message of these two is.
pub fn place_of(from: &Named, to: &Named) -> Option<Place> {
    match to.thing? {
        Thing::Place(place) => Some(place),
        Thing::Person(to) => Some(Place::between(from.person()?, to)),
        Thing::Message(_) => None,
    }
}

impl Model {
    /// All of them or none; `told` is what the server gave for each of them.
    pub fn send(
        &mut self,
        letters: &[Letter],
        is_list: bool,
        told: &Value,
        now: Timestamp,
    ) -> Outcome<Vec<Value>> {
        let place = |item: usize| {
            if is_list { Wrong::at(&["input", "messages", &item.to_string()]) } else { Wrong::input() }
        };
        let numbered = letters.iter().enumerate();
        let errors: Vec<Value> =
            numbered.clone().flat_map(|(item, letter)| letter.errors(place(item))).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut after = self.clone();
        let sent = numbered.map(|(item, letter)| {
            let (number, deduplicated) = after.accept(&place(item), letter, &told[item]["message"], now)?;
            let sender = after.messages[number].from;
            Ok(json!({ "message": after.show(number, Some(sender)), "deduplicated": deduplicated }))
        });
        let sent = sent.collect::<Result<_, Value>>().map_err(|error| vec![error])?;
        *self = after;
        Ok(sent)
    }

    /// Gives the message, and whether it was there before.
    fn accept(
        &mut self,
        wrong: &Wrong,
        letter: &Letter,
        told: &Value,
        now: Timestamp,
    ) -> Result<(usize, bool), Value> {
        let Letter { from: sender, to: recipient, text, key, .. } = letter;
        let from = sender.person().ok_or_else(|| wrong.not_found("senderId", sender))?;
        let place = place_of(sender, recipient);
        let place = place.ok_or_else(|| wrong.not_found("recipientId", recipient))?;
        if matches!(place, Place::Room(_)) && !self.readers(place).contains(&from) {
            return Err(wrong.not_found("recipientId", recipient));
        }
        let reply = letter.reply.as_ref().map(Named::message);
        let same_key = |message: &Message| message.from == from && key.is_some() && message.key == *key;
        if let Some(number) = self.messages.iter().position(same_key) {
            let before = &self.messages[number];
            if (before.place, before.first_text, before.reply.map(Some)) == (place, *text, reply) {
                return Ok((number, true));
            }
            let mut error = wrong.error("IdempotencyConflict", "IDEMPOTENCY_CONFLICT", "clientMessageId");
            error["messageId"] = before.id.clone();
            return Err(error);
        }
        if let Some(named) = &letter.reply
            && named.message().is_none_or(|number| self.messages[number].place != place)
        {
            return Err(wrong.not_found("replyToId", named));
        }
        if matches!(place, Place::Direct(..)) {
            self.directs.entry(place).or_insert_with(|| told["conversation"]["id"].clone());
        }
        self.messages.push(Message {
            id: told["id"].clone(),
            place,
            from,
            to: recipient.person(),
            seq: self.latest_seq(place) + 1,
            text,
            key: *key,
            reply: reply.flatten(),
            first_text: text,
            sent_at: now,
            edited_at: None,
            deleted_at: None,
            reactions: Vec::new(),
        });
        self.touch(place);
        let number = self.messages.len() - 1;
        self.log_message("message_sent", number, from, now, None);
        Ok((number, false))
    }

    pub fn edit(&mut self, actor: &Named, message: &Named, text: &'static str, now: Timestamp) -> Outcome {
        let mut wrong = Wrong::input();
        wrong.id("userId", actor, USER);
        wrong.id("messageId", message, MESSAGE);
        wrong.invalid_unless(is_text(text), "TEXT_BLANK", "text");
        wrong.check()?;
        let (actor, number) = self.own(&wrong, actor, message)?;
        let message = &mut self.messages[number];
        if message.deleted_at.is_some() {
            return Err(vec![wrong.error("Refused", "MESSAGE_DELETED", "messageId")]);
        }
        if mem::replace(&mut message.text, text) != text {
            message.edited_at = Some(now);
            self.log_message("message_edited", number, actor, now, None);
        }
        Ok(self.show(number, Some(actor)))
    }

    pub fn delete(&mut self, actor: &Named, message: &Named, now: Timestamp) -> Outcome {
        let mut wrong = Wrong::input();
        wrong.id("userId", actor, USER);
        wrong.id("messageId", message, MESSAGE);
        wrong.check()?;
        let (actor, number) = self.own(&wrong, actor, message)?;
        let message = &mut self.messages[number];
        if message.deleted_at.is_none() {
            message.deleted_at = Some(now);
            message.text = "";
            message.reactions.clear();
            self.log_message("message_deleted", number, actor, now, None);
        }
        Ok(self.show(number, Some(actor)))
    }

    pub fn mark(&mut self, actor: &Named, place: &Named, read_up_to: i64, now: Timestamp) -> Outcome {
        let mut wrong = Wrong::input();
        wrong.id("userId", actor, USER);
        wrong.id("conversationId", place, CONVERSATION);
        wrong.check()?;
        let actor = actor.existing(&wrong)?;
        let found = place.place().filter(|place| self.readers(*place).contains(&actor));
        let place = found.ok_or_else(|| vec![wrong.not_found("conversationId", place)])?;
        let latest = self.latest_seq(place);
        let Some(seq) = usize::try_from(read_up_to).ok().filter(|seq| *seq <= latest) else {
            let mut error = wrong.error("SeqOutOfRange", "SEQ_OUT_OF_RANGE", "readUpTo");
            error["latestSeq"] = json!(latest);
            return Err(vec![error]);
        };
        if seq > self.read_up_to(place, actor) {
            self.read.insert((place, actor), seq);
            self.log("conversation_read", place, actor, now, &json!({ "seq": seq }));
        }
        Ok(self.show_reading(place, actor))
    }

    /// `emoji` is `None` for a text that is none.
    pub fn react(
        &mut self,
        actor: &Named,
        message: &Named,
        emoji: Option<&'static str>,
        now: Timestamp,
    ) -> Outcome {
        let (wrong, actor, number, emoji) = self.reacting(actor, message, emoji)?;
        let message = &mut self.messages[number];
        if message.deleted_at.is_some() {
            return Err(vec![wrong.error("Refused", "MESSAGE_DELETED", "messageId")]);
        }
        if !message.reactions.contains(&(actor, emoji)) {
            let used = message.emoji();
            if !used.contains(&emoji) && used.len() == MAX_EMOJI {
                let mut error = wrong.error("TooManyReactions", "TOO_MANY_REACTIONS", "emoji");
                error["max"] = json!(MAX_EMOJI);
                return Err(vec![error]);
            }
            message.reactions.push((actor, emoji));
            self.log_message("reaction_added", number, actor, now, Some(emoji));
        }
        Ok(self.show(number, Some(actor)))
    }

    pub fn unreact(
        &mut self,
        actor: &Named,
        message: &Named,
        emoji: &'static str,
        now: Timestamp,
    ) -> Outcome {
        let (_, actor, number, emoji) = self.reacting(actor, message, Some(emoji))?;
        let reactions = &mut self.messages[number].reactions;
        if let Some(there) = reactions.iter().position(|reaction| *reaction == (actor, emoji)) {
            reactions.remove(there);
            self.log_message("reaction_removed", number, actor, now, Some(emoji));
        }
        Ok(self.show(number, Some(actor)))
    }

    fn reacting(
        &self,
        actor: &Named,
        message: &Named,
        emoji: Option<&'static str>,
    ) -> Outcome<(Wrong, Person, usize, &'static str)> {
        let mut wrong = Wrong::input();
        wrong.id("userId", actor, USER);
        wrong.id("messageId", message, MESSAGE);
        wrong.invalid_unless(emoji.is_some(), "EMOJI_INVALID", "emoji");
        wrong.check()?;
        let actor = actor.existing(&wrong)?;
        let can_read = |number: &usize| self.readers(self.messages[*number].place).contains(&actor);
        match message.message().filter(can_read) {
            Some(number) => Ok((wrong, actor, number, emoji.unwrap_or_default())),
            None => Err(vec![wrong.not_found("messageId", message)]),
        }
    }

    /// Whoever acts, and the message, which must be theirs, and still to be read by them.
    fn own(&self, wrong: &Wrong, actor: &Named, message: &Named) -> Outcome<(Person, usize)> {
        let actor = actor.existing(wrong)?;
        let is_seen = |number: &usize| self.readers(self.messages[*number].place).contains(&actor);
        let seen = message.message().filter(is_seen);
        let number = seen.ok_or_else(|| vec![wrong.not_found("messageId", message)])?;
        if self.messages[number].from != actor {
            return Err(vec![wrong.error("Refused", "NOT_SENDER", "messageId")]);
        }
        Ok((actor, number))
    }
}

impl Message {
    /// The different emoji, that which was used first comes first.
    pub fn emoji(&self) -> Vec<&'static str> {
        let mut used = Vec::new();
        for (_, emoji) in &self.reactions {
            if !used.contains(emoji) {
                used.push(*emoji);
            }
        }
        used
    }
}

impl Letter {
    pub fn input(&self) -> Value {
        json!({
            "senderId": self.from.id,
            "recipientId": self.to.id,
            "text": self.text,
            "clientMessageId": self.key,
            "replyToId": self.reply.as_ref().map(|reply| &reply.id),
        })
    }

    /// What is wrong with it whoever there is.
    fn errors(&self, mut wrong: Wrong) -> Vec<Value> {
        wrong.id("senderId", &self.from, USER);
        wrong.id("recipientId", &self.to, RECIPIENT);
        wrong.invalid_unless(is_text(self.text), "TEXT_BLANK", "text");
        if let Some(reply) = &self.reply {
            wrong.id("replyToId", reply, MESSAGE);
        }
        wrong.errors
    }
}
