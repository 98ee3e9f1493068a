//! Read the recent messages of a recipient.

use crate::{
    app::App,
    domain::{
        DomainError, IdRole, MessageView, ReadScope, Refusal, Snapshot, access::may_read_chatroom,
        participants::Participants,
    },
    models::{
        MessageReader, RecentIdsReader, UserReader,
        message::{self, Recent},
    },
    store::Connection,
    types::{Bounds, IdMint, MessageId, Page, RecentWindow, RecipientId, Timestamp, UserId},
};

/// Which recent messages are asked for.
#[derive(Clone, Copy, Debug)]
pub struct RecentQuery {
    /// Who they were sent to.
    pub recipient_id: RecipientId,
    /// Only those of this sender.
    pub sender_id: Option<UserId>,
    /// What counts as recent.
    pub window: RecentWindow,
    /// The most messages in one answer.
    pub limit: u32,
    /// Only what comes after this place in the list.
    pub after: Option<RecentCursor>,
    /// What the one who asks may see.
    pub read_scope: ReadScope,
}

/// A place in a list of recent messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecentCursor {
    /// The message at this place.
    pub id: MessageId,
    /// How many messages of the list there are up to here; so the last hundred stay the same hundred while somebody
    /// pages through them and others write.
    pub rank: u32,
}

/// A page of the messages sent to a recipient, newest first, each with its place.
///
/// Refuses unknown people and chatrooms, and what others than the one who asks sent to somebody else.
pub async fn read_recent(
    app: &App,
    query: RecentQuery,
) -> Result<Snapshot<Page<(RecentCursor, MessageView)>>, DomainError> {
    let (now, users, messages) = (app.clock.now(), app.users.reader(), app.messages.reader());
    let lists = app.lists.reader(query.recipient_id.key());
    app.store
        .read_rows(rows(&query, &app.mint, now), move |connection| {
            let moment = Snapshot::begin(connection)?;
            let page = read(connection, &users, (&messages, &lists), query, now)?;
            Ok(moment.map(|()| page))
        })
        .await
}

/// How many rows are looked at, at most. Ids that are ahead of the clock say nothing of when a message was sent: the days of
/// a window have no end in the index then, and a reader's thread looks for it.
fn rows(query: &RecentQuery, mint: &IdMint, now: Timestamp) -> u32 {
    match query.window {
        RecentWindow::Days(_) if mint.is_ahead_of(now) => u32::MAX,
        RecentWindow::Days(_) | RecentWindow::Last(_) => query.limit,
    }
}

fn read(
    connection: &mut Connection,
    users: &UserReader,
    readers: (&MessageReader, &RecentIdsReader),
    query: RecentQuery,
    now: Timestamp,
) -> Result<Page<(RecentCursor, MessageView)>, DomainError> {
    require_participants(connection, users, &query)?;
    let rank = query.after.map_or(0, |cursor| cursor.rank);
    let left = query.window.size().map(|size| size.saturating_sub(rank));
    let limit = left.map_or(query.limit, |left| left.min(query.limit));
    let bounds = Bounds::first(limit, query.after.map(|cursor| cursor.id));
    let recent = Recent {
        recipient_id: query.recipient_id.key(),
        sender_id: query.sender_id,
        since: query.window.since(now),
    };
    let mut page = message::recent_page(connection, readers, recent, &bounds)?;
    page.has_next &= left != Some(limit);
    let participants = Participants::of_messages(connection, users, &page.items)?;
    // A cursor can be made up, with the greatest of all ranks in it.
    let ranks = (1..).map(|place| rank.saturating_add(place));
    let items = page.items.into_iter().zip(ranks).filter_map(|(message, rank)| {
        Some((RecentCursor { id: message.id, rank }, MessageView::new(message, &participants)?))
    });
    Ok(Page { items: items.collect(), has_next: page.has_next, has_previous: page.has_previous })
}

fn require_participants(
    connection: &mut Connection,
    users: &UserReader,
    query: &RecentQuery,
) -> Result<(), DomainError> {
    require_own(query)?;
    let recipient = match query.recipient_id {
        RecipientId::User(id) => Some((id, IdRole::Recipient)),
        RecipientId::Chatroom(id) if may_read_chatroom(connection, query.read_scope, id)? => None,
        RecipientId::Chatroom(id) => return Err(Refusal::unknown(id, IdRole::Recipient).into()),
    };
    let sender = query.sender_id.map(|id| (id, IdRole::Sender));
    let named = [recipient, sender].into_iter().flatten();
    let known = users.find_all(connection, named.clone().map(|(id, _)| id))?;
    match named.into_iter().find(|(id, _)| !known.contains_key(id)) {
        Some((id, role)) => Err(Refusal::unknown(id, role).into()),
        None => Ok(()),
    }
}

/// What was sent to another person is one's own only where one sent it.
fn require_own(query: &RecentQuery) -> Result<(), DomainError> {
    match (query.read_scope, query.recipient_id) {
        (ReadScope::Profiles, RecipientId::User(_)) => Err(Refusal::Forbidden.into()),
        (ReadScope::Of(viewer), RecipientId::User(id)) if viewer != id && query.sender_id != Some(viewer) => {
            Err(Refusal::Forbidden.into())
        }
        _ => Ok(()),
    }
}
