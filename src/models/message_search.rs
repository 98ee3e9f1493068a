//! Search in `messages`: what is asked, and the seam at which databases differ.

use std::sync::Arc;

use diesel::QueryResult;

use super::{Message, MessageReader, message, message_words};
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
    reader: &MessageReader,
    search: &Search,
    bounds: &Bounds<MessageId>,
) -> QueryResult<Page<Arc<Message>>> {
    let ids = match connection {
        Connection::Sqlite(_) => message_words::find(connection, search, bounds)?,
    };
    let page = bounds.into_page(ids);
    let items = reader.find_each(connection, &page.items, message::find_all)?;
    Ok(Page { items, has_next: page.has_next, has_previous: page.has_previous })
}
