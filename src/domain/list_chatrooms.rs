//! List chatrooms and their members.

use std::{collections::HashMap, sync::Arc};

use crate::{
    app::App,
    domain::{
        ConversationScope, DomainError, IdRole, ReadScope, Snapshot,
        access::{require_user, still_readable},
        participants::Participants,
    },
    models::{Chatroom, Membership, User, UserReader, membership},
    store::Connection,
    types::{Bounds, ChatroomId, Page, Timestamp, UserId},
};

/// A page of the chatrooms that somebody is in, the oldest first; refuses an unknown user.
pub async fn list_chatrooms(
    app: &App,
    user_id: UserId,
    bounds: Bounds<ChatroomId>,
) -> Result<Snapshot<Page<Arc<Chatroom>>>, DomainError> {
    let users = app.users.reader();
    app.store
        .read(move |connection| {
            let moment = Snapshot::begin(connection)?;
            require_user(connection, user_id, IdRole::User)?;
            let page = membership::page_of_chatrooms(connection, user_id, &bounds)?;
            let participants = Participants::load(connection, &users, [], page.items.iter().copied())?;
            let page = page.filter_map(|id| participants.chatroom(id).cloned());
            Ok(moment.map(|()| page))
        })
        .await
}

/// Which part of which chatroom's members; bounds are places in the order of joining.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MembersOf {
    /// The chatroom.
    pub chatroom_id: ChatroomId,
    /// Which part of them.
    pub bounds: Bounds<i64>,
    /// What the one who asks may see.
    pub read_scope: ReadScope,
}

/// Somebody in a chatroom.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub user: Arc<User>,
    /// Since when.
    pub joined_at: Timestamp,
    /// Their place among the members: ascends in the order of joining.
    pub position: i64,
}

/// Pages of the members of several chatrooms, the longest-standing first. One statement for each chatroom, because each
/// has a limit of its own, and one for all people. Those that whoever asks may not read any more are empty.
pub async fn list_members(
    app: &App,
    asked: Vec<MembersOf>,
) -> Result<HashMap<MembersOf, Snapshot<Page<Member>>>, DomainError> {
    let users = app.users.reader();
    app.store.read(move |connection| members(connection, &users, asked)).await
}

fn members(
    connection: &mut Connection,
    reader: &UserReader,
    asked: Vec<MembersOf>,
) -> Result<HashMap<MembersOf, Snapshot<Page<Member>>>, DomainError> {
    let moment = Snapshot::begin(connection)?;
    let nothing = |asked: &MembersOf| (*asked, moment.clone().map(|()| asked.bounds.into_page(Vec::new())));
    let mut found: HashMap<_, _> = asked.iter().map(nothing).collect();
    let mut pages = Vec::with_capacity(asked.len());
    let scope = |asked: &MembersOf| (asked.read_scope, Some(ConversationScope::In(asked.chatroom_id)));
    for asked in still_readable(connection, asked, scope)? {
        let page = membership::page_of_members(connection, asked.chatroom_id, &asked.bounds)?;
        pages.push((asked, page));
    }
    let users = pages.iter().flat_map(|(_, page)| page.items.iter().map(|member| member.user_id));
    let participants = Participants::load(connection, reader, users, [])?;
    let with_people = pages.into_iter().map(|(asked, page)| {
        let member = |row: Membership| {
            let user = participants.user(row.user_id)?.clone();
            Some(Member { user, joined_at: row.joined_at, position: row.joined_position })
        };
        (asked, moment.clone().map(|()| page.filter_map(member)))
    });
    found.extend(with_people);
    Ok(found)
}
