use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::send_message::SendMessageInput;
use crate::{
    app::App,
    domain::{Draft, Sent, send_messages},
    graphql::{
        input::{BatchSize, InputPath, Reader, payload},
        types::Message,
    },
};

/// Messages to send.
#[derive(InputObject)]
pub(in crate::graphql) struct SendMessagesInput {
    /// 1–100 messages, sent in this order. The whole request may have 1 MiB: a hundred long texts are more than that.
    messages: Vec<SendMessageInput>,
}

payload! {
    /// What `sendMessages` answers.
    SendMessagesPayload {
        /// One result for each message, in the same order; `null` on failure.
        results: Vec<SendMessagesResult>
    }
}

/// How one message of a batch was sent.
#[derive(SimpleObject)]
pub(in crate::graphql) struct SendMessagesResult {
    /// Whether the message had been sent before under the same `clientMessageId`; then `message` is the original.
    deduplicated: bool,
    /// The message as it is stored.
    message: Message,
}

#[derive(Default)]
pub(in crate::graphql) struct SendMessagesMutation;

#[Object]
impl SendMessagesMutation {
    /// Sends 1–100 messages in their order: all of them or none. Answers when they are on disk.
    ///
    /// Each is read as in `sendMessage`, and can be repeated safely in the same way.
    ///
    /// Errors in the payload: those of `sendMessage`, with the number of the message in `path`, and `BATCH_SIZE_INVALID`.
    ///
    #[doc = example!("examples/send_messages.graphql")]
    async fn send_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The messages to send.")] input: SendMessagesInput,
    ) -> Result<SendMessagesPayload> {
        let mut reader = Reader::new(ctx)?;
        let drafts = read(&mut reader, input);
        let app = ctx.data::<App>()?;
        let sent =
            reader.perform(drafts, |item| list().item(item), async |drafts| send_messages(app, drafts).await);
        let results =
            sent.await?.map(|sent| sent.into_iter().map(SendMessagesResult::from).collect::<Vec<_>>());
        Ok(results.into())
    }
}

impl From<Sent> for SendMessagesResult {
    fn from(sent: Sent) -> Self {
        Self { deduplicated: sent.deduplicated, message: Message::to_sender(sent.view) }
    }
}

fn list() -> InputPath {
    InputPath::input().field("messages")
}

fn read(reader: &mut Reader, input: SendMessagesInput) -> Option<Vec<Draft>> {
    let size = BatchSize { what: "messages", least: 1, actual: input.messages.len() };
    reader.field(list(), size.check())?;
    let numbered = input.messages.into_iter().enumerate();
    let drafts: Vec<_> = numbered.map(|(item, message)| message.read(reader, &list().item(item))).collect();
    drafts.into_iter().collect()
}
