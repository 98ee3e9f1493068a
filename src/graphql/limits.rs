//! What no setting changes: what keeps the process safe, and the sizes of pages. `config/limits.rs` has the rest;
//! `serverInfo.limits` tells clients what they may meet.

/// The most documents that are kept for clients that send only the hash, and the most bytes of them all. Who registers others
/// in their place costs their clients one more request each.
pub(super) const MAX_REGISTERED: usize = 1_000;
/// See [`MAX_REGISTERED`].
pub(super) const MAX_REGISTERED_BYTES: usize = 4 * 1024 * 1024;

/// The most documents that are kept read and validated, and the most bytes of memory that all of them take.
pub(super) const MAX_KNOWN: usize = 1_000;
/// See [`MAX_KNOWN`]. A document as people write them takes about 10 KiB, one of nothing but one-letter fields 500 KiB.
pub(super) const MAX_KNOWN_BYTES: usize = 32 * 1024 * 1024;

/// The most bytes of the documents of one user's subscriptions, each counted once: 120 of the longest that the
/// defaults allow.
pub(super) const MAX_PLAN_BYTES_OF_USER: usize = 1024 * 1024;
/// The most bytes of the documents of all subscriptions, each counted once.
pub(super) const MAX_PLAN_BYTES: usize = 64 * 1024 * 1024;
/// The most bytes that the variables of one subscription take that its events need.
pub(super) const MAX_EVENT_VARIABLE_BYTES: usize = 4 * 1024;
/// The most seconds that the answer to one event may take; less where requests have less. It asks for little, so
/// whatever takes longer waits for a server that is overloaded.
pub(super) const MAX_EVENT_SECONDS: usize = 5;

/// How deep `{`, `[` and `(` may be nested. The parser recurses: at 1,232 levels it would overflow its stack.
pub(super) const MAX_NESTING: usize = 40;
/// The most fragments in a document. The validator recurses along them.
pub(super) const MAX_FRAGMENTS: usize = 100;
/// The most errors in one answer.
pub(super) const MAX_ERRORS: usize = 10;
/// The most messages in one `sendMessages`, and the most people in one invitation.
pub(super) const MAX_BATCH: u32 = 100;

/// How many items a page of a list may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageSize {
    pub(super) default: u32,
    pub(super) max: u32,
}

/// Pages of messages.
pub(super) const MESSAGES: PageSize = PageSize { default: 100, max: 1_000 };
/// All other pages.
pub(super) const OTHERS: PageSize = PageSize { default: 50, max: 100 };

/// The lists of objects that are no pages, by type and field, and how many items they have; of reactions there may be four
/// times as many, and hardly ever are.
///
/// Those of introspection have about as many. They go in circles (`possibleTypes` and `interfaces`): 300 bytes would get an
/// answer of megabytes.
pub(super) const LISTS: [(&str, &str, PageSize); 14] = [
    ("DirectConversation", "participants", PageSize::always(2)),
    ("Message", "reactions", PageSize::always(5)),
    ("ReactionGroup", "firstUsers", PageSize::always(5)),
    ("SendMessagesPayload", "results", PageSize::always(MAX_BATCH)),
    ("__Directive", "args", PageSize::always(1)),
    ("__Directive", "locations", PageSize::always(3)),
    ("__Field", "args", PageSize::always(1)),
    ("__Schema", "directives", PageSize::always(5)),
    ("__Schema", "types", PageSize::always(60)),
    ("__Type", "enumValues", PageSize::always(5)),
    ("__Type", "fields", PageSize::always(3)),
    ("__Type", "inputFields", PageSize::always(2)),
    ("__Type", "interfaces", PageSize::always(1)),
    ("__Type", "possibleTypes", PageSize::always(6)),
];

/// The errors of a payload.
pub(super) const USER_ERRORS: PageSize = PageSize::always(5);

/// Fields that cost more than their values, by type and field: whether a presence may be seen is looked up for each user, and
/// a search may look for every chatroom of the user, so one request may have a few.
pub(super) const COSTLY: [(&str, &str, usize); 2] =
    [("User", "presence", 10), ("Query", "searchMessages", 10_000)];

impl PageSize {
    const fn always(count: u32) -> Self {
        Self { default: count, max: count }
    }

    /// The page size of a connection type, by its name.
    pub(super) fn of_connection(name: &str) -> Option<Self> {
        match name {
            "MessageConnection" => Some(MESSAGES),
            _ => name.ends_with("Connection").then_some(OTHERS),
        }
    }

    /// How many items a page may have. What is out of bounds is refused later, and costs nothing.
    pub(super) fn items(self, asked: Option<i64>) -> usize {
        let count = asked.map_or(Some(self.default), |asked| u32::try_from(asked).ok());
        count.map_or(0, |count| usize::try_from(count.min(self.max)).unwrap_or(usize::MAX))
    }
}
