use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::{find_conversation, find_direct_conversation},
    graphql::{
        error::ErrorCode,
        id::parse,
        resolver_error::{coded, domain_error, noted},
        types::Conversation,
        viewer::Viewer,
    },
};

#[derive(Default)]
pub(in crate::graphql) struct ConversationQuery;

#[Object]
impl ConversationQuery {
    /// A conversation by its id, or the one between the acting user and somebody else: the screen of a chat. Give exactly one
    /// of `id` and `withUserId`.
    ///
    /// `null` when there is none, when the acting user may not see it, and between two people until the first message.
    ///
    /// Errors: `ARGUMENTS_INVALID`, `ID_MALFORMED`, `ID_WRONG_KIND`, `ACTING_USER_REQUIRED` (for `withUserId`, and for a service), `FORBIDDEN`, `NOT_FOUND`
    /// when there is no such acting user.
    ///
    #[doc = example!("examples/conversation.graphql")]
    async fn conversation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of a direct conversation or of a chatroom.")] id: Option<ID>,
        #[graphql(desc = "The id of the other user; the acting user's own, for their notes to themselves.")]
        with_user_id: Option<ID>,
        #[graphql(
            desc = "The acting user's id. Whom the token stands for, or the header `Messenger-User` names, when it is left out."
        )]
        user_id: Option<ID>,
    ) -> Result<Option<Conversation>> {
        Ok(noted(ctx, find(ctx, id, with_user_id, user_id).await))
    }
}

async fn find(
    ctx: &Context<'_>,
    id: Option<ID>,
    with_user_id: Option<ID>,
    user_id: Option<ID>,
) -> Result<Option<Conversation>> {
    let viewer = Viewer::named_who_exists(ctx, user_id.as_ref()).await?;
    let app = ctx.data::<App>()?;
    let found = match (id, with_user_id) {
        (Some(id), None) => find_conversation(app, parse("id", &id)?, viewer.read_scope()?).await,
        (None, Some(other)) => {
            find_direct_conversation(app, viewer.require()?, parse("withUserId", &other)?).await
        }
        _ => return Err(coded(ErrorCode::ArgumentsInvalid, "give exactly one of id and withUserId")),
    };
    Ok(found.map_err(domain_error)?.map(|view| Conversation::new(view, viewer)))
}
