//! Who plays: the people, the chatroom that they are all in, and their devices.

use std::cell::RefCell;

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use super::{Pace, Sender, Subscriber};
use crate::support::Process;

const NAMES: [&str; 6] = ["aaron", "betty", "carol", "dave", "eve", "frank"];
/// So many of them write.
const SENDERS: usize = 4;
/// Who leaves the chatroom and comes back, again and again.
const GUEST: usize = 4;

/// Whose devices listen, whether only to the chatroom, and how.
const DEVICES: [(usize, bool, Pace); 5] = [
    (1, false, Pace::Quick),
    (1, true, Pace::Stuck),
    (GUEST, false, Pace::Quick),
    (GUEST, false, Pace::Slow),
    (5, false, Pace::Quick),
];

pub struct Fixtures {
    pub chatroom_id: String,
    pub guest_id: String,
    /// The first of them is the host.
    pub senders: Vec<Sender>,
    pub subscribers: Vec<Subscriber>,
}

impl Fixtures {
    /// Everybody is in the chatroom, and begins at the same place of the log.
    pub async fn enters(server: &Process, chance: &mut StdRng) -> Self {
        let mut ids = Vec::new();
        for name in NAMES {
            let create = "mutation ($name: String!) { createUser(input: {username: $name}) { user { id } } }";
            ids.push(id_in(server, create, json!({ "name": name }), "/data/createUser/user/id").await);
        }
        let create =
            "mutation ($input: CreateChatroomInput!) { createChatroom(input: $input) { chatroom { id } } }";
        let input = json!({ "input": { "userId": ids[0], "name": "chaos", "memberIds": ids } });
        let chatroom_id = id_in(server, create, input, "/data/createChatroom/chatroom/id").await;
        let cursor = id_in(server, "{ users { eventCursor } }", json!({}), "/data/users/eventCursor").await;
        let senders = (0..SENDERS).map(|number| sender(number, &ids, &chatroom_id, chance)).collect();
        let subscriber = |(person, in_room, pace): (usize, bool, Pace)| Subscriber {
            name: NAMES[person],
            user_id: ids[person].clone(),
            only: in_room.then(|| chatroom_id.clone()),
            pace,
            chance: own_chance(chance),
            cursor: RefCell::new(cursor.clone()),
            told: RefCell::default(),
        };
        let subscribers = DEVICES.map(subscriber).into();
        Self { guest_id: ids[GUEST].clone(), chatroom_id, senders, subscribers }
    }
}

fn sender(number: usize, ids: &[String], chatroom_id: &str, chance: &mut StdRng) -> Sender {
    Sender {
        name: NAMES[number],
        id: ids[number].clone(),
        chatroom_id: chatroom_id.to_owned(),
        others: ids.iter().filter(|id| **id != ids[number]).cloned().collect(),
        hosted: (number == 0).then(|| ids[GUEST].clone()),
        chance: own_chance(chance),
        open: RefCell::default(),
        done: RefCell::default(),
    }
}

/// Everybody draws for themselves, so that nobody's choices depend on who came first.
fn own_chance(chance: &mut StdRng) -> RefCell<StdRng> {
    RefCell::new(StdRng::seed_from_u64(chance.random()))
}

async fn id_in(server: &Process, query: &str, variables: Value, path: &str) -> String {
    let answer = server.ask(query, variables).await.expect("an answer");
    let id = answer.pointer(path).and_then(Value::as_str);
    id.unwrap_or_else(|| panic!("{answer}")).to_owned()
}
