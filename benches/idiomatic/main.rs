//! The server that one would write first, as a program of its own: so it can also be built as one would build it first,
//! without link-time optimisation, with SQLite and the allocator as they come. `just bench-idiomatic` does.

#![allow(clippy::expect_used, clippy::print_stdout)] // it says where it is, or stops

#[path = "mod.rs"]
mod server;

use std::{env, path::Path};

fn main() {
    let file = env::args().skip_while(|argument| argument != "--database").nth(1);
    server::serve(Path::new(&file.expect("--database and a file")));
}
