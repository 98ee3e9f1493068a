use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    app::App,
    domain::{Draft, send_messages},
    graphql::{
        input::{InputPath, Reader},
        types::{Message, UserError},
    },
    types::ClientMessageId,
};

/// A message to send.
#[derive(InputObject)]
pub(in crate::graphql) struct SendMessageInput {
    /// An idempotency key of 1–64 characters, such as a UUID that the client makes when the user presses "send". Unique per
    /// sender for ever: repeat the same input as often as you like, and the message is there once. (Who has left a chatroom
    /// meanwhile gets `NOT_FOUND`, whether or not it was sent.)
    client_message_id: Option<String>,
    /// The id of the user it is for (the sender's own, for a note to self), or of a chatroom that the sender is in.
    recipient_id: ID,
    /// The id of the message that it answers; one of the same conversation.
    reply_to_id: Option<ID>,
    /// The id of the user who sends it: the acting user. Not needed where the token or the header `Messenger-User` names them.
    sender_id: Option<ID>,
    /// 1–5,000 characters (Unicode scalar values), at least one of them visible. Stored and returned exactly.
    text: String,
}

/// What `sendMessage` answers.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SendMessagePayload {
    /// Whether the message had been sent before under the same `clientMessageId`; then `message` is the original.
    deduplicated: bool,
    /// Why the message was not sent; empty on success.
    errors: Vec<UserError>,
    /// The message as it is stored; `null` on failure.
    message: Option<Message>,
}

#[derive(Default)]
pub(in crate::graphql) struct SendMessageMutation;

#[Object]
impl SendMessageMutation {
    /// Sends a message to a user or to a chatroom, and answers when it is on disk. Marks nothing as read.
    ///
    /// With a `clientMessageId` it can be repeated safely after a time-out or a lost connection: the same key with the same
    /// recipient, text and `replyToId` gives the original message, as it is by now, and `deduplicated: true`; with other
    /// content it is an `IdempotencyConflict`.
    ///
    /// Errors in the payload: `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `TEXT_BLANK`, `TEXT_TOO_LONG`,
    /// `TEXT_NOT_STORABLE`, `CLIENT_MESSAGE_ID_INVALID`, `IDEMPOTENCY_CONFLICT`, `ACTING_USER_REQUIRED`, `FORBIDDEN`. A chatroom that the
    /// sender is not in is `NOT_FOUND`.
    ///
    #[doc = example!("examples/send_message.graphql")]
    async fn send_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message to send.")] input: SendMessageInput,
    ) -> Result<SendMessagePayload> {
        let mut reader = Reader::new(ctx)?;
        let draft = input.read(&mut reader, &InputPath::input());
        let app = ctx.data::<App>()?;
        let act = async |draft| send_messages(app, vec![draft]).await;
        let (sent, errors) = match reader.perform(draft, |_| InputPath::input(), act).await? {
            Ok(sent) => (sent.into_iter().next(), Vec::new()),
            Err(errors) => (None, errors),
        };
        Ok(SendMessagePayload {
            deduplicated: sent.as_ref().is_some_and(|sent| sent.deduplicated),
            errors,
            message: sent.map(|sent| Message::to_sender(sent.view)),
        })
    }
}

impl SendMessageInput {
    /// Reads a message that stands at this place in the input.
    pub(super) fn read(self, reader: &mut Reader, at: &InputPath) -> Option<Draft> {
        reader.counts_a_send();
        let sender_id = reader.acting_user(at.field("senderId"), self.sender_id.as_ref());
        let recipient_id = reader.id(at.field("recipientId"), &self.recipient_id);
        let text = reader.text(at.field("text"), self.text);
        let key = self.client_message_id.map(ClientMessageId::parse);
        let key = reader.optional(at.field("clientMessageId"), key);
        let reply_to_id = reader.optional_id(at.field("replyToId"), self.reply_to_id.as_ref());
        Some(Draft {
            sender_id: sender_id?,
            recipient_id: recipient_id?,
            text: text?,
            client_message_id: key?,
            reply_to_id: reply_to_id?,
        })
    }
}
