//! What is served over HTTP: the route table, and the layers around it.

mod accept;
mod body;
mod graphiql;
mod graphql;
mod health;
mod listen;
mod loopback;
mod rejection;
mod request;
mod routes;

pub use listen::{bind, serve};
pub use routes::routes;

use rejection::Rejection;
