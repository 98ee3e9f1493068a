//! What is served over HTTP and WebSockets: the route table, and the layers around it.

mod accept;
mod body;
mod caller;
mod connection;
mod credentials;
mod graphql;
mod health;
mod listen;
mod loopback;
mod origin;
mod pages;
mod parameters;
mod places;
mod rejection;
mod request;
mod routes;
mod socket;
mod streamed;

pub use listen::{bind, serve};
pub use pages::{has_chat, has_graphiql};
pub use places::Places;
pub use routes::{Surface, routes};

use rejection::Rejection;
