//! Says which documents this server would run, without a server: `web/tests/documents.mjs` compares it with graphql-js.
//!
//! Each line of the input is a JSON string with a document; each line of the output is the JSON array of its errors, empty
//! where there are none.

#![allow(clippy::print_stdout, reason = "that is what it is for")]

use std::{error::Error, io, sync::Arc};

use messenger::{config::Limits, graphql::DocumentPolicy};

fn main() -> Result<(), Box<dyn Error>> {
    let policy = DocumentPolicy::open(true, Arc::new(Limits::default()));
    for line in io::stdin().lines() {
        let document: String = serde_json::from_str(&line?)?;
        let errors = policy.problems(&document);
        println!("{}", serde_json::to_string(&errors)?);
    }
    Ok(())
}
