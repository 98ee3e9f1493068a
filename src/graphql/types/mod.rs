//! The types of the schema.

mod chatroom;
mod conversation;
mod date_time;
mod event;
mod invitations_from;
mod message;
mod message_thread;
mod node;
mod presence;
mod reaction;
mod recipient;
mod server_info;
mod user;
mod user_error;
mod window;

pub(super) use chatroom::{Chatroom, ChatroomRole};
pub(super) use conversation::{Conversation, DirectConversation};
pub(super) use date_time::DateTime;
pub(super) use event::EventEdge;
pub(super) use invitations_from::InvitationsFrom;
pub(super) use message::Message;
pub(super) use node::Node;
pub(super) use presence::{Presence, PresenceStatus};
pub(super) use reaction::ReactionGroup;
pub(super) use recipient::Recipient;
pub(super) use server_info::{ServerInfo, Trusting};
pub(super) use user::User;
pub(super) use user_error::{
    ChatroomFull, IdempotencyConflict, InvalidId, InvalidInput, InvitationRefused, MessageTooLong, NotFound,
    RateLimited, Refused, SeqOutOfRange, TooManyChatrooms, TooManyReactions, UserError, UsernameTaken,
};
pub(super) use window::RecentWindow;
