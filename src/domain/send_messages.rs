//! Send messages: each exactly once, all of them or none.

use std::sync::Arc;

use crate::{
    app::App,
    domain::{DomainError, MessageView, Party, Refusal, view::People},
    models::{DirectConversation, Message, User, conversation, direct_conversation, message},
    store::Connection,
    types::{ClientMessageId, Clock, DirectConversationId, IdMint, MessageText, UserId},
};

/// A message that has not been sent yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Who sends it.
    pub sender_id: UserId,
    /// Who it is for; the sender, in a note to self.
    pub recipient_id: UserId,
    /// What it says.
    pub text: MessageText,
    /// The sender's idempotency key.
    pub client_message_id: Option<ClientMessageId>,
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
/// Refuses unknown people, and an idempotency key that its sender has used for something else.
pub async fn send_messages(app: &App, drafts: Vec<Draft>) -> Result<Vec<Sent>, DomainError> {
    let App { clock, mint, store } = app.clone();
    store.write(move |connection| accept(connection, &mint, clock.as_ref(), drafts)).await
}

/// The same inside a transaction.
pub(super) fn accept(
    connection: &mut Connection,
    mint: &IdMint,
    clock: &dyn Clock,
    drafts: Vec<Draft>,
) -> Result<Vec<Sent>, DomainError> {
    let parties = drafts.iter().flat_map(|draft| [draft.sender_id, draft.recipient_id]);
    let people = People::load(connection, parties)?;
    let counter = Counter { people, mint, clock };
    let mut sent = Vec::with_capacity(drafts.len());
    for (item, draft) in drafts.into_iter().enumerate() {
        let next = counter.accept(connection, item, draft, &sent)?;
        sent.push(next);
    }
    Ok(sent)
}

/// Takes messages in, with what is needed for that.
struct Counter<'a> {
    people: People,
    mint: &'a IdMint,
    clock: &'a dyn Clock,
}

impl Counter<'_> {
    /// Accepts one draft after those that were `sent` in the same transaction.
    fn accept(
        &self,
        connection: &mut Connection,
        item: usize,
        draft: Draft,
        sent: &[Sent],
    ) -> Result<Sent, DomainError> {
        let sender = self.require(item, draft.sender_id, Party::Sender)?;
        let recipient = self.require(item, draft.recipient_id, Party::Recipient)?;
        let original = find_original(connection, item, &draft, sent)?;
        let deduplicated = original.is_some();
        let message = match original {
            Some(original) => original,
            None => self.store(connection, draft)?,
        };
        Ok(Sent { view: MessageView { message, sender, recipient }, deduplicated })
    }

    fn require(&self, item: usize, id: UserId, party: Party) -> Result<Arc<User>, DomainError> {
        let known = self.people.get(id).map(Arc::clone);
        known.ok_or_else(|| DomainError::refused(item, Refusal::UnknownUser { id, party }))
    }

    fn store(&self, connection: &mut Connection, draft: Draft) -> Result<Message, DomainError> {
        let conversation_id =
            self.find_or_create_conversation(connection, draft.sender_id, draft.recipient_id)?;
        let sent_at = self.clock.now();
        let message = Message {
            recipient_id: draft.recipient_id,
            id: self.mint.mint(sent_at),
            conversation_id,
            seq: conversation::take_seq(connection, conversation_id)?,
            sender_id: draft.sender_id,
            sent_at,
            client_message_id: draft.client_message_id,
            text: draft.text,
        };
        message::insert(connection, &message)?;
        Ok(message)
    }

    fn find_or_create_conversation(
        &self,
        connection: &mut Connection,
        one: UserId,
        other: UserId,
    ) -> Result<DirectConversationId, DomainError> {
        if let Some(id) = direct_conversation::find_between(connection, one, other)? {
            return Ok(id);
        }
        let id = self.mint.mint(self.clock.now());
        conversation::insert(connection, id)?;
        direct_conversation::insert(connection, DirectConversation::between(id, one, other))?;
        Ok(id)
    }
}

/// What was sent under the same key before; refused when it was something else.
fn find_original(
    connection: &mut Connection,
    item: usize,
    draft: &Draft,
    sent: &[Sent],
) -> Result<Option<Message>, DomainError> {
    let Some(key) = &draft.client_message_id else {
        return Ok(None);
    };
    let Some(original) = message::find_by_client_message_id(connection, draft.sender_id, key)? else {
        return Ok(None);
    };
    if original.recipient_id == draft.recipient_id && original.text == draft.text {
        return Ok(Some(original));
    }
    // What was sent just now goes with the transaction, and its id with it.
    let just_now = sent.iter().any(|sent| !sent.deduplicated && sent.view.message.id == original.id);
    let message_id = (!just_now).then_some(original.id);
    Err(DomainError::refused(item, Refusal::IdempotencyConflict { message_id }))
}
