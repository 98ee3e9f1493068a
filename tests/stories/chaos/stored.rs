//! What is stored in the end, read as clients read it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Sender, messages};
use crate::support::Process;

/// Every conversation's messages, oldest first.
pub type Histories = BTreeMap<String, Vec<Value>>;

const HISTORY: &str = "fragment History on Conversation {
    latestSeq
    messages(first: 1000, after: $after) {
        nodes { id seq sentAt text sender { id } recipient { ... on User { id } } conversation { id } }
        pageInfo { hasNextPage endCursor }
    }
}
query ($id: ID!, $userId: ID!, $after: String) {
    conversation(id: $id, userId: $userId) { ...History }
}";

/// The histories of all conversations in which something was sent.
pub async fn histories(server: &Process, senders: &[Sender]) -> Histories {
    let mut found = Histories::new();
    for sender in senders {
        for id in conversations_of(sender) {
            if !found.contains_key(&id) {
                found.insert(id.clone(), history(server, &id, &sender.id).await);
            }
        }
    }
    found
}

fn conversations_of(sender: &Sender) -> BTreeSet<String> {
    let done = sender.done.borrow();
    let ids = done.iter().filter_map(|(_, payload)| messages(payload).next()?["conversation"]["id"].as_str());
    ids.map(str::to_owned).collect()
}

async fn history(server: &Process, id: &str, user_id: &str) -> Vec<Value> {
    let mut messages = Vec::new();
    let mut after = Value::Null;
    loop {
        let variables = json!({ "id": id, "userId": user_id, "after": after });
        let answer = server.ask(HISTORY, variables).await.expect("an answer");
        let page = &answer["data"]["conversation"]["messages"];
        messages.extend(page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(answer["data"]["conversation"]["latestSeq"], messages.len());
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    messages.reverse();
    let seqs: Vec<&Value> = messages.iter().map(|message| &message["seq"]).collect();
    assert_eq!(seqs, (1..=messages.len()).collect::<Vec<_>>(), "seqs have no holes and no doubles");
    messages
}
