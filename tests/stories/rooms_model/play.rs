//! A server and the model of it: takes steps with both, and compares what they answer.

use std::time::Duration;

use messenger::types::{Clock, Timestamp};
use proptest::{prelude::*, test_runner::TestCaseError};
use serde_json::{Value, json};

use super::{
    model::{Model, NAMES, Person},
    refusal::{Named, Outcome},
    show::FRAGMENTS,
    step::{Act, Step, Target, Who},
};
use crate::support::Server;

/// An error, not a panic: the search for the shortest history that fails would print every one of them.
pub type Checked<T = ()> = Result<T, TestCaseError>;

/// Every so many steps everything is compared.
const LOOK_EVERY: usize = 20;

pub struct Stage {
    pub server: Server,
    pub model: Model,
}

/// How somebody is chosen to act.
#[derive(Clone, Copy, Debug)]
pub struct Casting {
    pub who: Who,
    /// Whether the request names them in its header.
    pub by_header: bool,
}

/// Who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    pub named: Named,
    pub by_header: bool,
}

/// Starts with everybody created.
pub async fn play(steps: Vec<Step>) -> Checked {
    let server = Server::start().await;
    let mut people = Vec::new();
    for name in NAMES {
        people.push(json!(server.user(name).await.id));
    }
    let mut stage = Stage { server, model: Model::new(people) };
    for (number, step) in steps.into_iter().enumerate() {
        let is_restart = matches!(step.act, Act::Restart(_));
        stage = stage.take(step).await?;
        if is_restart || number % LOOK_EVERY == LOOK_EVERY - 1 {
            stage.look().await?;
        }
    }
    stage.look().await?;
    stage.read_log()
}

impl Stage {
    async fn take(mut self, Step { who, by_header, act }: Step) -> Checked<Self> {
        let by = Casting { who, by_header };
        match act {
            Act::Create { name, members } => self.create(by, name, &members).await?,
            Act::Invite { room, members } => self.invite(by, room, &members).await?,
            Act::Leave { room } => self.leave(by, room).await?,
            Act::Remove { room, member } => self.remove(by, room, member).await?,
            Act::Rename { room, name } => self.rename(by, room, name).await?,
            Act::Send(draft) => self.send(by, &draft).await?,
            Act::SendMany(drafts) => self.send_many(&drafts).await?,
            Act::Retry { message, change } => self.retry(by, message, change).await?,
            Act::Edit { message, text } => self.edit(by, message, text).await?,
            Act::Delete { message } => self.delete(by, message).await?,
            Act::Mark { place, back } => self.mark(by, place, back).await?,
            Act::React { message, emoji } => self.react(by, message, emoji).await?,
            Act::Unreact { message, emoji } => self.unreact(by, message, emoji).await?,
            Act::ClockForward(hours) => self.server.clock.forward(Duration::from_hours(hours)),
            Act::ClockBack(hours) => self.server.clock.back(Duration::from_hours(hours)),
            Act::Restart(hours) => {
                self.server.clock.back(Duration::from_hours(hours));
                self.server = self.server.restart().await;
            }
        }
        Ok(self)
    }

    pub fn now(&self) -> Timestamp {
        self.server.clock.now()
    }

    /// The body of the answer to an operation of somebody whom the header names, or of nobody.
    pub async fn ask(&self, viewer: Option<Person>, query: &str, variables: Value) -> Value {
        // Only the fragments that are used may be there.
        let used = |fragment: &&str| query.contains(&format!("...{}", &fragment[..1]));
        let fragments = FRAGMENTS.split("fragment ").skip(1).filter(used);
        let document =
            fragments.fold(query.to_owned(), |document, fragment| format!("{document} fragment {fragment}"));
        match viewer {
            Some(viewer) => self.server.ask_as(NAMES[viewer], &document, variables).await,
            None => self.server.ask(&document, variables).await,
        }
    }

    /// Gives the whole answer to a mutation. Whoever does not exist cannot be named in the header.
    pub async fn mutate(&self, field: &str, result: &str, actor: &Actor, mut input: Value) -> Value {
        let header = actor.named.person().filter(|_| actor.by_header);
        if header.is_none() {
            let argument = if field == "sendMessage" { "senderId" } else { "userId" };
            input[argument] = json!(actor.named.id);
        }
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let payload = format!("{{ {result} errors {{ ...E }} }}");
        let query = format!("mutation ($input: {kind}!) {{ {field}(input: $input) {payload} }}");
        self.ask(header, &query, json!({ "input": input })).await
    }

    pub fn cast(&self, by: Casting, fitting: &[Person]) -> Actor {
        Actor { named: self.model.pick(by.who, fitting), by_header: by.by_header }
    }

    pub fn aim_all(&self, targets: &[Target]) -> Vec<Named> {
        targets.iter().map(|target| self.model.aim(*target)).collect()
    }
}

/// Compares the whole answer to a mutation.
pub fn compare(field: &str, result: &str, answer: &Value, outcome: Outcome) -> Checked {
    let expected = match outcome {
        Ok(done) => json!({ result: done, "errors": [] }),
        Err(errors) => json!({ result: null, "errors": errors }),
    };
    prop_assert_eq!(answer, &json!({ "data": { field: expected } }));
    Ok(())
}
