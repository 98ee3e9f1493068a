//! The same as clients ask it.

use messenger::types::{ConversationId, DirectConversationId, UserId};

use crate::subjects::Subject;

const MESSAGE: &str = "id seq text sentAt sender { id displayName }";

pub(crate) fn inbox(subject: &Subject) -> String {
    let user: UserId = subject.one();
    format!(
        "{{ conversations(userId: \"{user}\", first: 20) {{ nodes {{
            unreadCount latestSeq lastMessage {{ {MESSAGE} }}
            ... on DirectConversation {{ id participants {{ displayName }} }}
            ... on Chatroom {{ id name memberCount }}
        }} }} }}"
    )
}

pub(crate) fn history(subject: &Subject) -> String {
    let conversation: DirectConversationId = subject.one();
    let id = ConversationId::Direct(conversation);
    format!(
        "{{ node(id: \"{id}\") {{ ... on DirectConversation {{ messages(first: 100) {{ nodes {{ {MESSAGE} }} }} }} }} }}"
    )
}

pub(crate) fn last_of_pair(subject: &Subject) -> String {
    let (recipient, sender): (UserId, UserId) = (subject.one(), subject.other());
    format!(
        "{{ recentMessages(recipientId: \"{recipient}\", senderId: \"{sender}\", window: {{last: 100}}, first: 100) {{
            nodes {{ {MESSAGE} }}
        }} }}"
    )
}

pub(crate) fn send(subject: &Subject) -> String {
    let (recipient, sender): (UserId, UserId) = (subject.one(), subject.other());
    format!(
        "mutation {{ sendMessage(input: {{ senderId: \"{sender}\", recipientId: \"{recipient}\", text: \"How are you?\" }}) {{
            message {{ {MESSAGE} }} errors {{ code message }}
        }} }}"
    )
}
