//! A room with many members.

use std::fmt::Write;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use crate::{Outcome, server::Server};

/// How many of something one request makes.
const BATCH: usize = 100;
/// How many requests run at the same time.
const AT_A_TIME: usize = 16;

/// A room, and who is in it.
pub struct Room {
    pub id: String,
    pub members: Vec<String>,
}

impl Room {
    pub async fn make(server: &Server, size: usize) -> Outcome<Self> {
        let numbers: Vec<usize> = (0..size).collect();
        let members: Vec<Vec<String>> = stream::iter(numbers.chunks(BATCH))
            .map(|numbers| make_members(server, numbers))
            .buffered(AT_A_TIME)
            .try_collect()
            .await?;
        let members = members.concat();
        let create =
            "mutation($owner: ID!) { made: createChatroom(input: { userId: $owner, name: \"Everybody\" }) {
            chatroom { id } errors { message } } }";
        let made = server.ask(create, json!({ "owner": members[0] })).await?;
        let id = text(&made["made"]["chatroom"]["id"])?;
        for invited in members.chunks(BATCH) {
            let invite = "mutation($owner: ID!, $room: ID!, $invited: [ID!]!) {
                inviteToChatroom(input: { userId: $owner, chatroomId: $room, memberIds: $invited }) { errors { message } } }";
            server.ask(invite, json!({ "owner": members[0], "room": id, "invited": invited })).await?;
        }
        Ok(Self { id, members })
    }
}

/// Some users who do not want to be seen.
async fn make_members(server: &Server, numbers: &[usize]) -> Outcome<Vec<String>> {
    let (mut creation, mut hide) = ("mutation {".to_owned(), "mutation {".to_owned());
    for number in numbers {
        let input = format!("{{ username: \"u{number}\", displayName: \"User {number}\" }}");
        write!(creation, " m{number}: createUser(input: {input}) {{ user {{ id }} errors {{ message }} }}")?;
    }
    let made = server.ask(&(creation + " }"), json!({})).await?;
    let ids: Vec<String> = numbers
        .iter()
        .map(|number| text(&made[format!("m{number}")]["user"]["id"]))
        .collect::<Outcome<_>>()?;
    for (number, id) in ids.iter().enumerate() {
        let input = format!("{{ userId: \"{id}\", status: OFFLINE }}");
        write!(hide, " h{number}: setPresence(input: {input}) {{ errors {{ message }} }}")?;
    }
    server.ask(&(hide + " }"), json!({})).await?;
    Ok(ids)
}

fn text(value: &Value) -> Outcome<String> {
    Ok(value.as_str().ok_or("an id")?.to_owned())
}
