//! What is for browsers: GraphiQL, and the example chat.

mod bundle;
mod cdn;
mod chat;
mod graphiql;
mod media_type;
mod packed;

pub use chat::is_built as has_chat;
pub use graphiql::is_built as has_graphiql;

pub(super) use chat::routes as chat;
pub(super) use graphiql::routes as graphiql;
