//! List somebody's conversations: the inbox.

use crate::{
    app::App,
    domain::{
        ConversationState, ConversationView, DomainError, IdRole, ReadScope, Refusal, Snapshot, StateOf,
        read_states,
    },
    models::{
        Conversation, MessageReader, UserReader,
        conversation::{self, Side},
        membership,
    },
    store::Connection,
    types::{Activity, Bounds, Page, UserId},
};

/// Whose chatrooms are no more than this are looked at, all of them.
const FEW_CHATROOMS: i64 = 128;
/// How many times as many are looked at next.
const MORE: i64 = 4;

/// An entry of an inbox.
#[derive(Clone, Debug)]
pub struct InboxEntry {
    /// Its place: what happened last in the conversation.
    pub activity: Activity,
    /// The conversation.
    pub view: ConversationView,
    /// Where it stands.
    pub state: ConversationState,
}

/// A page of somebody's conversations, latest activity first; refuses an unknown user.
///
/// Everything on it is of one moment, and it costs the same however many conversations and members there are.
pub async fn list_conversations(
    app: &App,
    user_id: UserId,
    bounds: Bounds<Activity>,
) -> Result<Snapshot<Page<InboxEntry>>, DomainError> {
    let (users, messages) = (app.users.reader(), app.messages.reader());
    app.store
        .read_rows(bounds.limit, move |connection| {
            let moment = Snapshot::begin(connection)?;
            let page = list(connection, &users, &messages, user_id, &bounds)?;
            Ok(moment.map(|()| page))
        })
        .await
}

fn list(
    connection: &mut Connection,
    users: &UserReader,
    messages: &MessageReader,
    user_id: UserId,
    bounds: &Bounds<Activity>,
) -> Result<Page<InboxEntry>, DomainError> {
    if users.find(connection, user_id)?.is_none() {
        return Err(Refusal::unknown(user_id, IdRole::User).into());
    }
    let mut conversations = conversation::of_user(connection, user_id, Side::Lower, bounds)?;
    conversations.extend(conversation::of_user(connection, user_id, Side::Higher, bounds)?);
    conversations.extend(chatrooms(connection, user_id, bounds)?);
    conversations.sort_by_key(|conversation| std::cmp::Reverse(conversation.activity));
    let page = bounds.into_page(conversations);

    let state_of = |conversation: &Conversation| StateOf {
        conversation: conversation.key,
        read_scope: ReadScope::Of(user_id),
    };
    let asked: Vec<StateOf> = page.items.iter().map(state_of).collect();
    let (mut states, participants) = read_states::read(connection, users, messages, &asked, &page.items)?;
    let entry = |conversation: &Conversation| {
        let view = participants.conversation(conversation)?;
        let state = states.remove(&state_of(conversation))?;
        Some(InboxEntry { activity: conversation.activity, view, state })
    };
    let items = page.items.iter().filter_map(entry).collect();
    Ok(Page { items, has_next: page.has_next, has_previous: page.has_previous })
}

/// Somebody's chatrooms, latest activity first, one more than the limit.
///
/// Nothing is written for each member of a chatroom when a message is sent, so no index has somebody's chatrooms in the order of
/// their activity. Whoever is in few looks at all of theirs; whoever is in many finds theirs soon among the most active ones of
/// all. Both ways are gone together, a few steps of each in turn, so that the shorter one ends it.
fn chatrooms(
    connection: &mut Connection,
    user_id: UserId,
    bounds: &Bounds<Activity>,
) -> Result<Vec<Conversation>, DomainError> {
    let mut steps = FEW_CHATROOMS;
    while membership::is_in_more_than(connection, user_id, steps)? {
        let floor = conversation::activity_further_down(connection, bounds.after, steps)?;
        let found = membership::active_down_to(connection, user_id, bounds, floor)?;
        let is_enough = i64::try_from(found.len()).is_ok_and(|found| found >= bounds.fetch_limit());
        if is_enough || floor.is_none() {
            return Ok(found);
        }
        steps *= MORE;
    }
    Ok(membership::active_of_all(connection, user_id, bounds)?)
}
