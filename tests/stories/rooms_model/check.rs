//! Looks at everything, as everybody.

use std::time::Duration;

use messenger::types::Clock;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{
    model::{Message, NAMES, Person, Place},
    play::{Checked, Stage},
};

/// Small, so that lists have several pages.
const PAGE: usize = 2;
const PAGE_OF_MESSAGES: usize = 8;

const INBOX: &str = "query ($user: ID, $first: Int, $after: String) {
    conversations(userId: $user, first: $first, after: $after) { edges { cursor node { ...R } } pageInfo { ...P } }
}";
const CHATROOMS: &str = "query ($user: ID, $first: Int, $after: String) {
    chatrooms(userId: $user, first: $first, after: $after) {
        edges { cursor node { ...S } } pageInfo { ...P }
    }
}";
const MEMBERS: &str = "query ($id: ID!, $first: Int, $after: String) {
    chatroom(id: $id) {
        members(first: $first, after: $after) {
            edges { cursor role joinedAt node { username } } pageInfo { ...P }
        }
    }
}";
const HISTORY: &str = "query ($id: ID!, $first: Int, $after: String) {
    node(id: $id) { ... on Conversation {
        messages(first: $first, after: $after) { edges { cursor node { ...M } } pageInfo { ...P } }
    } }
}";
const FORBIDDEN: &str = "query ($room: ID!) { recentMessages(recipientId: $room) { nodes { id } } }";

/// A document that asks for many things at once, and what it is to give.
#[derive(Default)]
struct Questions {
    fields: Vec<String>,
    expected: Map<String, Value>,
}

impl Questions {
    fn ask(&mut self, field: &str, expected: Value) {
        let name = format!("x{}", self.fields.len());
        self.fields.push(format!("{name}: {field}"));
        self.expected.insert(name, expected);
    }
}

impl Stage {
    pub async fn look(&self) -> Checked {
        for number in 0..self.model.rooms.len() {
            self.look_at_members(number).await?;
        }
        for place in self.model.places() {
            self.look_at_history(place).await?;
        }
        for viewer in 0..NAMES.len() {
            self.look_at_lists(viewer).await?;
            self.look_for_everything(Some(viewer)).await?;
            self.look_where_one_must_not(viewer).await?;
        }
        self.look_for_everything(None).await
    }

    /// Named in the header or by an argument: both are the same.
    fn acting(&self, viewer: Person, variables: &mut Value) -> Option<Person> {
        if viewer.is_multiple_of(2) {
            return Some(viewer);
        }
        variables["user"] = self.model.people[viewer].clone();
        None
    }

    async fn look_at_lists(&self, viewer: Person) -> Checked {
        let mut variables = json!({ "first": PAGE });
        let header = self.acting(viewer, &mut variables);
        let inbox = self.model.inbox(viewer);
        let entries: Vec<Value> =
            inbox.iter().map(|place| json!({ "node": self.model.show_reading(*place, viewer) })).collect();
        self.read_pages(header, INBOX, variables.clone(), "/conversations", &entries).await?;
        let rooms = (0..self.model.rooms.len()).filter(|number| self.model.rooms[*number].has(viewer));
        let rooms: Vec<Value> =
            rooms.map(|number| json!({ "node": self.model.show_standing(number) })).collect();
        self.read_pages(header, CHATROOMS, variables, "/chatrooms", &rooms).await
    }

    /// As they are shown to whom nobody knows.
    async fn look_at_members(&self, number: usize) -> Checked {
        let members = self.model.show_members(number);
        if members.is_empty() {
            return Ok(());
        }
        let variables = json!({ "id": self.model.rooms[number].id, "first": PAGE });
        self.read_pages(None, MEMBERS, variables, "/chatroom/members", &members).await
    }

    /// As one of those who can read it sees it.
    async fn look_at_history(&self, place: Place) -> Checked {
        let readers = self.model.readers(place);
        let Some(viewer) = readers.get(self.model.events.len() % readers.len().max(1)).copied() else {
            return Ok(());
        };
        let history = self.model.show_history(place, Some(viewer));
        let edges: Vec<Value> = history.into_iter().map(|message| json!({ "node": message })).collect();
        let variables = json!({ "id": self.model.id_of(place), "first": PAGE_OF_MESSAGES });
        self.read_pages(Some(viewer), HISTORY, variables, "/node/messages", &edges).await
    }

