//! GraphQL over a WebSocket, by the sub-protocol `graphql-transport-ws`
//! (<https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md>).
//!
//! `protocol` says what a message means, and knows neither sockets nor clocks; `pump` moves messages, one at a time in each
//! direction: while the client does not take what it is sent, nothing is read from it and its operations are not asked for
//! more.

mod buffer;
mod close;
mod close_cause;
mod connection_quota;
mod message;
mod operations;
mod protocol;
mod socket_session;
mod socket_task;
mod upgrade;

pub(super) use connection_quota::{ConnectionQuota, QuotaExceeded, QuotaPermit};
pub(super) use upgrade::{is_asked_for, open};
