use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::{MessageView, SearchQuery, search_messages},
    graphql::{
        cursor::{Cursor, ListId},
        error::ErrorCode,
        id::parse,
        limits::MESSAGES,
        page::MessageConnection,
        render::RenderedPage,
        resolver_error::{coded, domain_error},
        types::Message,
        viewer::Viewer,
    },
    types::{Bounds, ConversationId, MessageId, SearchText},
};

#[derive(Default)]
pub(in crate::graphql) struct SearchMessagesQuery;

#[Object]
impl SearchMessagesQuery {
    /// Messages that have all the given words, newest first, among all that the acting user may read now: their direct
    /// conversations, and the chatrooms they are in, also what was said there before they came.
    ///
    /// Hand on what is typed into a search box: words in any order, and each may be only the beginning of a word. `mess aaron`
    /// finds “Aaron’s messenger”. A word with an apostrophe, a hyphen, a full stop or a low line in it, such as `e-mail`, is its
    /// parts in this order; other punctuation, symbols and emoji are spaces, as in `coffee,tea`. Nothing is an operator,
    /// neither quotes nor `AND` nor `*`.
    ///
    /// In every script, upper and lower case, accents and points, and other forms of the same letters make no difference:
    /// `STRASSE` finds “Straße”, `κοσμος` “Κόσμος”, `ежик` “Ёжик”, `lodz` “Łódź”, `محمد` “مُحَمَّد”, and `cafe` “ｃａｆé”. Where a script has
    /// no spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese), any part is found: `上海` finds “我家在上海东边”. The
    /// guide has a table of what finds what.
    ///
    /// A text without any letter or digit, of more than 200 characters, or of more than 10 different words is
    /// `SEARCH_TEXT_INVALID`. A word that begins another one does not count.
    ///
    /// An edited message is found by what it says now, a deleted one no more.
    ///
    /// A search may take 2 seconds; one that would take longer is `SEARCH_TOO_EXPENSIVE`. Your searches run one after the other,
    /// and up to 128 of them may wait: a further one is `OVERLOADED`.
    ///
    /// What arrives while you page does not shift the pages.
    ///
    /// Errors: `ACTING_USER_REQUIRED`, `FORBIDDEN`, `SEARCH_TEXT_INVALID`, `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`,
    /// `PAGE_SIZE_INVALID`, `CURSOR_INVALID`, `SEARCH_TOO_EXPENSIVE`, `OVERLOADED`.
    ///
    /// What Betty may read about messengers:
    ///
    #[doc = example!("examples/search_messages.graphql")]
    #[expect(clippy::too_many_arguments, reason = "each is one of the field's")]
    async fn search_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The words: 1–200 characters, 1–10 different words of letters and digits.")]
        text: String,
        #[graphql(
            desc = "Only in the direct conversation or chatroom with this id, which the acting user must be able to read."
        )]
        conversation_id: Option<ID>,
        #[graphql(desc = "Only messages of the user with this id, in a chatroom also after they left it.")]
        sender_id: Option<ID>,
        #[graphql(
            desc = "The acting user's id. Whom the token stands for, or the header `Messenger-User` names, when it is left out."
        )]
        user_id: Option<ID>,
        #[graphql(desc = "How many in one page: 1–1,000, 100 by default.")] first: Option<i32>,
        #[graphql(
            desc = "Only older ones than the message with this cursor: the `endCursor` of the page before."
        )]
        after: Option<String>,
    ) -> Result<RenderedPage<MessageConnection>> {
        let viewer = Viewer::named(ctx, user_id.as_ref())?;
        let query = SearchQuery {
            user_id: viewer.require()?,
            text: SearchText::parse(text).map_err(|error| coded(ErrorCode::SearchTextInvalid, error))?,
            conversation_id: conversation_id.map(|id| parse("conversationId", &id)).transpose()?,
            sender_id: sender_id.map(|id| parse("senderId", &id)).transpose()?,
        };
        let list = list_key(&query);
        let after = MessageId::decode_optional("after", after.as_deref(), list)?;
        let bounds = Bounds::first(MESSAGES.read("first", first)?, after);
        let page = search_messages(ctx.data::<App>()?, query, bounds).await.map_err(domain_error)?;
        let entry = |view: MessageView| (view.message.id, Message::new(view, viewer));
        Ok(MessageConnection::new(page, ctx.data::<App>()?.log, list, entry))
    }
}

fn list_key(query: &SearchQuery) -> ListId {
    let list = ListId::default().about(query.user_id).about_text(query.text.as_str());
    let list = query.conversation_id.map(ConversationId::key).into_iter().fold(list, ListId::about);
    query.sender_id.into_iter().fold(list, ListId::about)
}
