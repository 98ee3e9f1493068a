//! Random histories of four people, compared whole and step by step with a model in memory.

use std::{collections::BTreeMap, ops::Range, time::Duration};

use messenger::types::{Clock, Timestamp};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use serde_json::{Value, json};

use crate::support::Server;

/// More of them search longer; another seed searches elsewhere.
const CASES: u32 = 20;
const SEED: u64 = 31;

const NAMES: [&str; 4] = ["aaron", "betty", "carol", "dave"];
/// The id of whoever has not been created yet.
const NOBODY: &str = "user_01h455vb4pex5vsknk084sn02q";

/// People are numbers, places in [`NAMES`].
#[derive(Clone, Debug)]
struct Draft {
    from: usize,
    to: usize,
    text: &'static str,
    key: Option<&'static str>,
}

#[derive(Clone, Copy, Debug)]
enum Window {
    Last(usize),
    Days(u64),
}

/// A page of a history; its bounds are places in the whole of it, newest first, counted round and round.
#[derive(Clone, Debug)]
struct Cut {
    after: Option<usize>,
    before: Option<usize>,
    size: usize,
    from_end: bool,
}

#[derive(Clone, Debug)]
enum Step {
    Create(usize),
    Send(Draft),
    SendMany(Vec<Draft>),
    /// Reads to the end of the window; somebody writes after the first page.
    ReadRecent {
        to: usize,
        from: Option<usize>,
        window: Window,
        size: usize,
        meanwhile: Draft,
    },
    ReadHistory {
        one: usize,
        other: usize,
        cut: Cut,
    },
    ListUsers,
    ClockForward(u64),
    ClockBack(u64),
    Restart,
}

fn person() -> Range<usize> {
    0..NAMES.len()
}

/// Few texts and few keys, so that repetitions and conflicts are common.
fn draft() -> impl Strategy<Value = Draft> {
    let texts = prop_oneof![12 => prop_oneof![Just("one"), Just("two"), Just("drei 🙂")], 1 => Just(" ")];
    let keys = option::of(prop_oneof![Just("k1"), Just("k2"), Just("k3")]);
    (person(), person(), texts, keys).prop_map(|(from, to, text, key)| Draft { from, to, text, key })
}

fn window() -> impl Strategy<Value = Window> {
    prop_oneof![(1..15usize).prop_map(Window::Last), (1..4u64).prop_map(Window::Days)]
}

