use async_graphql::{Object, SimpleObject};

use crate::{
    domain::MAX_EMOJI,
    graphql::limits,
    presence::TYPING,
    types::{
        ChatroomName, ClientMessageId, DisplayName, MessageText, PresenceText, RecentWindow, SearchText,
        Username,
    },
};

pub(in crate::graphql) struct ServerInfo;

/// What this server is and what it allows.
#[Object]
impl ServerInfo {
    /// What this server can do, as names that you can test for. `MESSAGES`: send and read messages. `CHATROOMS`: chatrooms
    /// and their members. `INBOX`: conversations with unread counts. `EDITS`: edit and delete messages, and reply to them.
    /// `REACTIONS`: react to messages. `SEARCH`: search messages. `EVENTS`: follow what happens live.
    /// `TYPING`: who is typing. `PRESENCE`: who is there.
    async fn features(&self) -> [&'static str; 9] {
        ["MESSAGES", "CHATROOMS", "INBOX", "EDITS", "REACTIONS", "SEARCH", "EVENTS", "TYPING", "PRESENCE"]
    }

    /// The bounds of what may be asked and sent. Read them once at start instead of writing them into the client.
    async fn limits(&self) -> Limits {
        Limits::new()
    }

    /// The server's version, such as `0.1.0`.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// The bounds of what may be asked and sent. Characters are Unicode scalar values: `[...text].length` in JavaScript.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Limits {
    /// The most messages in one `sendMessages`, and the most people in one `createChatroom` or `inviteToChatroom`.
    batch_size: u32,
    /// The most bytes in the body of an HTTP request.
    body_bytes: usize,
    /// The most characters in a chatroom's name.
    chatroom_name_length: usize,
    /// The most characters in a `clientMessageId`.
    client_message_id_length: usize,
    /// The most characters in a display name.
    display_name_length: usize,
    /// The most bytes in a GraphQL document.
    document_bytes: usize,
    /// The most values a document may ask for: each field counts 1, and what is in a list counts once for each item that
    /// the page may have.
    document_complexity: usize,
    /// How deep selections may be nested.
    document_depth: usize,
    /// The most fields and fragments in a document after its fragments are written out.
    document_fields: usize,
    /// The most tokens in a document.
    document_tokens: usize,
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
    /// The most characters in a text to search for.
    search_text_length: usize,
    /// The most bytes in a message that you send over a WebSocket.
    socket_message_bytes: usize,
    /// The most operations that run at once on one WebSocket.
    socket_operations: usize,
    /// For how many seconds `setTyping` holds.
    typing_seconds: u64,
    /// The most characters in a username.
    username_length: usize,
}

impl Limits {
    fn new() -> Self {
        Self {
            batch_size: limits::MAX_BATCH,
            body_bytes: limits::MAX_BODY_BYTES,
            chatroom_name_length: ChatroomName::MAX_CHARACTERS,
            client_message_id_length: ClientMessageId::MAX_CHARACTERS,
            display_name_length: DisplayName::MAX_CHARACTERS,
            document_bytes: limits::MAX_DOCUMENT_BYTES,
            document_complexity: limits::MAX_COMPLEXITY,
            document_depth: limits::MAX_DEPTH,
            document_fields: limits::MAX_FIELDS,
            document_tokens: limits::MAX_DOCUMENT_TOKENS,
            message_page_size: limits::MESSAGES.max,
            message_text_length: MessageText::MAX_CHARACTERS,
            page_size: limits::OTHERS.max,
            presence_text_length: PresenceText::MAX_CHARACTERS,
            reactions: MAX_EMOJI,
            recent_days: RecentWindow::MAX_DAYS,
            recent_last: RecentWindow::MAX_LAST,
            search_text_length: SearchText::MAX_CHARACTERS,
            socket_message_bytes: limits::MAX_SOCKET_MESSAGE_BYTES,
            socket_operations: limits::MAX_SOCKET_OPERATIONS,
            typing_seconds: TYPING.as_secs(),
            username_length: Username::MAX_CHARACTERS,
        }
    }
}
