//! The schema. A resolver only translates: it reads ids and arguments, makes one call to the domain, and wraps the
//! answer.

/// An example in a description: the file beside the resolver that holds it. A test runs them all.
macro_rules! example {
    ($file:literal) => {
        concat!("```graphql\n", include_str!($file), "```")
    };
}

mod answer;
mod answers;
mod cursor;
mod document;
mod document_policy;
mod error;
mod execute;
mod fan_out;
mod id;
mod input;
mod limits;
mod loaders;
mod memory;
mod mutation;
mod page;
mod persisted;
mod prepare;
mod query;
mod render;
mod rendered;
mod request;
mod request_count;
mod resolver_error;
mod running;
mod schema;
mod subscription;
mod types;
mod viewer;
mod wire;

pub use answer::Answer;
pub use answers::Answers;
pub use document_policy::DocumentPolicy;
pub use error::{ErrorCode, RequestError, RequestId};
pub use execute::Api;
pub use memory::Hold;
pub use rendered::Rendered;
pub use request::{Allowed, DocumentId, Request};
pub use resolver_error::INTERNAL;
pub use schema::sdl;
pub use viewer::{Credentials, Session};