fn cut() -> impl Strategy<Value = Cut> {
    let place = || option::of(0..20usize);
    (place(), place(), 1..6usize, any::<bool>()).prop_map(|(after, before, size, from_end)| Cut {
        after,
        before,
        size,
        from_end,
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => person().prop_map(Step::Create),
        20 => draft().prop_map(Step::Send),
        10 => vec(draft(), 1..5).prop_map(Step::SendMany),
        10 => (person(), option::of(person()), window(), 1..7usize, draft()).prop_map(
            |(to, from, window, size, meanwhile)| Step::ReadRecent { to, from, window, size, meanwhile }
        ),
        10 => (person(), person(), cut()).prop_map(|(one, other, cut)| Step::ReadHistory { one, other, cut }),
        2 => Just(Step::ListUsers),
        4 => (1..40u64).prop_map(Step::ClockForward),
        3 => (1..40u64).prop_map(Step::ClockBack),
        1 => Just(Step::Restart),
    ]
}

#[derive(Clone, Debug)]
struct Message {
    id: Value,
    seq: usize,
    draft: Draft,
    sent_at: Timestamp,
}

/// What should be stored. Ids are learned from the answers that give them out.
#[derive(Clone, Debug, Default)]
struct Model {
    ids: [Option<Value>; 4],
    /// In the order in which they were accepted.
    messages: Vec<Message>,
    /// By their two people, the lesser number first.
    conversations: BTreeMap<(usize, usize), Value>,
}

/// Why a draft is not accepted, as a payload tells it.
struct Refusal {
    item: usize,
    error: Value,
    field: &'static str,
}

impl Refusal {
    fn new(item: usize, kind: &str, code: &str, field: &'static str) -> Self {
        let error = json!({ "__typename": kind, "code": code });
        Self { item, error, field }
    }

    /// The error with its place: below `input`, or below the item of a list.
    fn at(mut self, list: bool) -> Value {
        self.error["path"] = if list {
            json!(["input", "messages", self.item.to_string(), self.field])
        } else {
            json!(["input", self.field])
        };
        self.error
    }
}

fn pair(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}

impl Model {
    fn id(&self, person: usize) -> Value {
        self.ids[person].clone().unwrap_or_else(|| json!(NOBODY))
    }

    fn show(&self, message: &Message) -> Value {
        let Draft { from, to, text, key } = &message.draft;
        json!({
            "id": message.id,
            "seq": message.seq,
            "text": text,
            "sentAt": message.sent_at.to_string(),
            "clientMessageId": key,
            "sender": { "username": NAMES[*from] },
            "recipient": { "username": NAMES[*to] },
            "conversation": { "id": self.conversations[&pair(*from, *to)] },
        })
    }

    /// All of the drafts or none; `told` is what the server gave for each of them.
    fn send(&mut self, now: Timestamp, drafts: &[Draft], told: &Value) -> Result<Vec<Value>, Vec<Refusal>> {
        let numbered = drafts.iter().enumerate();
        let blank: Vec<Refusal> = numbered
            .clone()
            .filter(|(_, draft)| draft.text.trim().is_empty())
            .map(|(item, _)| Refusal::new(item, "InvalidInput", "TEXT_BLANK", "text"))
            .collect();
        if !blank.is_empty() {
            return Err(blank);
        }
        let mut after = self.clone();
        let sent: Result<Vec<Value>, Refusal> =
            numbered.map(|(item, draft)| after.accept(now, item, draft, &told[item]["message"])).collect();
        let sent = sent.map_err(|refusal| vec![refusal])?;
        *self = after;
        let ascends = |older: &Message, newer: &Message| older.id.as_str() < newer.id.as_str();
        assert!(self.messages.is_sorted_by(ascends), "{:?}", self.messages.last());
        Ok(sent)
    }

    fn accept(&mut self, now: Timestamp, item: usize, draft: &Draft, told: &Value) -> Result<Value, Refusal> {
        for (person, field) in [(draft.from, "senderId"), (draft.to, "recipientId")] {
            if self.ids[person].is_none() {
                return Err(Refusal::new(item, "NotFound", "NOT_FOUND", field));
            }
        }
        if let Some(original) = self.original(draft) {
            if (original.draft.to, original.draft.text) == (draft.to, draft.text) {
                return Ok(json!({ "message": self.show(original), "deduplicated": true }));
            }
            let kind = "IdempotencyConflict";
            let mut conflict = Refusal::new(item, kind, "IDEMPOTENCY_CONFLICT", "clientMessageId");
            conflict.error["messageId"] = original.id.clone();
            return Err(conflict);
        }
        Ok(json!({ "message": self.store(now, draft, told), "deduplicated": false }))
    }

    fn original(&self, draft: &Draft) -> Option<&Message> {
        draft.key?;
        let same_key =
            |message: &&Message| (message.draft.from, message.draft.key) == (draft.from, draft.key);
        self.messages.iter().find(same_key)
    }

    fn store(&mut self, now: Timestamp, draft: &Draft, told: &Value) -> Value {
        let id = told["id"].clone();
        let people = pair(draft.from, draft.to);
        self.conversations.entry(people).or_insert_with(|| told["conversation"]["id"].clone());
        let message = Message { id, seq: self.history(people).len() + 1, draft: draft.clone(), sent_at: now };
        self.messages.push(message.clone());
        self.show(&message)
    }

    /// All messages between two people, newest first.
    fn history(&self, people: (usize, usize)) -> Vec<&Message> {
        let between = |message: &&Message| pair(message.draft.from, message.draft.to) == people;
        self.messages.iter().rev().filter(between).collect()
    }

    /// All messages in a window, newest first.
    fn recent(&self, to: usize, from: Option<usize>, window: Window, now: Timestamp) -> Vec<Value> {
        let sent_there =
            |message: &&Message| message.draft.to == to && from.is_none_or(|from| message.draft.from == from);
        let mut found: Vec<&Message> = self.messages.iter().rev().filter(sent_there).collect();
        match window {
            Window::Last(count) => found.truncate(count),
            Window::Days(days) => {
                let since = now.before(Duration::from_hours(days * 24));
                found.retain(|message| message.sent_at >= since);
            }
        }
        found.into_iter().map(|message| self.show(message)).collect()
    }
}

impl Cut {
    /// Which places of a list of this length are on the page.
    fn places(&self, length: usize) -> Range<usize> {
        let first = self.after.map_or(0, |after| after % length + 1);
        let end = self.before.map_or(length, |before| before % length).max(first);
        if self.from_end {
            end.saturating_sub(self.size).max(first)..end
        } else {
            first..end.min(first + self.size)
        }
    }
}

const MESSAGE: &str = "
    fragment M on Message {
        id seq text sentAt clientMessageId
        sender { username } recipient { ... on User { username } } conversation { id }
    }
    fragment E on UserError { __typename code path ... on IdempotencyConflict { messageId } }
    fragment P on PageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

/// An error, not a panic: the search for the shortest history that fails would print every one of them.
type Checked<T = ()> = Result<T, TestCaseError>;

/// A server and the model of it.
struct Stage {
    server: Server,
    model: Model,
}

impl Stage {
    async fn ask(&self, query: &str, variables: Value) -> Value {
        // Only the fragments that are used may be there.
        let used = |fragment: &&str| query.contains(&format!("...{}", &fragment[..1]));
        let fragments = MESSAGE.split("fragment ").skip(1).filter(used);
        let document =
            fragments.fold(query.to_owned(), |document, fragment| format!("{document} fragment {fragment}"));
        self.server.ask(&document, variables).await
    }

    async fn take(mut self, step: Step) -> Checked<Self> {
        match step {
            Step::Create(person) => self.create(person).await?,
            Step::Send(draft) => self.send(&draft).await?,
            Step::SendMany(drafts) => self.send_many(&drafts).await?,
            Step::ReadRecent { to, from, window, size, meanwhile } => {
                self.read_recent(to, from, window, size, &meanwhile).await?;
            }
            Step::ReadHistory { one, other, cut } => self.read_history(pair(one, other), &cut).await?,
            Step::ListUsers => self.list_users().await?,
            Step::ClockForward(hours) => self.server.clock.forward(Duration::from_hours(hours)),
            Step::ClockBack(hours) => self.server.clock.back(Duration::from_hours(hours)),
            Step::Restart => self.server = self.server.restart().await,
        }
        Ok(self)
    }

    async fn create(&mut self, person: usize) -> Checked {
        let query = "mutation ($username: String!) {
            createUser(input: {username: $username}) { user { id username displayName createdAt } errors { ...E } }
        }";
        let answer = self.ask(query, json!({ "username": NAMES[person] })).await;
        let payload = &answer["data"]["createUser"];
        let expected = if self.model.ids[person].is_some() {
            let taken = Refusal::new(0, "UsernameTaken", "USERNAME_TAKEN", "username");
            json!({ "user": null, "errors": [taken.at(false)] })
        } else {
            let id = payload["user"]["id"].clone();
            self.model.ids[person] = Some(id.clone());
            let (name, now) = (NAMES[person], self.server.clock.now().to_string());
            let user = json!({ "id": id, "username": name, "displayName": name, "createdAt": now });
            json!({ "user": user, "errors": [] })
        };
        prop_assert_eq!(answer, json!({ "data": { "createUser": expected } }));
        Ok(())
    }

    fn input(&self, draft: &Draft) -> Value {
        json!({
            "senderId": self.model.id(draft.from),
            "recipientId": self.model.id(draft.to),
            "text": draft.text,
            "clientMessageId": draft.key,
        })
    }

    async fn send(&mut self, draft: &Draft) -> Checked {
        let query = "mutation ($input: SendMessageInput!) {
            sendMessage(input: $input) { message { ...M } deduplicated errors { ...E } }
        }";
        let answer = self.ask(query, json!({ "input": self.input(draft) })).await;
        let told = json!([answer["data"]["sendMessage"]]);
        let now = self.server.clock.now();
        let expected = match self.model.send(now, std::slice::from_ref(draft), &told) {
            Ok(mut sent) => {
                sent[0]["errors"] = json!([]);
                sent.remove(0)
            }
            Err(refusals) => {
                let errors: Vec<Value> = refusals.into_iter().map(|refusal| refusal.at(false)).collect();
                json!({ "message": null, "deduplicated": false, "errors": errors })
            }
        };
        prop_assert_eq!(answer, json!({ "data": { "sendMessage": expected } }));
        Ok(())
    }

    async fn send_many(&mut self, drafts: &[Draft]) -> Checked {
        let query = "mutation ($messages: [SendMessageInput!]!) {
            sendMessages(input: {messages: $messages}) { results { message { ...M } deduplicated } errors { ...E } }
        }";
        let inputs: Vec<Value> = drafts.iter().map(|draft| self.input(draft)).collect();
        let answer = self.ask(query, json!({ "messages": inputs })).await;
        let told = &answer["data"]["sendMessages"]["results"];
        let expected = match self.model.send(self.server.clock.now(), drafts, told) {
            Ok(sent) => json!({ "results": sent, "errors": [] }),
            Err(refusals) => {
                let errors: Vec<Value> = refusals.into_iter().map(|refusal| refusal.at(true)).collect();
                json!({ "results": null, "errors": errors })
            }
        };
        prop_assert_eq!(answer, json!({ "data": { "sendMessages": expected } }));
        Ok(())
    }

    async fn read_recent(
        &mut self,
        to: usize,
        from: Option<usize>,
        window: Window,
        size: usize,
        meanwhile: &Draft,
    ) -> Checked {
        let query = "query ($to: ID!, $from: ID, $window: RecentWindow!, $first: Int, $after: String) {
            recentMessages(recipientId: $to, senderId: $from, window: $window, first: $first, after: $after) {
                nodes { ...M } edges { cursor } pageInfo { ...P }
            }
        }";
        let variables = |model: &Model, after: &Value| {
            json!({
                "to": model.id(to),
                "from": from.map(|from| model.id(from)),
                "window": match window {
                    Window::Last(count) => json!({ "last": count }),
                    Window::Days(days) => json!({ "days": days }),
                },
                "first": size,
                "after": after,
            })
        };
        if self.model.ids[to].is_none() || from.is_some_and(|from| self.model.ids[from].is_none()) {
            let answer = self.ask(query, variables(&self.model, &Value::Null)).await;
            prop_assert_eq!(&answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", answer);
            prop_assert_eq!(&answer["data"], &Value::Null);
            return Ok(());
        }
        let all = self.model.recent(to, from, window, self.server.clock.now());
        let mut after = Value::Null;
        let mut read = 0;
        loop {
            let answer = self.ask(query, variables(&self.model, &after)).await;
            let page = read..all.len().min(read + size);
            let expected = connection(&all, page.clone(), &answer["data"]["recentMessages"]);
            prop_assert_eq!(answer, json!({ "data": { "recentMessages": expected } }));
            if page.end == all.len() {
                return Ok(());
            }
            if read == 0 {
                self.send(meanwhile).await?;
            }
            read = page.end;
            after = expected["pageInfo"]["endCursor"].clone();
        }
    }

    async fn read_history(&self, people: (usize, usize), cut: &Cut) -> Checked {
        let Some(id) = self.model.conversations.get(&people) else {
            return Ok(());
        };
        let history = self.model.history(people);
        let all: Vec<Value> = history.iter().map(|message| self.model.show(message)).collect();
        let cursors = self.read_whole_history(people, id, &all).await?;
        let query = "query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
            node(id: $id) { ... on DirectConversation {
                messages(first: $first, after: $after, last: $last, before: $before) {
                    nodes { ...M } edges { cursor } pageInfo { ...P }
                }
            } }
        }";
        let cursor = |place: Option<usize>| place.map(|place| &cursors[place % cursors.len()]);
        let variables = json!({
            "id": id,
            "first": (!cut.from_end).then_some(cut.size),
            "last": cut.from_end.then_some(cut.size),
            "after": cursor(cut.after),
            "before": cursor(cut.before),
        });

        let answer = self.ask(query, variables).await;

        let told = &answer["data"]["node"]["messages"];
        let places = cut.places(all.len());
        let mut expected = connection(&all, places.clone(), told);
        if places.is_empty() {
            // The bounds stand beside an empty page: what they name is before it and after it.
            expected["pageInfo"]["hasPreviousPage"] = json!(cut.after.is_some());
            expected["pageInfo"]["hasNextPage"] = json!(cut.before.is_some());
        }
        prop_assert_eq!(answer, json!({ "data": { "node": { "messages": expected } } }));
        Ok(())
    }

    /// Compares all of a conversation; gives the cursors of its messages.
    async fn read_whole_history(
        &self,
        (one, other): (usize, usize),
        id: &Value,
        all: &[Value],
    ) -> Checked<Vec<Value>> {
        let query = "query ($id: ID!) { node(id: $id) { ... on DirectConversation {
            id latestSeq lastMessage { ...M } participants { username }
            messages { nodes { ...M } edges { cursor } pageInfo { ...P } }
        } } }";
        let answer = self.ask(query, json!({ "id": id })).await;
        let mut people = vec![one, other];
        people.sort_by_key(|person| self.model.id(*person).as_str().map(str::to_owned));
        people.dedup();
        let participants: Vec<Value> =
            people.into_iter().map(|person| json!({ "username": NAMES[person] })).collect();
        let messages = connection(all, 0..all.len(), &answer["data"]["node"]["messages"]);
        let expected = json!({
            "id": id,
            "latestSeq": all.len(),
            "lastMessage": all[0],
            "participants": participants,
            "messages": messages,
        });
        prop_assert_eq!(answer, json!({ "data": { "node": expected } }));
        let edges = messages["edges"].as_array().expect("edges");
        Ok(edges.iter().map(|edge| edge["cursor"].clone()).collect())
    }

    async fn list_users(&self) -> Checked {
        let answer = self.ask("{ users { nodes { id username } } }", json!({})).await;
        let created = self.model.ids.iter().zip(NAMES);
        let users: Vec<Value> =
            created.filter_map(|(id, name)| Some(json!({ "id": id.as_ref()?, "username": name }))).collect();
        prop_assert_eq!(answer, json!({ "data": { "users": { "nodes": users } } }));
        Ok(())
    }
}

