//! What is compared must be the same work: before anything is measured, all answers are held against each other.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::{Outcome, contender::Contender, operation::Operation};

/// Fails unless all contenders answer the same bytes to the same requests.
pub fn same_answers(contenders: &[Contender], operation: Operation, bodies: &[String]) -> Outcome<()> {
    for body in bodies {
        let answers: Vec<String> =
            contenders.iter().map(|contender| ask(contender, body)).collect::<Outcome<_>>()?;
        for (contender, answer) in contenders.iter().zip(&answers).skip(1) {
            if *answer != answers[0] {
                return Err(
                    difference(operation, &contenders[0].name, &answers[0], &contender.name, answer).into()
                );
            }
        }
    }
    Ok(())
}

fn difference(operation: Operation, one: &str, left: &str, other: &str, right: &str) -> String {
    let place = left.bytes().zip(right.bytes()).take_while(|(left, right)| left == right).count();
    let around = |text: &str| -> String {
        String::from_utf8_lossy(&text.as_bytes()[place.saturating_sub(60)..text.len().min(place + 60)])
            .into_owned()
    };
    format!(
        "{operation}: {one} and {other} answer differently from byte {place} on:\n{one}: …{}\n{other}: …{}",
        around(left),
        around(right)
    )
}

/// The body of an answer. One connection for each, which ends with it.
fn ask(contender: &Contender, body: &str) -> Outcome<String> {
    let mut stream = TcpStream::connect(contender.address)?;
    write!(
        stream,
        "POST /graphql HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
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
    Ok(body.to_owned())
}
