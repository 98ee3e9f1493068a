//! Send messages: each exactly once, all of them or none.

use std::sync::Arc;

use crate::{
    app::App,
    domain::{
        ConversationScope, DomainError, IdRole, MessageView, Refusal, participants::Participants,
        view::missing,
    },
    models::{
        Conversation, Message, NewEvent, UserReader,
        conversation::{self, AssignedSeq},
        event, membership, message, read_position,
    },
    store::Connection,
    types::{
        ClientMessageId, Clock, EventKind, IdMint, MessageId, MessageText, RecipientId, TextDigest, Typist,
        UserId,
    },
};

/// A message that has not been sent yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Who sends it.
    pub sender_id: UserId,
    /// Who it is for: a user, the sender themselves in a note to self, or a chatroom.
    pub recipient_id: RecipientId,
    /// What it says.
    pub text: MessageText,
    /// The sender's idempotency key.
    pub client_message_id: Option<ClientMessageId>,
    /// The message of the same conversation that it answers.
    pub reply_to_id: Option<MessageId>,
}

/// A message that is on disk.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The message, or the original when this was a repetition.
    pub view: MessageView,
    /// Whether it had been sent before.
    pub deduplicated: bool,
}

/// Sends messages in the order given, all of them or none, and answers when they are on disk.
///
/// Refuses unknown people and chatrooms, chatrooms in which the sender is not, an answer to a message of another
/// conversation, and an idempotency key that its sender has used for something else.
pub async fn send_messages(app: &App, drafts: Vec<Draft>) -> Result<Vec<Sent>, DomainError> {
    let (users, mint, clock) = (app.users.reader_in_write(), Arc::clone(&app.mint), Arc::clone(&app.clock));
    let messages = app.messages.reader();
    let _turn = app.store.turn_for_texts(drafts.iter().map(|draft| draft.text.as_str().len()).sum()).await;
    let (reader, is_one) = (users.clone(), drafts.len() == 1);
    let sending = app.lists.sending(drafts.iter().map(|draft| draft.recipient_id.key()));
    // Handed out of the transaction, it is kept until that is committed or taken back.
    let work = move |connection: &mut Connection| {
        accept(connection, &reader, &mint, clock.as_ref(), drafts).map(|sent| (sent, sending))
    };
    // A message is refused before anything is stored; of several, some are stored by then.
    let sent = if is_one { app.store.write_or_refuse(work).await } else { app.store.write(work).await };
    let (sent, _) = sent?;
    users.remember(sent.iter().flat_map(|sent| sent.view.participants()));
    messages.remember(&sent.iter().map(|sent| Arc::clone(&sent.view.message)).collect::<Vec<_>>());
    stop_typing(app, &sent).await;
    Ok(sent)
}

/// Who has sent a message does not type it any more.
async fn stop_typing(app: &App, sent: &[Sent]) {
    for Message { sender_id, conversation_id, .. } in sent.iter().map(|sent| &*sent.view.message) {
        let typist = Typist { user_id: *sender_id, conversation: *conversation_id };
        app.presence.set_typing(typist, false).await;
    }
}

/// The same inside a transaction.
pub(super) fn accept(
    connection: &mut Connection,
    users: &UserReader,
    mint: &IdMint,
    clock: &dyn Clock,
    drafts: Vec<Draft>,
) -> Result<Vec<Sent>, DomainError> {
    let participants = Arc::new(load_participants(connection, users, &drafts)?);
    let writer = MessageWriter { participants, mint, clock };
    let mut sent = Vec::with_capacity(drafts.len());
    for (item, draft) in drafts.into_iter().enumerate() {
        let next = writer.accept(connection, draft, &sent);
        sent.push(next.map_err(|error| error.of_item(item))?);
    }
    Ok(sent)
}

fn load_participants(
    connection: &mut Connection,
    reader: &UserReader,
    drafts: &[Draft],
) -> Result<Participants, DomainError> {
    let mut users: Vec<UserId> = drafts.iter().map(|draft| draft.sender_id).collect();
    let mut chatrooms = Vec::new();
    for draft in drafts {
        match draft.recipient_id {
            RecipientId::User(id) => users.push(id),
            RecipientId::Chatroom(id) => chatrooms.push(id),
        }
    }
    Ok(Participants::load(connection, reader, users, chatrooms)?)
}

/// Writes messages.
struct MessageWriter<'a> {
    participants: Arc<Participants>,
    mint: &'a IdMint,
    clock: &'a dyn Clock,
}

