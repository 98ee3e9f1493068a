//! The table: who may ask for which root field, and what comes of it.

use super::{
    fixtures::{HUSH, PSST},
    outcome::{
        Outcome::{self, Absent, Refused, Without, Works},
        Row,
    },
};

const UNNAMED: Outcome = Refused("ACTING_USER_REQUIRED");
const FORBIDDEN: Outcome = Refused("FORBIDDEN");
const NOT_OWNER: Outcome = Refused("NOT_OWNER");
const NOT_SENDER: Outcome = Refused("NOT_SENDER");

/// Profiles, and what one does by oneself.
const ALL: [Outcome; 4] = [Works, Works, Works, Works];
/// The chatroom, to those who are in it.
const MEMBERS: [Outcome; 4] = [Absent, Works, Works, Works];
/// The same, in a list of one's own.
const MEMBERS_IN_LISTS: [Outcome; 4] = [Without, Works, Works, Works];
/// What only the owner may do.
const OWNER: [Outcome; 4] = [Absent, NOT_OWNER, Works, NOT_OWNER];
/// What only its sender may do with a message.
const SENDER: [Outcome; 4] = [Absent, NOT_SENDER, NOT_SENDER, Works];
/// What is between Aaron and Carol.
const PAIR: [Outcome; 4] = [Absent, Absent, Works, Works];
const PAIR_IN_LISTS: [Outcome; 4] = [Without, Without, Works, Works];
/// What is there for nobody.
const NO_ONE: [Outcome; 4] = [Absent, Absent, Absent, Absent];

