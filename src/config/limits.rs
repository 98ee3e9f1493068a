//! What one client may ask for and hold.

use clap::Args;

use super::{ConfigError, Setting};

/// Writes the settings, what they come to, and their bounds from one table.
macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $limit:ident = $default:literal, $least:literal..=$most:literal: $setting:ident, $env:literal;)+) => {
        /// What one client may ask for and hold: the settings.
        #[derive(Args, Clone, Debug, Default)]
        #[command(next_help_heading = "Limits")]
        pub struct LimitArgs {
            $(
                $(#[doc = $doc])+
                #[arg(
                    long,
                    env = $env,
                    hide_env_values = true,
                    value_name = "N",
                    help = concat!($($doc,)+ ", ", $least, " to ", $most, " [default: ", $default, "]").trim_start()
                )]
                pub $setting: Option<String>,
            )+
        }

        /// What one client may ask for and hold.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $limit: usize,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($limit: $default,)+ }
            }
        }

        impl LimitArgs {
            /// The limits: what is not set has its default.
            pub fn limits(&self) -> Result<Limits, ConfigError> {
                Ok(Limits { $($limit: Setting($env).number(self.$setting.as_ref(), $default, [$least, $most])?,)+ })
            }
        }
    };
}

limits! {
    /// The most bytes in the body of an HTTP request
    body_bytes = 1_048_576, 1_024..=67_108_864: max_body_bytes, "MESSENGER_MAX_BODY_BYTES";
    /// The most requests in one HTTP request, as a JSON array; 0 refuses arrays
    request_batch = 0, 0..=100: max_request_batch, "MESSENGER_MAX_REQUEST_BATCH";
    /// The most bytes in a GraphQL document
    document_bytes = 65_536, 1_024..=1_048_576: max_document_bytes, "MESSENGER_MAX_DOCUMENT_BYTES";
    /// The most tokens in a document
    document_tokens = 5_000, 100..=100_000: max_document_tokens, "MESSENGER_MAX_DOCUMENT_TOKENS";
    /// The most fields and fragments in a document after its fragments are written out
    document_fields = 2_000, 100..=20_000: max_document_fields, "MESSENGER_MAX_DOCUMENT_FIELDS";
    /// The most aliases in a document, and so the most times that one field is asked for in one place
    document_aliases = 100, 0..=2_000: max_document_aliases, "MESSENGER_MAX_DOCUMENT_ALIASES";
    /// How deep selections may be nested; introspection needs 15
    document_depth = 15, 1..=40: max_document_depth, "MESSENGER_MAX_DOCUMENT_DEPTH";
    /// How deep selections and fragments may be nested; introspection needs 18
    document_recursion = 20, 1..=40: max_document_recursion, "MESSENGER_MAX_DOCUMENT_RECURSION";
    /// The most directives on one field
    field_directives = 5, 0..=20: max_field_directives, "MESSENGER_MAX_FIELD_DIRECTIVES";
    /// The most values that a document may ask for, a list counted by its page size
    document_complexity = 50_000, 100..=1_000_000: max_document_complexity, "MESSENGER_MAX_DOCUMENT_COMPLEXITY";
    /// The most bytes in a document whose subscription runs; it is kept for as long as the subscription lasts
    subscription_bytes = 8_192, 1_024..=65_536: max_subscription_bytes, "MESSENGER_MAX_SUBSCRIPTION_BYTES";
    /// The most values that a subscription may ask for of each event, a list counted by its page size
    subscription_complexity = 2_000, 100..=100_000: max_subscription_complexity, "MESSENGER_MAX_SUBSCRIPTION_COMPLEXITY";
    /// The most bytes in the answer to one request, and in what a subscription tells of one event
    answer_bytes = 16_777_216, 65_536..=268_435_456: max_answer_bytes, "MESSENGER_MAX_ANSWER_BYTES";
    /// The most bytes of memory for the answers that are being written or sent; a quarter of them for one user
    answer_memory_bytes = 268_435_456, 1_048_576..=4_000_000_000: max_answer_memory_bytes,
        "MESSENGER_MAX_ANSWER_MEMORY_BYTES";
    /// How many seconds a query or a mutation may take
    execution_seconds = 30, 1..=600: max_execution_seconds, "MESSENGER_MAX_EXECUTION_SECONDS";
    /// The most bytes in a message that comes over a WebSocket
    socket_message_bytes = 262_144, 1_024..=16_777_216: max_socket_message_bytes, "MESSENGER_MAX_SOCKET_MESSAGE_BYTES";
    /// The most operations that run at once on one WebSocket
    socket_operations = 100, 1..=1_000: max_socket_operations, "MESSENGER_MAX_SOCKET_OPERATIONS";
    /// The most chatrooms that one user may be in
    user_chatrooms = 1_000, 1..=100_000: max_user_chatrooms, "MESSENGER_MAX_USER_CHATROOMS";
    /// The most members of one chatroom
    chatroom_members = 10_000, 2..=1_000_000: max_chatroom_members, "MESSENGER_MAX_CHATROOM_MEMBERS";
    /// The most WebSockets and event streams that one user may have open
    user_sockets = 50, 1..=10_000: max_user_sockets, "MESSENGER_MAX_USER_SOCKETS";
    /// The most subscriptions that one user may have at once, on all of their connections
    user_subscriptions = 500, 1..=100_000: max_user_subscriptions, "MESSENGER_MAX_USER_SUBSCRIPTIONS";
    /// The most WebSockets and event streams from one address; those of this machine itself are not counted
    address_sockets = 1_000, 1..=10_000: max_address_sockets, "MESSENGER_MAX_ADDRESS_SOCKETS";
}
