//! The use cases: one verb each. A rule, then a transaction.

mod access;
mod change_message;
mod check_ready;
mod create_chatroom;
mod create_user;
mod error;
mod example;
mod find;
mod find_clock_error;
mod follow_events;
mod identify;
mod invite_to_chatroom;
mod joining;
mod leave_chatroom;
mod list_chatrooms;
mod list_conversations;
mod list_users;
mod mark_read;
mod participants;
mod prune_events;
mod react;
mod read_history;
mod read_presences;
mod read_recent;
mod read_states;
mod rename_chatroom;
mod replay;
mod search_messages;
mod seed;
mod send_messages;
mod set_presence;
mod set_typing;
mod snapshot;
mod update_user;
mod usernames;
mod view;

pub use access::{ActingScope, ConversationScope, ReadScope};
pub use change_message::{Edit, delete_message, edit_message};
pub use check_ready::check_ready;
pub use create_chatroom::{NewChatroom, create_chatroom};
pub use create_user::{NewUser, create_user};
pub use error::{DomainError, IdRole, Refusal};
pub use example::{EXAMPLE_CHATROOM, EXAMPLE_USERS, Example, ExampleUser, set_up_example};
pub use find::{
    find_conversation, find_direct_conversation, find_message, find_messages, find_user,
    find_user_by_username, find_users,
};
pub use find_clock_error::find_clock_error;
pub use follow_events::{Followed, Follower, Following, follow_events};
pub use identify::{Identified, NotIdentified, find_by_subject, identify};
pub use invite_to_chatroom::{Invitation, invite_to_chatroom};
pub use leave_chatroom::{Removal, leave_chatroom, remove_from_chatroom};
pub use list_chatrooms::{Member, MembersOf, list_chatrooms, list_members};
pub use list_conversations::{InboxEntry, list_conversations};
pub use list_users::list_users;
pub use mark_read::{Reading, mark_read};
pub use prune_events::{Pruned, prune_events};
pub use react::{
    FIRST_USERS, MAX_EMOJI, Reacting, ReactionGroup, ReactionsOf, add_reaction, read_reactions,
    remove_reaction,
};
pub use read_history::{History, read_histories};
pub use read_presences::{PresenceOf, read_presences};
pub use read_recent::{RecentCursor, RecentQuery, read_recent};
pub use read_states::{ConversationState, ReadingState, StateOf, read_states};
pub use rename_chatroom::{Renaming, rename_chatroom};
pub use search_messages::{SearchQuery, search_messages};
pub use seed::{Plan, Seeded, seed};
pub use send_messages::{Draft, Sent, send_messages};
pub use set_presence::set_presence;
pub use set_typing::{Typing, set_typing};
pub use snapshot::Snapshot;
pub use update_user::{UserChange, update_user};
pub use view::{ConversationView, DirectConversationView, MessageView, RecipientView};
