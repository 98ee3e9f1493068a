//! React to messages, and see who did.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use diesel::QueryResult;

use crate::{
    app::App,
    domain::{
        ConversationScope, DomainError, MessageView, ReadScope, Refusal,
        access::{require_message, still_readable},
        participants::Participants,
        view::require_message_view as view,
    },
    models::{CountedReaction, Message, NewEvent, Reaction, User, UserReader, event, reaction},
    store::Connection,
    types::{Emoji, EventKind, MessageId, Timestamp, UserId},
};

/// The most different emoji that a message may have.
pub const MAX_EMOJI: u32 = 20;
/// How many of those who reacted are told by name.
pub const FIRST_USERS: i64 = 5;

/// Who reacts to what with what.
#[derive(Clone, Debug)]
pub struct Reacting {
    /// Somebody who can read the message.
    pub actor_id: UserId,
    /// To which message.
    pub message_id: MessageId,
    /// With what.
    pub emoji: Emoji,
}

/// Adds a reaction; one that is there already changes nothing.
///
/// Refuses messages that the user cannot read or that were deleted, and one emoji too many.
pub async fn add_reaction(app: &App, reacting: Reacting) -> Result<MessageView, DomainError> {
    let clock = Arc::clone(&app.clock);
    app.store
        .write(move |connection| {
            let now = clock.now();
            let message = add(connection, reacting, now)?;
            view(connection, message)
        })
        .await
}

/// The same inside a transaction.
pub(super) fn add(
    connection: &mut Connection,
    reacting: Reacting,
    now: Timestamp,
) -> Result<Message, DomainError> {
    let Reacting { actor_id, message_id, emoji } = reacting;
    let message = require_message(connection, message_id, actor_id)?;
    if message.deleted_at.is_some() {
        return Err(Refusal::MessageDeleted(message_id).into());
    }
    if reaction::is_there(connection, message_id, actor_id, &emoji)? {
        return Ok(message);
    }
    require_room_for(connection, message_id, &emoji)?;
    let position = log(connection, EventKind::ReactionAdded, &message, actor_id, &emoji, now)?;
    reaction::insert(connection, &Reaction { message_id, emoji, position, user_id: actor_id })?;
    Ok(message)
}

/// Takes a reaction back; one that is not there changes nothing. Refuses messages that the user cannot read.
pub async fn remove_reaction(app: &App, reacting: Reacting) -> Result<MessageView, DomainError> {
    let clock = Arc::clone(&app.clock);
    app.store
        .write(move |connection| {
            let now = clock.now();
            let Reacting { actor_id, message_id, emoji } = reacting;
            let message = require_message(connection, message_id, actor_id)?;
            if reaction::delete(connection, message_id, actor_id, &emoji)? {
                log(connection, EventKind::ReactionRemoved, &message, actor_id, &emoji, now)?;
            }
            view(connection, message)
        })
        .await
}

fn require_room_for(
    connection: &mut Connection,
    message_id: MessageId,
    emoji: &Emoji,
) -> Result<(), DomainError> {
    let used = reaction::emoji_of(connection, message_id)?;
    if !used.contains(emoji) && used.len() >= MAX_EMOJI as usize {
        return Err(Refusal::TooManyReactions { max: MAX_EMOJI }.into());
    }
    Ok(())
}

fn log(
    connection: &mut Connection,
    kind: EventKind,
    message: &Message,
    actor_id: UserId,
    emoji: &Emoji,
    now: Timestamp,
) -> Result<i64, DomainError> {
    let detail = Some(emoji.as_str().to_owned());
    let event = NewEvent { detail, ..NewEvent::about(message, kind, actor_id, now) };
    Ok(event::append_at(connection, &event)?)
}

/// The reactions to a message with one emoji.
#[derive(Clone, Debug)]
pub struct ReactionGroup {
    /// With what.
    pub emoji: Emoji,
    /// How many.
    pub count: u32,
    /// Whether the one who asks is among them.
    pub viewer_has_reacted: bool,
    /// The first few of them, the first one first.
    pub users: Vec<Arc<User>>,
}

/// Whose reactions are asked for, and who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReactionsOf {
    /// The message.
    pub message_id: MessageId,
    /// Where it was said.
    pub scope: ConversationScope,
    /// What the one who asks may see.
    pub read_scope: ReadScope,
}

/// The reactions to several messages, grouped by emoji; that which was used first comes first. Messages are
/// left out that have none, and those that whoever asks may not read any more.
pub async fn read_reactions(
    app: &App,
    asked: Vec<ReactionsOf>,
) -> Result<HashMap<ReactionsOf, Vec<ReactionGroup>>, DomainError> {
    let users = app.users.reader();
    app.store.read(move |connection| read(connection, &users, asked)).await
}

fn read(
    connection: &mut Connection,
    users: &UserReader,
    asked: Vec<ReactionsOf>,
) -> Result<HashMap<ReactionsOf, Vec<ReactionGroup>>, DomainError> {
    let asked = still_readable(connection, asked, |asked| (asked.read_scope, Some(asked.scope)))?;
    let ids: BTreeSet<MessageId> = asked.iter().map(|asked| asked.message_id).collect();
    let ids: Vec<MessageId> = ids.into_iter().collect();
    let reactions = reaction::first_of_each(connection, &ids, FIRST_USERS)?;
    let people =
        Participants::load(connection, users, reactions.iter().map(|reaction| reaction.user_id), [])?;
    let own = own(connection, &asked)?;
    let mut groups: HashMap<MessageId, Vec<&[CountedReaction]>> = HashMap::new();
    for group in
        reactions.chunk_by(|one, next| (one.message_id, &one.emoji) == (next.message_id, &next.emoji))
    {
        groups.entry(group[0].message_id).or_default().push(group);
    }
    for groups in groups.values_mut() {
        groups.sort_by_key(|group| group[0].position);
    }
    let answer = asked.into_iter().filter_map(|asked| {
        let groups = groups.get(&asked.message_id)?;
        Some((asked, groups.iter().map(|group| summary(group, asked.read_scope, &own, &people)).collect()))
    });
    Ok(answer.collect())
}

/// With what those who ask reacted to what.
type Own = HashMap<(UserId, MessageId), Vec<Emoji>>;

/// One statement for each of those who ask: in one request that is one.
fn own(connection: &mut Connection, asked: &[ReactionsOf]) -> QueryResult<Own> {
    let mut messages = HashMap::<UserId, Vec<MessageId>>::new();
    for asked in asked {
        if let Some(viewer) = asked.read_scope.user() {
            messages.entry(viewer).or_default().push(asked.message_id);
        }
    }
    let mut own = Own::new();
    for (viewer, messages) in messages {
        let reacted = reaction::own(connection, &messages, viewer)?;
        for (message, emoji) in reacted {
            own.entry((viewer, message)).or_default().push(emoji);
        }
    }
    Ok(own)
}

fn summary(
    group: &[CountedReaction],
    read_scope: ReadScope,
    own: &Own,
    people: &Participants,
) -> ReactionGroup {
    let CountedReaction { message_id, emoji, count, .. } = &group[0];
    let is_own = |viewer| own.get(&(viewer, *message_id)).is_some_and(|own| own.contains(emoji));
    ReactionGroup {
        emoji: emoji.clone(),
        count: u32::try_from(*count).unwrap_or(u32::MAX),
        viewer_has_reacted: read_scope.user().is_some_and(is_own),
        users: group.iter().filter_map(|reaction| people.user(reaction.user_id).cloned()).collect(),
    }
}
