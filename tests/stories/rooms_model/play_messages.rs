//! The steps with messages.

use std::ops::Range;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    messages::{EMOJI, Letter, place_of},
    model::{Message, Person},
    play::{Actor, Casting, Checked, Stage, compare},
    refusal::{Named, Thing},
    step::{Change, Draft, Reply, Target, Who},
};

impl Stage {
    pub async fn send(&mut self, by: Casting, draft: &Draft) -> Checked {
        let letter = self.letter(by.who, draft);
        self.post(letter, by.by_header).await
    }

    /// A message with a key, as it was sent but for one thing.
    pub async fn retry(&mut self, by: Casting, back: usize, change: Change) -> Checked {
        let with_key = self.model.messages.iter().rev().filter(|message| message.key.is_some());
        let Some(message) = with_key.clone().nth(back % with_key.count().max(1)) else {
            return Ok(());
        };
        let to = message.to.map_or(Thing::Place(message.place), Thing::Person);
        let mut letter = Letter {
            from: self.model.name(Thing::Person(message.from)),
            to: self.model.name(to),
            text: message.first_text,
            key: message.key,
            reply: message.reply.map(|number| self.model.name(Thing::Message(number))),
        };
        match change {
            Change::Nothing => {}
            Change::Recipient(target) => letter.to = self.model.aim(target),
            Change::Text(text) => letter.text = text,
            Change::Reply(target) => letter.reply = target.map(|target| self.model.aim(target)),
        }
        self.post(letter, by.by_header).await
    }

    async fn post(&mut self, letter: Letter, by_header: bool) -> Checked {
        let actor = Actor { named: letter.from.clone(), by_header };
        let mut input = letter.input();
        // The header may name the sender instead.
        input.as_object_mut().map(|fields| fields.remove("senderId"));
        let answer = self.mutate("sendMessage", "message { ...M } deduplicated", &actor, input).await;
        let told = json!([answer["data"]["sendMessage"]]);
        let expected = match self.model.send(&[letter], false, &told, self.now()) {
            Ok(mut sent) => {
                sent[0]["errors"] = json!([]);
                sent.remove(0)
            }
            Err(errors) => json!({ "message": null, "deduplicated": false, "errors": errors }),
        };
        prop_assert_eq!(answer, json!({ "data": { "sendMessage": expected } }));
        Ok(())
    }

    pub async fn send_many(&mut self, drafts: &[(Who, Draft)]) -> Checked {
        let query = "mutation ($messages: [SendMessageInput!]!) {
            sendMessages(input: {messages: $messages}) { results { message { ...M } deduplicated } errors { ...E } }
        }";
        let letters: Vec<Letter> = drafts.iter().map(|(who, draft)| self.letter(*who, draft)).collect();
        let inputs: Vec<Value> = letters.iter().map(Letter::input).collect();
        let answer = self.ask(None, query, json!({ "messages": inputs })).await;
        let told = &answer["data"]["sendMessages"]["results"];
        let outcome = self.model.send(&letters, true, told, self.now());
        compare("sendMessages", "results", &answer, outcome.map(Value::from))
    }

    pub async fn edit(&mut self, by: Casting, message: Target, text: &'static str) -> Checked {
        let message = self.model.aim(message);
        let actor = self.cast(by, &self.sender(&message));
        let input = json!({ "messageId": message.id, "text": text });
        let answer = self.mutate("editMessage", "message { ...M }", &actor, input).await;
        let outcome = self.model.edit(&actor.named, &message, text, self.now());
        compare("editMessage", "message", &answer, outcome)
    }

    pub async fn delete(&mut self, by: Casting, message: Target) -> Checked {
        let message = self.model.aim(message);
        let actor = self.cast(by, &self.sender(&message));
        let input = json!({ "messageId": message.id });
        let answer = self.mutate("deleteMessage", "message { ...M }", &actor, input).await;
        let outcome = self.model.delete(&actor.named, &message, self.now());
        compare("deleteMessage", "message", &answer, outcome)
    }

    pub async fn mark(&mut self, by: Casting, place: Target, back: usize) -> Checked {
        let (named, readers) = self.room(place);
        let actor = self.cast(by, &readers);
        let latest = named.place().map_or(0, |place| self.model.latest_seq(place));
        // From the place after the newest message down to the place before none, counted round and round.
        let back = back % (latest + 3);
        let read_up_to = i64::try_from(latest + 2 - back).expect("a few messages") - 1;
        let input = json!({ "conversationId": named.id, "readUpTo": read_up_to });
        let answer = self.mutate("markRead", "conversation { ...R }", &actor, input).await;
        let outcome = self.model.mark(&actor.named, &named, read_up_to, self.now());
        compare("markRead", "conversation", &answer, outcome)
    }

    pub async fn react(&mut self, by: Casting, message: Target, emoji: Range<usize>) -> Checked {
        let message = self.model.aim(message);
        let actor = self.cast(by, &self.readers(&message));
        for number in emoji {
            let emoji = EMOJI.get(number).copied();
            // The heart may come in its short form, too.
            let short = emoji.map(|emoji| emoji.trim_end_matches('\u{fe0f}'));
            let given = if by.by_header { short } else { emoji };
            let input = json!({ "messageId": message.id, "emoji": given.unwrap_or("no emoji") });
            let answer = self.mutate("addReaction", "message { ...M }", &actor, input).await;
            let outcome = self.model.react(&actor.named, &message, emoji, self.now());
            compare("addReaction", "message", &answer, outcome)?;
        }
        Ok(())
    }

    /// Those who have reacted fit best.
    pub async fn unreact(&mut self, by: Casting, message: Target, emoji: usize) -> Checked {
        let message = self.model.aim(message);
        let emoji = EMOJI[emoji];
        let reactions = self.found(&message).map_or(&[][..], |message| &message.reactions);
        let with = reactions.iter().filter(|(_, used)| *used == emoji);
        let mut fitting: Vec<Person> = with.map(|(person, _)| *person).collect();
        if fitting.is_empty() {
            fitting = self.readers(&message);
        }
        let actor = self.cast(by, &fitting);
        let input = json!({ "messageId": message.id, "emoji": emoji });
        let answer = self.mutate("removeReaction", "message { ...M }", &actor, input).await;
        let outcome = self.model.unreact(&actor.named, &message, emoji, self.now());
        compare("removeReaction", "message", &answer, outcome)
    }

    fn found(&self, message: &Named) -> Option<&Message> {
        message.message().map(|number| &self.model.messages[number])
    }

    fn sender(&self, message: &Named) -> Vec<Person> {
        self.found(message).map(|message| message.from).into_iter().collect()
    }

    fn readers(&self, message: &Named) -> Vec<Person> {
        self.found(message).map_or_else(Vec::new, |message| self.model.readers(message.place))
    }

    fn letter(&self, who: Who, draft: &Draft) -> Letter {
        let (to, inside) = self.room(draft.to);
        let from = self.model.pick(who, &inside);
        let reply = draft.reply.and_then(|reply| match reply {
            Reply::Any(target) => Some(self.model.aim(target)),
            Reply::Fitting(back) => self.sibling(&from, &to, back),
        });
        Letter { from, to, text: draft.text, key: draft.key, reply }
    }

    /// A message of the conversation that a message of these two is in, counted back.
    fn sibling(&self, from: &Named, to: &Named, back: usize) -> Option<Named> {
        let here = place_of(from, to);
        let numbers = (0..self.model.messages.len()).rev();
        let mut there = numbers.filter(|number| Some(self.model.messages[*number].place) == here);
        there.nth(back).map(|number| self.model.name(Thing::Message(number)))
    }
}
