//! What is going on: on one line, where somebody looks on.

use std::{
    fmt::Display,
    io::{IsTerminal, Write, stderr},
};

/// Replaces what was told before.
pub fn tell(what: impl Display) {
    if stderr().is_terminal() {
        eprint!("\r\x1b[K{what}");
        // Who cannot be told misses nothing else.
        let _ = stderr().flush();
    }
}

/// Leaves an empty line for what follows.
pub fn end() {
    tell("");
}
