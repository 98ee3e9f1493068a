//! The use cases: one verb each. A rule, then a transaction.

mod check_ready;
mod create_user;
mod error;
mod find;
mod list_users;
mod read_history;
mod read_recent;
mod send_messages;
mod set_up_example;
mod update_user;
mod view;

pub use check_ready::check_ready;
pub use create_user::{NewUser, create_user};
pub use error::{DomainError, Party, Refusal};
pub use find::{find_direct_conversation, find_message, find_user, find_user_by_username};
pub use list_users::list_users;
pub use read_history::{History, read_histories};
pub use read_recent::{RecentCursor, RecentQuery, read_recent};
pub use send_messages::{Draft, Sent, send_messages};
pub use set_up_example::{EXAMPLE_USERS, Example, ExampleUser, set_up_example};
pub use update_user::{UserChange, update_user};
pub use view::{DirectConversationView, MessageView};
