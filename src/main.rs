//! The binary: everything is in the library.

use std::process::ExitCode;

/// A page spends much of its time on memory: the system's allocator makes it 1.3 times as expensive. Of the fast allocators this
/// one gives back what threads have freed for each other. While one client asked for its largest pages (`just hostile --only
/// C31`) the process had 880 MiB with mimalloc 3, 577 with mimalloc 2 and 184 to 270 with this one, at 0.99 to 1.05 times the
/// CPU of mimalloc 3 for a request. `.cargo/config.toml` has its settings.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    messenger::cli::run()
}
