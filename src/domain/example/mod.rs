//! Something to look at.

mod content;
mod set_up;

pub use content::{EXAMPLE_CHATROOM, EXAMPLE_USERS, ExampleUser};
pub use set_up::{Example, set_up_example};
