//! Where everything is kept: [`Store::read`] and [`Store::write`], and what lies below them.
//!
//! Nobody above this room knows a pool, a thread or a pragma. Work is handed in as a closure over a
//! [`Connection`].

mod among;
mod backlog;
mod checkpoints;
mod connection;
mod database_file;
mod error;
mod handle;
mod inspection;
mod lane;
mod lanes;
mod lock;
mod migrations;
mod prepared;
mod private_file;
mod queued_write;
mod reader;
pub(crate) mod schema;
mod search_index;
mod snapshot;
mod sqlite;
mod statements;
mod threads;
mod undo;
mod writer;

pub use among::{Chunk, among, in_chunks};
pub use backlog::TextTurn;
pub(crate) use connection::per_backend;
pub use connection::{AnyConnection as Connection, MultiBackend};
pub use error::{OpenError, StoreError};
pub use handle::{Store, StoreConfig};
pub use inspection::read_once;
pub use lanes::Lane;
pub use migrations::revert_all;
pub use prepared::Prepared;
pub use sqlite::widen_cache;
pub use statements::StatementObserver;
