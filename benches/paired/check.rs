//! What is compared must be the same work: before anything is measured, all answers are held against each other, and after a
//! message was sent, the rows that it left behind as well.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::{
    Outcome,
    contender::Contender,
    operation::{Ask, KEY, Operation},
    rounds::Entrant,
};

/// All that a message leaves behind, but its id and its times.
const TRACE: &str = "SELECT json_array(
        events.kind, events.seq, hex(events.actor_id), hex(events.member_id), events.detail,
        events.happened_at = messages.sent_at, hex(messages.recipient_id), hex(messages.sender_id),
        messages.conversation_id = conversations.id, messages.seq, messages.client_message_id, messages.text,
        messages.edited_at, messages.deleted_at, hex(messages.reply_to_id), hex(messages.sent_digest),
        conversations.latest_seq, conversations.activity = messages.id,
        read_positions.read_up_to, read_positions.own_read, read_positions.own_sent,
        (SELECT count(*) FROM unindexed_messages),
        (SELECT count(*) FROM searchable_messages JOIN message_words_docsize ON id = number
         WHERE message_id = messages.id)
    )
    FROM events
    JOIN messages ON messages.id = events.message_id
    JOIN conversations ON conversations.id = events.conversation_id
    JOIN read_positions ON user_id = actor_id AND read_positions.conversation_id = events.conversation_id
    ORDER BY position DESC LIMIT 1";

/// Fails unless all contenders answer the same bytes to the same requests.
pub fn same_answers(operation: Operation, entrants: &[Entrant<'_>]) -> Outcome<()> {
    let asks = entrants.first().map_or(&[][..], |first| first.asks);
    if operation != Operation::Send {
        return asks.iter().try_for_each(|request| same(entrants, |contender| ask(contender, request)));
    }
    // Twice under the same key: the second time nothing is stored.
    for _ in 0..2 {
        same(entrants, |contender| ask(contender, &asks[0]))?;
        same(entrants, |contender| Ok(contender.look()?.query_row(TRACE, [], |row| row.get(0))?))?;
    }
    Ok(())
}

fn same(entrants: &[Entrant<'_>], get: impl Fn(&Contender) -> Outcome<String>) -> Outcome<()> {
    let mut first = None;
    for Entrant { contender, .. } in entrants {
        let answer = get(contender)?;
        let (one, expected) = first.get_or_insert_with(|| (&contender.name, answer.clone()));
        if answer != *expected {
            return Err(difference((one, expected), (&contender.name, &answer)).into());
        }
    }
    Ok(())
}

/// Where they part, and some of what stands around it.
fn difference((one, left): (&str, &str), (other, right): (&str, &str)) -> String {
    let place = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    let around = |text: &str| {
        let part = text.as_bytes().get(place.saturating_sub(80)..text.len().min(place + 80));
        String::from_utf8_lossy(part.unwrap_or_default()).into_owned()
    };
    let (left, right) = (around(left), around(right));
    format!("two answers differ from byte {place} on:\n{one}: …{left}…\n{other}: …{right}…")
}

/// The body of an answer, without what no two can have alike: the id and the time of a new message.
fn ask(contender: &Contender, Ask { body, viewer }: &Ask) -> Outcome<String> {
    let is_send = body.contains(KEY);
    let authorization =
        contender.token(viewer)?.map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
    let mut stream = TcpStream::connect(contender.address)?;
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n{authorization}\
         Accept: application/graphql-response+json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        contender.address,
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    if !head.starts_with("HTTP/1.1 200") || body.contains("\"errors\":[{") {
        return Err(format!("{}: {answer}", contender.name).into());
    }
    Ok(if is_send {
        masked(masked(body.to_owned(), "\"id\":\"msg_"), "\"sentAt\":\"")
    } else {
        body.to_owned()
    })
}

/// The text with zeros for the letters and digits after a place.
fn masked(text: String, before: &str) -> String {
    let Some((head, tail)) = text.split_once(before) else {
        return text;
    };
    let (secret, tail) = tail.split_once('"').unwrap_or((tail, ""));
    let zeros: String =
        secret.chars().map(|one| if one.is_ascii_alphanumeric() { '0' } else { one }).collect();
    format!("{head}{before}{zeros}\"{tail}")
}
