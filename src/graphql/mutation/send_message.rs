use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    app::App,
    domain::{Draft, send_messages},
    graphql::{
        input::{InputPath, Reader, refused},
        types::{Message, UserError},
    },
    types::{ClientMessageId, MessageText},
};

/// A message to send.
#[derive(InputObject)]
pub(in crate::graphql) struct SendMessageInput {
    /// An idempotency key of 1–64 characters, such as a UUID that the client makes when the user presses "send". Unique per
    /// sender for ever: repeat the same key, recipient and text as often as you like, and the message is there once.
    client_message_id: Option<String>,
    /// The id of the user it is for; the sender's own, for a note to self.
    recipient_id: ID,
    /// The id of the user who sends it.
    sender_id: ID,
    /// 1–5,000 characters (Unicode scalar values), at least one of them not white space. Stored and returned exactly.
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
    /// Sends a message to a user, and answers when it is on disk.
    ///
    /// With a `clientMessageId` it can be repeated safely after a time-out or a lost connection: the same key with the same
    /// recipient and text gives the original message and `deduplicated: true`; with other content it is an
    /// `IdempotencyConflict`.
    ///
    /// Errors in the payload: `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `TEXT_BLANK`, `TEXT_TOO_LONG`,
    /// `TEXT_NOT_STORABLE`, `CLIENT_MESSAGE_ID_INVALID`, `IDEMPOTENCY_CONFLICT`.
    ///
    #[doc = example!("examples/send_message.graphql")]
    async fn send_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The message to send.")] input: SendMessageInput,
    ) -> Result<SendMessagePayload> {
        let mut reader = Reader::default();
        let Some(draft) = input.read(&mut reader, &InputPath::input()) else {
            return Ok(SendMessagePayload::failed(reader.errors));
        };
        match send_messages(ctx.data::<App>()?, vec![draft]).await {
            Ok(sent) => Ok(SendMessagePayload {
                deduplicated: sent.iter().any(|sent| sent.deduplicated),
                message: sent.into_iter().next().map(|sent| Message(sent.view)),
                errors: Vec::new(),
            }),
            Err(error) => Ok(SendMessagePayload::failed(refused(error, |_| InputPath::input())?)),
        }
    }
}

impl SendMessagePayload {
    fn failed(errors: Vec<UserError>) -> Self {
        Self { message: None, deduplicated: false, errors }
    }
}

impl SendMessageInput {
    /// Reads a message that stands at this place in the input.
    pub(super) fn read(self, reader: &mut Reader, at: &InputPath) -> Option<Draft> {
        let sender_id = reader.id(at.field("senderId"), &self.sender_id);
        let recipient_id = reader.id(at.field("recipientId"), &self.recipient_id);
        let text = reader.field(at.field("text"), MessageText::parse(self.text));
        let key = self.client_message_id.map(ClientMessageId::parse);
        let key = reader.optional(at.field("clientMessageId"), key);
        Some(Draft {
            sender_id: sender_id?,
            recipient_id: recipient_id?,
            text: text?,
            client_message_id: key?,
        })
    }
}
