//! The binary: everything is in the library.

use std::process::ExitCode;

/// What a page costs is in large part the memory that it takes: the system's own allocator makes it 1.3 times as dear.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    messenger::cli::run()
}
