//! What stories run on: a server, its clock, and the users.
#![allow(dead_code, unused_imports, reason = "not every story needs everything that is here")]

mod actor;
mod clock;
mod folder;
mod follower;
mod host;
mod process;
mod schema;
mod server;
mod socket;
mod subscriber;

pub use actor::{Actor, texts};
pub use clock::TestClock;
pub use folder::{content, files, folder, printed};
pub use follower::Follower;
pub use host::{Host, NOON, SECRET, key_file, keys, shared_secret};
pub use process::{Process, run};
pub use schema::schema;
pub use server::{Answer, Server};
pub use socket::{FOLLOW, Frame, SUB_PROTOCOL, Socket};
pub use subscriber::Subscriber;
