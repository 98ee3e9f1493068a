//! What is served over HTTP and WebSockets: the route table, and the layers around it.

mod accept;
mod body;
mod caller;
mod connection;
mod credentials;
mod graphiql;
mod graphql;
mod health;
mod listen;
mod loopback;
mod origin;
mod parameters;
mod rejection;
mod request;
mod routes;
mod socket;
mod streamed;

pub use listen::{bind, serve};
pub use routes::{Surface, routes};

use rejection::Rejection;
