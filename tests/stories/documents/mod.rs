//! Documents are taken as the specification has them (September 2025): what it allows runs as it says, and what it refuses
//! never begins.

mod answers;
mod merged_fields;
mod refusals;
mod syntax;

use serde_json::{Value, json};

use crate::support::Server;

/// Refuses a document with this code, and runs nothing of it.
async fn is_refused(server: &Server, document: &str, code: &str) -> Value {
    let answer = server.ask(document, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{document}: {answer}");
    assert_eq!(answer.get("data"), None, "{document}: {answer}");
    answer
}

/// The usernames that there are: what a mutation that was refused must not have changed.
async fn users(server: &Server) -> Value {
    let answer = server.ask("{ users { nodes { username } } }", json!({})).await;
    answer["data"]["users"]["nodes"].clone()
}