impl MessageWriter<'_> {
    /// Accepts one draft after those that were `sent` in the same transaction.
    fn accept(&self, connection: &mut Connection, draft: Draft, sent: &[Sent]) -> Result<Sent, DomainError> {
        if !self.participants.has(draft.sender_id.into()) {
            return Err(Refusal::unknown(draft.sender_id, IdRole::Sender).into());
        }
        if !self.participants.has(draft.recipient_id) {
            return Err(unknown_recipient(&draft).into());
        }
        require_membership(connection, &draft)?;
        let original = find_original(connection, &draft, sent)?;
        let deduplicated = original.is_some();
        let message = match original {
            Some(original) => original,
            None => self.store(connection, draft)?,
        };
        let view = MessageView::new(message, &self.participants).ok_or_else(missing)?;
        Ok(Sent { view, deduplicated })
    }

    /// Stores a message, unless what it answers is elsewhere: after that, nothing speaks against it.
    fn store(&self, connection: &mut Connection, draft: Draft) -> Result<Message, DomainError> {
        require_replied(connection, &draft)?;
        let sent_at = self.clock.now();
        let id = self.mint.mint(sent_at);
        let assigned = self.count(connection, &draft, id)?;
        let message = Message {
            recipient_id: draft.recipient_id.key(),
            id,
            conversation_id: assigned.key,
            seq: assigned.seq,
            sender_id: draft.sender_id,
            sent_at,
            client_message_id: draft.client_message_id,
            text: draft.text,
            edited_at: None,
            deleted_at: None,
            reply_to_id: draft.reply_to_id,
            sent_digest: None,
        };
        message::insert(connection, &message)?;
        read_position::count_own(connection, assigned.key, message.sender_id)?;
        let sent = NewEvent::about(&message, EventKind::MessageSent, message.sender_id, sent_at);
        event::append(connection, &sent)?;
        Ok(message)
    }

    /// Assigns the message its seq in the conversation, which is created where there is none yet.
    fn count(
        &self,
        connection: &mut Connection,
        draft: &Draft,
        id: MessageId,
    ) -> Result<AssignedSeq, DomainError> {
        let (sender_id, other) = match draft.recipient_id {
            RecipientId::User(recipient_id) => (draft.sender_id, recipient_id),
            RecipientId::Chatroom(chatroom_id) => {
                return Ok(conversation::count_in_chatroom(connection, chatroom_id.cast(), id.cast())?);
            }
        };
        if let Some(assigned) = conversation::count_between(connection, sender_id, other, id.cast())? {
            return Ok(assigned);
        }
        let key = self.mint.mint(self.clock.now());
        conversation::insert(connection, Conversation::between(key, sender_id, other, id.cast()))?;
        Ok(AssignedSeq { key, seq: 1 })
    }
}

/// Only members send to a chatroom; what others hear is that there is none, also when they repeat what they sent as members.
fn require_membership(connection: &mut Connection, draft: &Draft) -> Result<(), DomainError> {
    match draft.recipient_id {
        RecipientId::Chatroom(id) if !membership::is_member(connection, id, draft.sender_id)? => {
            Err(unknown_recipient(draft).into())
        }
        _ => Ok(()),
    }
}

fn unknown_recipient(draft: &Draft) -> Refusal {
    Refusal::unknown(draft.recipient_id, IdRole::Recipient)
}

fn require_replied(connection: &mut Connection, draft: &Draft) -> Result<(), DomainError> {
    let Some(id) = draft.reply_to_id else {
        return Ok(());
    };
    let replied = message::find(connection, id)?;
    let here = scope(draft.sender_id, draft.recipient_id);
    if replied.is_some_and(|replied| scope(replied.sender_id, replied.recipient()) == here) {
        return Ok(());
    }
    Err(Refusal::unknown(id, IdRole::ReplyTo).into())
}

/// Which conversation a message belongs to, also where there is none yet.
fn scope(sender_id: UserId, recipient_id: RecipientId) -> ConversationScope {
    match recipient_id {
        RecipientId::User(id) => ConversationScope::Between([sender_id.min(id), sender_id.max(id)]),
        RecipientId::Chatroom(id) => ConversationScope::In(id),
    }
}

/// What was sent under the same key before; refused when it was something else.
fn find_original(
    connection: &mut Connection,
    draft: &Draft,
    sent: &[Sent],
) -> Result<Option<Message>, DomainError> {
    let Some(key) = &draft.client_message_id else {
        return Ok(None);
    };
    let Some(original) = message::find_by_client_message_id(connection, draft.sender_id, key)? else {
        return Ok(None);
    };
    if repeats(draft, &original) {
        return Ok(Some(original));
    }
    // What was sent just now goes with the transaction, and its id with it.
    let just_now = sent.iter().any(|sent| !sent.deduplicated && sent.view.message.id == original.id);
    let message_id = (!just_now).then_some(original.id);
    Err(Refusal::IdempotencyConflict { message_id }.into())
}

/// Whether a draft says what the message said when it was sent; it may have been edited or deleted since.
fn repeats(draft: &Draft, original: &Message) -> bool {
    let same_text = match original.sent_digest {
        Some(digest) => digest == TextDigest::of(&draft.text),
        None => original.text == draft.text,
    };
    same_text && original.recipient() == draft.recipient_id && original.reply_to_id == draft.reply_to_id
}
