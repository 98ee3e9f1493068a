use async_graphql::{Context, Object, Result, SimpleObject};

use crate::{
    app::App,
    config,
    domain::MAX_EMOJI,
    graphql::limits::{MAX_BATCH, MESSAGES, OTHERS},
    presence::TYPING,
    types::{
        ChatroomName, ClientMessageId, DisplayName, MessageText, PresenceText, RecentWindow, SearchText,
        Username,
    },
};

pub(in crate::graphql) struct ServerInfo;

/// Whether only the documents run that the server was started with.
pub(in crate::graphql) struct Trusting(pub(in crate::graphql) bool);

/// What this server is and what it allows.
#[Object]
impl ServerInfo {
    /// What this server can do, as names that you can test for. `MESSAGES`: send and read messages. `CHATROOMS`: chatrooms
    /// and their members. `INBOX`: conversations with unread counts. `EDITS`: edit and delete messages, and reply to them.
    /// `REACTIONS`: react to messages. `SEARCH`: search messages. `EVENTS`: follow what happens live.
    /// `TYPING`: who is typing. `PRESENCE`: who is there.
    /// `PERSISTED_QUERIES`: send the hash of a document instead of the document.
    async fn features(&self) -> [&'static str; 10] {
        [
            "MESSAGES",
            "CHATROOMS",
            "INBOX",
            "EDITS",
            "REACTIONS",
            "SEARCH",
            "EVENTS",
            "TYPING",
            "PRESENCE",
            "PERSISTED_QUERIES",
        ]
    }

    /// The bounds of what may be asked and sent. Read them once at start instead of writing them into the client.
    #[expect(clippy::unused_async, reason = "the library awaits it")]
    async fn limits(&self, ctx: &Context<'_>) -> Result<Limits> {
        Ok(Limits::new(&ctx.data::<App>()?.limits))
    }

    /// Whether the server asks nobody who they are: everybody may act as anybody, and no token is looked at. For development.
    async fn open_mode(&self, ctx: &Context<'_>) -> bool {
        ctx.data::<App>().is_ok_and(|app| app.auth.is_open())
    }

    /// Whether only the documents run that the server was started with. All others are refused with `DOCUMENT_NOT_TRUSTED`.
    async fn trusted_documents_only(&self, ctx: &Context<'_>) -> bool {
        ctx.data_opt::<Trusting>().is_some_and(|trusting| trusting.0)
    }

    /// The server's version, such as `0.1.0`.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// The bounds of what may be asked and sent. Characters are Unicode scalar values: `[...text].length` in JavaScript.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Limits {
    /// The most WebSockets and event streams from one address.
    address_sockets: usize,
    /// The most bytes in the answer to one request, and in what a subscription tells of one event.
    answer_bytes: usize,
    /// The most messages in one `sendMessages`, and the most people in one `createChatroom` or `inviteToChatroom`.
    batch_size: u32,
    /// The most bytes in the body of an HTTP request.
    body_bytes: usize,
    /// The most members of one chatroom.
    chatroom_members: usize,
    /// The most characters in a chatroom's name.
    chatroom_name_length: usize,
    /// The most characters in a `clientMessageId`.
    client_message_id_length: usize,
    /// The most characters in a display name.
    display_name_length: usize,
    /// The most aliases in a document.
    document_aliases: usize,
    /// The most bytes in a GraphQL document.
    document_bytes: usize,
    /// The most values a document may ask for: each field counts 1, and what is in a list counts once for each item that
    /// the page may have. `__typename` beside other fields is free; a presence counts 10, a search 10,000.
    document_complexity: usize,
    /// How deep selections may be nested.
    document_depth: usize,
    /// The most fields and fragments in a document after its fragments are written out.
    document_fields: usize,
    /// How deep selections and the fragments in them may be nested.
    document_recursion: usize,
    /// The most tokens in a document.
    document_tokens: usize,
    /// How many seconds a query or a mutation may take.
    execution_seconds: usize,
    /// The most directives on one field.
    field_directives: usize,
    /// The most messages in one page.
    message_page_size: u32,
    /// The most characters in a message's text.
    message_text_length: usize,
    /// The most items in one page of any other list.
    page_size: u32,
    /// The most characters in the text of a presence.
    presence_text_length: usize,
    /// The most different reactions to one message.
    reactions: u32,
    /// The most days in `window: {days: N}`.
    recent_days: u32,
    /// The most messages in `window: {last: N}`.
    recent_last: u32,
    /// The most requests in one HTTP request, as a JSON array; 0 when arrays are refused.
    request_batch: usize,
    /// The most characters in a text to search for.
    search_text_length: usize,
    /// The most different words in a text to search for, without those that begin another one.
    search_words: usize,
    /// The most bytes in a message that you send over a WebSocket.
    socket_message_bytes: usize,
    /// The most operations that run at once on one WebSocket.
    socket_operations: usize,
    /// The most bytes in a document whose subscription runs. Send it in a document of its own, without other operations.
    subscription_bytes: usize,
    /// The most values that a subscription may ask for of each event, counted as in `documentComplexity`.
    subscription_complexity: usize,
    /// For how many seconds `setTyping` holds.
    typing_seconds: u64,
    /// The most chatrooms that one user may be in.
    user_chatrooms: usize,
    /// The most WebSockets and event streams that one user may have open.
    user_sockets: usize,
    /// The most subscriptions that one user may have at once, on all of their connections.
    user_subscriptions: usize,
    /// The most characters in a username.
    username_length: usize,
}

impl Limits {
    fn new(limits: &config::Limits) -> Self {
        Self {
            address_sockets: limits.address_sockets,
            answer_bytes: limits.answer_bytes,
            batch_size: MAX_BATCH,
            body_bytes: limits.body_bytes,
            chatroom_members: limits.chatroom_members,
            chatroom_name_length: ChatroomName::MAX_CHARACTERS,
            client_message_id_length: ClientMessageId::MAX_CHARACTERS,
            display_name_length: DisplayName::MAX_CHARACTERS,
            document_aliases: limits.document_aliases,
            document_bytes: limits.document_bytes,
            document_complexity: limits.document_complexity,
            document_depth: limits.document_depth,
            document_fields: limits.document_fields,
            document_recursion: limits.document_recursion,
            document_tokens: limits.document_tokens,
            execution_seconds: limits.execution_seconds,
            field_directives: limits.field_directives,
            message_page_size: MESSAGES.max,
            message_text_length: MessageText::MAX_CHARACTERS,
            page_size: OTHERS.max,
            presence_text_length: PresenceText::MAX_CHARACTERS,
            reactions: MAX_EMOJI,
            recent_days: RecentWindow::MAX_DAYS,
            recent_last: RecentWindow::MAX_LAST,
            request_batch: limits.request_batch,
            search_text_length: SearchText::MAX_CHARACTERS,
            search_words: SearchText::MAX_WORDS,
            socket_message_bytes: limits.socket_message_bytes,
            socket_operations: limits.socket_operations,
            subscription_bytes: limits.subscription_bytes,
            subscription_complexity: limits.subscription_complexity,
            typing_seconds: TYPING.as_secs(),
            user_chatrooms: limits.user_chatrooms,
            user_sockets: limits.user_sockets,
            user_subscriptions: limits.user_subscriptions,
            username_length: Username::MAX_CHARACTERS,
        }
    }
}
