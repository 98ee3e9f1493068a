//! What is served over HTTP and WebSockets: the route table, and the layers around it.

mod accept;
mod body;
mod budget;
mod caller;
mod connection;
mod connection_limit;
mod credentials;
mod graphql;
mod health;
mod host;
mod intake;
mod list_header;
mod listen;
mod origin;
mod pages;
mod parameters;
mod rejection;
mod request;
mod routes;
mod seat;
mod sending;
mod single_headers;
mod socket;
mod streamed;
mod unpacking;

pub use connection_limit::ConnectionLimit;
pub use listen::{bind, serve};
pub use routes::{HttpOptions, routes};

use rejection::Rejection;