    /// Reads a list to its end, page by page. What is on its edges is given without cursors: those are opaque.
    async fn read_pages(
        &self,
        header: Option<Person>,
        query: &str,
        mut variables: Value,
        pointer: &str,
        all: &[Value],
    ) -> Checked {
        let size = variables["first"].as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or(1);
        let mut read = 0;
        loop {
            let answer = self.ask(header, query, variables.clone()).await;
            let end = all.len().min(read + size);
            let told = answer["data"].pointer(pointer).cloned().unwrap_or_default();
            let mut edges = all[read..end].to_vec();
            for (place, edge) in edges.iter_mut().enumerate() {
                let cursor = &told["edges"][place]["cursor"];
                prop_assert!(cursor.is_string(), "{}", answer);
                edge["cursor"] = cursor.clone();
            }
            let cursor = |edge: Option<&Value>| edge.map(|edge| edge["cursor"].clone());
            let info = json!({
                "hasNextPage": end < all.len(),
                "hasPreviousPage": read > 0,
                "startCursor": cursor(edges.first()),
                "endCursor": cursor(edges.last()),
            });
            prop_assert_eq!(answer.get("errors"), None, "{}", query);
            prop_assert_eq!(&told, &json!({ "edges": edges, "pageInfo": info }), "{} {}", query, variables);
            if end == all.len() {
                return Ok(());
            }
            read = end;
            variables["after"] = info["endCursor"].clone();
        }
    }

    /// Everything is there for those who may read it, and for nobody else; what nobody may read is nowhere.
    async fn look_for_everything(&self, viewer: Option<Person>) -> Checked {
        let model = &self.model;
        let can_read = |place: Place| {
            let readers = model.readers(place);
            viewer.map_or(!readers.is_empty(), |viewer| readers.contains(&viewer))
        };
        let shown = |place: Place, found: Value| if can_read(place) { found } else { Value::Null };
        let mut questions = Questions::default();
        questions
            .ask("viewer { username }", json!(viewer.map(|viewer| json!({ "username": NAMES[viewer] }))));
        for place in model.places() {
            let id = model.id_of(place);
            let history = model.show_history(place, viewer);
            // No more than there are, because a document may not ask for too much.
            let first = history.len() + 1;
            let messages = format!("messages(first: {first}) {{ nodes {{ ...M }} }}");
            questions.ask(
                &format!("node(id: {id}) {{ ... on Conversation {{ {messages} }} }}"),
                shown(place, json!({ "messages": { "nodes": history } })),
            );
        }
        for place in model.places().filter(|place| !can_read(*place)) {
            for message in model.history(place).take(2) {
                questions.ask(&format!("node(id: {}) {{ id }}", message.id), Value::Null);
            }
        }
        for (number, room) in model.rooms.iter().enumerate() {
            let (id, place) = (&room.id, Place::Room(number));
            let user = viewer.map(|viewer| format!("userId: {}", model.people[viewer])).unwrap_or_default();
            questions.ask(&format!("chatroom(id: {id} {user}) {{ id }}"), shown(place, json!({ "id": id })));
            if can_read(place) {
                self.ask_for_recent(number, &mut questions);
            }
        }
        let Questions { fields, expected } = questions;
        let answer = self.ask(viewer, &format!("{{ {} }}", fields.join(" ")), json!({})).await;
        prop_assert_eq!(answer, json!({ "data": expected }), "as {:?}", viewer);
        Ok(())
    }

    /// By window and by sender. In time everybody's messages, also of those who left, are asked for.
    fn ask_for_recent(&self, number: usize, questions: &mut Questions) {
        let id = &self.model.rooms[number].id;
        let sender = (number + self.model.events.len()) % NAMES.len();
        let since = self.server.clock.now().before(Duration::from_hours(48));
        let is_sent = |message: &&Message| message.from == sender;
        let is_new = |message: &&Message| message.sent_at >= since;
        let history = || self.model.history(Place::Room(number));
        let from = format!("senderId: {}", self.model.people[sender]);
        let table = [
            (String::new(), list(history())),
            ("window: {last: 3}".to_owned(), list(history().take(3))),
            ("window: {days: 2}".to_owned(), list(history().filter(is_new))),
            (format!("{from} window: {{last: 2}}"), list(history().filter(is_sent).take(2))),
            (format!("{from} window: {{days: 2}}"), list(history().filter(is_new).filter(is_sent))),
        ];
        for (arguments, expected) in table {
            let list = "{ nodes { id text } pageInfo { hasNextPage } }";
            questions
                .ask(&format!("recentMessages(recipientId: {id} first: 100 {arguments}) {list}"), expected);
        }
    }

    /// The messages of a room are refused to who is not in it.
    async fn look_where_one_must_not(&self, viewer: Person) -> Checked {
        let Some(room) = self.model.rooms.iter().rfind(|room| !room.has(viewer)) else {
            return Ok(());
        };
        let answer = self.ask(Some(viewer), FORBIDDEN, json!({ "room": room.id })).await;
        prop_assert_eq!(&answer["data"], &Value::Null, "{}", answer);
        prop_assert_eq!(&answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", answer);
        Ok(())
    }
}

fn list<'a>(messages: impl Iterator<Item = &'a Message>) -> Value {
    let nodes: Vec<Value> =
        messages.map(|message| json!({ "id": message.id, "text": message.text })).collect();
    json!({ "nodes": nodes, "pageInfo": { "hasNextPage": false } })
}
