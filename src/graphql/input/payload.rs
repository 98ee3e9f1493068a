//! What a mutation answers.

use crate::graphql::types::UserError;

/// What a mutation came to: its answer, or why there is none.
pub(in crate::graphql) type Outcome<T> = Result<T, Vec<UserError>>;

/// Writes the payload of a mutation that answers with one thing.
macro_rules! payload {
    ($(#[$doc:meta])* $payload:ident { $(#[$field_doc:meta])* $field:ident: $ty:ty }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject)]
        pub(in crate::graphql) struct $payload {
            /// Why nothing was changed; empty on success.
            errors: Vec<$crate::graphql::types::UserError>,
            $(#[$field_doc])*
            $field: Option<$ty>,
        }

        impl From<$crate::graphql::input::Outcome<$ty>> for $payload {
            fn from(outcome: $crate::graphql::input::Outcome<$ty>) -> Self {
                match outcome {
                    Ok(done) => Self { errors: Vec::new(), $field: Some(done) },
                    Err(errors) => Self { errors, $field: None },
                }
            }
        }
    };
}
pub(in crate::graphql) use payload;
