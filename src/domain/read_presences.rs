//! Read who is there.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    app::App,
    domain::{DomainError, ReadScope, access::contacts_among},
    presence::Presence,
    store::Connection,
    types::UserId,
};

/// Whose presence, and who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PresenceOf {
    /// Whose.
    pub user_id: UserId,
    /// What the one who asks may see.
    pub read_scope: ReadScope,
}

/// What people show, with as many statements for many as for one. Those are left out whom the one who asks may not see.
pub async fn read_presences(
    app: &App,
    mut asked: Vec<PresenceOf>,
) -> Result<HashMap<PresenceOf, Presence>, DomainError> {
    if asked.iter().any(|asked| !needs_no_leave(asked)) {
        asked = app.store.read(move |connection| with_leave(connection, asked)).await?;
    }
    let known = app.presence.read(asked.iter().map(|asked| asked.user_id).collect()).await;
    let shown = |asked: PresenceOf| (asked, known.get(&asked.user_id).cloned().unwrap_or_default());
    Ok(asked.into_iter().map(shown).collect())
}

/// Everybody sees themselves; where everything is in sight, everybody is seen.
fn needs_no_leave(asked: &PresenceOf) -> bool {
    matches!(asked.read_scope, ReadScope::Everything) || asked.read_scope == ReadScope::Of(asked.user_id)
}

/// Those that may be seen by who asks.
fn with_leave(connection: &mut Connection, asked: Vec<PresenceOf>) -> Result<Vec<PresenceOf>, DomainError> {
    let (mut seen, others): (Vec<_>, Vec<_>) = asked.into_iter().partition(needs_no_leave);
    let mut by_viewer = BTreeMap::<UserId, Vec<UserId>>::new();
    for PresenceOf { user_id, read_scope } in others {
        if let Some(viewer) = read_scope.user() {
            by_viewer.entry(viewer).or_default().push(user_id);
        }
    }
    for (viewer, users) in by_viewer {
        let contacts: HashSet<UserId> = contacts_among(connection, viewer, &users)?;
        seen.extend(
            contacts.into_iter().map(|user_id| PresenceOf { user_id, read_scope: ReadScope::Of(viewer) }),
        );
    }
    Ok(seen)
}
