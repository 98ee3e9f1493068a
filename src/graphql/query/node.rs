use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::{find_conversation, find_message, find_user},
    graphql::{
        id::unusable,
        resolver_error::{domain_error, noted},
        types::{Conversation, Message, Node, User},
        viewer::Viewer,
    },
    types::{ConversationId, EntityId, MessageId},
};

#[derive(Default)]
pub(in crate::graphql) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything by its id; `null` when nothing has it, or the acting user may not see it.
    ///
    /// Who acts is said by the token, or by the header `Messenger-User`: tools such as Relay fetch things anew with an id and
    /// nothing else.
    ///
    /// Errors: `ID_MALFORMED`, `ID_WRONG_KIND`, `ACTING_USER_REQUIRED` (for a service, and not for users).
    ///
    #[doc = example!("examples/node.graphql")]
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of a user, a conversation or a message.")] id: ID,
    ) -> Result<Option<Node>> {
        Ok(noted(ctx, find(ctx, &id).await))
    }
}

async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let viewer = Viewer::of(ctx)?;
    match id.parse().map_err(|error| unusable("id", &error))? {
        EntityId::User(id) => {
            let found = find_user(ctx.data::<App>()?, id).await.map_err(domain_error)?;
            Ok(found.map(|user| Node::User(User::new(user, viewer))))
        }
        EntityId::Message(id) => message(ctx, id, viewer).await,
        EntityId::Chatroom(id) => conversation(ctx, id.into(), viewer).await,
        EntityId::DirectConversation(id) => conversation(ctx, id.into(), viewer).await,
    }
}

async fn message(ctx: &Context<'_>, id: MessageId, viewer: Viewer) -> Result<Option<Node>> {
    let found = find_message(ctx.data::<App>()?, id, viewer.read_scope()?).await.map_err(domain_error)?;
    Ok(found.map(|view| Node::Message(Message::new(view, viewer))))
}

async fn conversation(ctx: &Context<'_>, id: ConversationId, viewer: Viewer) -> Result<Option<Node>> {
    let found =
        find_conversation(ctx.data::<App>()?, id, viewer.read_scope()?).await.map_err(domain_error)?;
    Ok(found.map(|view| Conversation::new(view, viewer).into()))
}
