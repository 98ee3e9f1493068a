//! Search in `messages`: what is asked, and the seam at which databases differ.

use std::collections::HashMap;

use diesel::QueryResult;

use super::{Message, message, message_words};
use crate::{
    store::Connection,
    types::{Bounds, ConversationKey, MessageId, Page, SearchText, UserId},
};

/// Which messages are searched for.
#[derive(Clone, Debug)]
pub struct Search {
    /// They have all of these words.
    pub text: SearchText,
    /// Where they are.
    pub scope: Scope,
    /// Only those of this sender.
    pub sender_id: Option<UserId>,
}

/// Where messages are searched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// In one conversation.
    Conversation(ConversationKey),
    /// In everything between this user and one other, and in the chatrooms that they are in now.
    ReadableBy(UserId),
}

/// A page of the messages that are searched for, newest first. Of the bounds, only `after` and `limit` count.
///
/// PostgreSQL will answer the same from a generated column of its own.
pub fn search(
    connection: &mut Connection,
    search: &Search,
    bounds: &Bounds<MessageId>,
) -> QueryResult<Page<Message>> {
    let ids = match connection {
        Connection::Sqlite(_) => message_words::find(connection, search, bounds)?,
    };
    let page = bounds.cut(ids);
    let found = message::find_all(connection, &page.items)?;
    let mut found: HashMap<_, _> = found.into_iter().map(|message| (message.id, message)).collect();
    Ok(page.filter_map(|id| found.remove(&id)))
}