/// The page of a list with these places. Cursors are opaque: they are taken from the answer, where each edge has one.
fn connection(all: &[Value], page: Range<usize>, told: &Value) -> Value {
    let cursors: Vec<&Value> = (0..page.len()).map(|place| &told["edges"][place]["cursor"]).collect();
    assert!(cursors.iter().all(|cursor| cursor.is_string()), "{told}");
    let edges: Vec<Value> = cursors.iter().map(|cursor| json!({ "cursor": cursor })).collect();
    json!({
        "nodes": all[page.clone()],
        "edges": edges,
        "pageInfo": {
            "hasNextPage": page.end < all.len(),
            "hasPreviousPage": page.start > 0,
            "startCursor": cursors.first(),
            "endCursor": cursors.last(),
        },
    })
}

async fn play(steps: Vec<Step>) -> Checked {
    let server = Server::start().await;
    let model = Model::default();
    let mut stage = Stage { server, model };
    for step in steps {
        stage = stage.take(step).await?;
    }
    Ok(())
}

#[test]
fn the_server_does_what_the_model_does() {
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(SEED),
        failure_persistence: None,
        max_shrink_iters: 300,
        ..Config::default()
    });
    let outcome = runner.run(&vec(step(), 40..60), |steps| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(play(steps))
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
