//! What is for browsers: GraphiQL, and the example chat.

mod bundle;
mod chat;
mod graphiql;
mod media_type;
mod packed;

pub(super) use chat::routes as chat;
pub(super) use graphiql::routes as graphiql;