/// A row as it is written.
type Written = (&'static str, &'static str, &'static str, [Outcome; 4], Outcome);

/// Reads the rows of a root type.
fn rows(root: &str, written: &[Written]) -> Vec<Row> {
    let row = |(field, document, secret, users, service): &Written| {
        assert!(field.starts_with(root), "{field}");
        Row { field, document, secret, users: *users, service: *service }
    };
    written.iter().map(row).collect()
}

/// Every root field.
pub fn table() -> Vec<Row> {
    let mut table = queries();
    table.extend(mutations_of_chatrooms());
    table.extend(mutations_of_messages());
    table.extend(mutations_of_users());
    table.extend(subscriptions());
    table
}

#[rustfmt::skip]
fn queries() -> Vec<Row> {
    rows("Query.", &[
        ("Query.chatroom", "{ chatroom(id: \"ROOM\") { name memberCount latestSeq members { nodes { username } } messages { nodes { text } } } }", HUSH, MEMBERS, UNNAMED),
        ("Query.chatrooms", "{ chatrooms { nodes { name lastMessage { text } } } }", HUSH, MEMBERS_IN_LISTS, UNNAMED),
        ("Query.conversation", "{ conversation(id: \"ROOM\") { id lastMessage { text } } }", HUSH, MEMBERS, UNNAMED),
        ("Query.conversation", "{ conversation(id: \"DIRECT\") { id messages { nodes { text } } } }", PSST, PAIR, UNNAMED),
        ("Query.conversation", "{ conversation(withUserId: \"CAROL\") { id messages { nodes { text } } } }", PSST, [Absent, Absent, Works, Absent], UNNAMED),
        ("Query.conversations", "{ conversations { nodes { id lastMessage { text } } } }", HUSH, MEMBERS_IN_LISTS, UNNAMED),
        ("Query.conversations", "{ conversations { nodes { id messages { nodes { text } } } } }", PSST, PAIR_IN_LISTS, UNNAMED),
        ("Query.node", "{ node(id: \"ROOM\") { id ... on Chatroom { name } } }", HUSH, MEMBERS, UNNAMED),
        ("Query.node", "{ node(id: \"MESSAGE\") { id ... on Message { text recipient { __typename ... on Chatroom { name } } } } }", HUSH, MEMBERS, UNNAMED),
        ("Query.node", "{ node(id: \"DIRECT\") { id ... on Conversation { lastMessage { text } } } }", PSST, PAIR, UNNAMED),
        ("Query.node", "{ node(id: \"CAROL\") { ... on User { username displayName createdAt } } }", "carol", ALL, Works),
        ("Query.node", "{ node(id: \"CAROL\") { ... on User { externalId } } }", "carol@host", [Without, Without, Without, Works], Works),
        ("Query.users", "{ users { nodes { externalId } } }", "carol@host", [Without, Without, Without, Works], Works),
        ("Query.recentMessages", "{ recentMessages(recipientId: \"ROOM\") { nodes { text } } }", HUSH, MEMBERS, UNNAMED),
        ("Query.recentMessages", "{ recentMessages(recipientId: \"CAROL\") { nodes { text } } }", PSST, [FORBIDDEN, FORBIDDEN, FORBIDDEN, Works], UNNAMED),
        ("Query.recentMessages", "{ recentMessages(recipientId: \"CAROL\", senderId: \"AARON\") { nodes { text } } }", PSST, [FORBIDDEN, FORBIDDEN, Works, Works], UNNAMED),
        ("Query.recentMessages", "{ recentMessages(recipientId: \"AARON\", senderId: \"CAROL\") { nodes { text } } }", "", [FORBIDDEN, FORBIDDEN, Without, Without], UNNAMED),
        ("Query.searchMessages", "{ searchMessages(text: \"hush\") { nodes { text } } }", HUSH, MEMBERS_IN_LISTS, UNNAMED),
        ("Query.searchMessages", "{ searchMessages(text: \"psst\") { nodes { text } } }", PSST, PAIR_IN_LISTS, UNNAMED),
        ("Query.searchMessages", "{ searchMessages(text: \"hush\", conversationId: \"ROOM\") { nodes { text } } }", HUSH, MEMBERS, UNNAMED),
        ("Query.searchMessages", "{ searchMessages(text: \"psst\", conversationId: \"DIRECT\") { nodes { text } } }", PSST, PAIR, UNNAMED),
        ("Query.searchMessages", "{ searchMessages(text: \"hush\", senderId: \"CAROL\") { nodes { text } } }", HUSH, MEMBERS_IN_LISTS, UNNAMED),
        ("Query.serverInfo", "{ serverInfo { version openMode features } }", "", ALL, Works),
        ("Query.user", "{ user(id: \"CAROL\") { username displayName } }", "carol", ALL, Works),
        ("Query.users", "{ users { nodes { username displayName } } }", "carol", ALL, Works),
        ("Query.viewer", "{ viewer { username } }", "username", ALL, Absent),
    ])
}

#[rustfmt::skip]
fn mutations_of_chatrooms() -> Vec<Row> {
    rows("Mutation.", &[
        ("Mutation.createChatroom", "mutation { createChatroom(input: {name: \"lunch\", memberIds: [\"CAROL\"]}) { chatroom { name } errors { code } } }", "lunch", ALL, UNNAMED),
        ("Mutation.inviteToChatroom", "mutation { inviteToChatroom(input: {chatroomId: \"ROOM\", memberIds: [\"CAROL\"]}) { chatroom { name } errors { __typename code message path } } }", HUSH, MEMBERS, UNNAMED),
        ("Mutation.leaveChatroom", "mutation { leaveChatroom(input: {chatroomId: \"ROOM\"}) { chatroomId errors { __typename code message path } } }", "", MEMBERS, UNNAMED),
        ("Mutation.removeFromChatroom", "mutation { removeFromChatroom(input: {chatroomId: \"ROOM\", memberId: \"CAROL\"}) { chatroom { name } errors { __typename code message path } } }", HUSH, OWNER, UNNAMED),
        ("Mutation.renameChatroom", "mutation { renameChatroom(input: {chatroomId: \"ROOM\", name: \"Hush hush\"}) { chatroom { name lastMessage { text } } errors { __typename code message path } } }", HUSH, OWNER, UNNAMED),
        ("Mutation.markRead", "mutation { markRead(input: {conversationId: \"ROOM\", readUpTo: 1}) { conversation { id lastMessage { text } } errors { __typename code message path } } }", HUSH, MEMBERS, UNNAMED),
        ("Mutation.markRead", "mutation { markRead(input: {conversationId: \"DIRECT\", readUpTo: 1}) { conversation { id messages { nodes { text } } } errors { __typename code message path } } }", PSST, PAIR, UNNAMED),
        ("Mutation.markRead", "mutation { markRead(input: {conversationId: \"ROOM\", readUpTo: 1000}) { conversation { id } errors { __typename code message path } } }", "", [Absent, Refused("SEQ_OUT_OF_RANGE"), Refused("SEQ_OUT_OF_RANGE"), Refused("SEQ_OUT_OF_RANGE")], UNNAMED),
        ("Mutation.setTyping", "mutation { setTyping(input: {conversationId: \"ROOM\", isTyping: true}) { conversation { id lastMessage { text } } errors { __typename code message path } } }", HUSH, MEMBERS, UNNAMED),
        ("Mutation.setTyping", "mutation { setTyping(input: {conversationId: \"DIRECT\", isTyping: true}) { conversation { id messages { nodes { text } } } errors { __typename code message path } } }", PSST, PAIR, UNNAMED),
    ])
}

#[rustfmt::skip]
fn mutations_of_messages() -> Vec<Row> {
    rows("Mutation.", &[
        ("Mutation.addReaction", "mutation { addReaction(input: {messageId: \"MESSAGE\", emoji: \"🍕\"}) { message { text } errors { __typename code message path } } }", HUSH, MEMBERS, UNNAMED),
        ("Mutation.removeReaction", "mutation { removeReaction(input: {messageId: \"MESSAGE\", emoji: \"🍕\"}) { message { text } errors { __typename code message path } } }", HUSH, MEMBERS, UNNAMED),
        ("Mutation.editMessage", "mutation { editMessage(input: {messageId: \"MESSAGE\", text: \"Hush then\"}) { message { text } errors { __typename code message path } } }", HUSH, SENDER, UNNAMED),
        ("Mutation.deleteMessage", "mutation { deleteMessage(input: {messageId: \"MESSAGE\"}) { message { deletedAt recipient { ... on Chatroom { name } } } errors { __typename code message path } } }", HUSH, SENDER, UNNAMED),
        ("Mutation.sendMessage", "mutation { sendMessage(input: {recipientId: \"ROOM\", text: \"Hello\"}) { message { text conversation { ... on Chatroom { name } } } errors { __typename code message path } } }", HUSH, MEMBERS, UNNAMED),
        ("Mutation.sendMessage", "mutation { sendMessage(input: {recipientId: \"CAROL\", text: \"Hello\"}) { message { text } errors { code } } }", "Hello", ALL, UNNAMED),
        ("Mutation.sendMessage", "mutation { sendMessage(input: {senderId: \"CAROL\", recipientId: \"AARON\", text: \"Hello\"}) { message { text } errors { __typename code message path } } }", "Hello", [FORBIDDEN, FORBIDDEN, FORBIDDEN, Works], Works),
        ("Mutation.sendMessage", "mutation { sendMessage(input: {recipientId: \"AARON\", text: \"Hello\", replyToId: \"MESSAGE\"}) { message { replyTo { text } } errors { __typename code message path } } }", HUSH, NO_ONE, UNNAMED),
        ("Mutation.sendMessages", "mutation { sendMessages(input: {messages: [{recipientId: \"ROOM\", text: \"Hello\"}]}) { results { message { text conversation { ... on Chatroom { name } } } } errors { __typename code message path } } }", HUSH, MEMBERS, UNNAMED),
        ("Mutation.sendMessages", "mutation { sendMessages(input: {messages: [{recipientId: \"ROOM\", text: \"Yes\", replyToId: \"MESSAGE\"}]}) { results { message { replyTo { text } } } errors { __typename code message path } } }", HUSH, MEMBERS, UNNAMED),
    ])
}

#[rustfmt::skip]
fn mutations_of_users() -> Vec<Row> {
    rows("Mutation.", &[
        ("Mutation.createUser", "mutation { createUser(input: {username: \"NEW\"}) { user { username } errors { code } } }", "", [FORBIDDEN; 4], Works),
        ("Mutation.setPresence", "mutation { setPresence(input: {status: BUSY}) { user { presence { status } } errors { code } } }", "status", ALL, UNNAMED),
        ("Mutation.updateUser", "mutation { updateUser(input: {displayName: \"Me\"}) { user { displayName } errors { code } } }", "Me", ALL, UNNAMED),
        ("Mutation.updateUser", "mutation { updateUser(input: {invitationsFrom: EVERYBODY}) { user { invitationsFrom } errors { code } } }", "EVERYBODY", ALL, UNNAMED),
        ("Mutation.updateUser", "mutation { updateUser(input: {userId: \"CAROL\", displayName: \"Carol\"}) { user { displayName } errors { __typename code message path } } }", "Carol", [FORBIDDEN, FORBIDDEN, FORBIDDEN, Works], Works),
    ])
}

#[rustfmt::skip]
fn subscriptions() -> Vec<Row> {
    rows("Subscription.", &[
        ("Subscription.events", "subscription { events(after: \"BEFORE\") { event { __typename ... on MessageSent { message { text } } ... on MemberJoined { chatroom { name } } } } }", HUSH, MEMBERS_IN_LISTS, UNNAMED),
        ("Subscription.events", "subscription { events(after: \"BEFORE\") { event { __typename ... on MessageSent { message { text } } } } }", PSST, PAIR_IN_LISTS, UNNAMED),
        ("Subscription.events", "subscription { events(after: \"BEFORE\", conversationId: \"ROOM\") { event { __typename ... on ReactionAdded { message { text } } } } }", HUSH, MEMBERS, UNNAMED),
        ("Subscription.events", "subscription { events(after: \"BEFORE\", conversationId: \"DIRECT\") { event { __typename ... on MessageSent { message { text } } } } }", PSST, PAIR, UNNAMED),
        ("Subscription.events", "subscription { events(userId: \"CAROL\", after: \"BEFORE\") { event { __typename ... on MessageSent { message { text } } } } }", HUSH, [FORBIDDEN, FORBIDDEN, FORBIDDEN, Works], Works),
    ])
}
