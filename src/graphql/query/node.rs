use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::{find_direct_conversation, find_message, find_user},
    graphql::{
        id::unusable,
        resolver_error::{domain_error, noted},
        types::{DirectConversation, Message, Node},
    },
    types::EntityId,
};

#[derive(Default)]
pub(in crate::graphql) struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything by its id; `null` when nothing has it.
    ///
    /// Errors: `ID_MALFORMED`, `ID_WRONG_KIND`.
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
    let app = ctx.data::<App>()?;
    let found = match id.parse().map_err(|error| unusable("id", &error))? {
        EntityId::User(id) => find_user(app, id).await.map(|user| user.map(|user| Node::User(user.into()))),
        EntityId::Message(id) => {
            find_message(app, id).await.map(|view| view.map(|view| Node::Message(Message(view))))
        }
        EntityId::DirectConversation(id) => {
            let found = find_direct_conversation(app, id).await;
            found.map(|view| view.map(|view| Node::DirectConversation(DirectConversation(view))))
        }
    };
    found.map_err(domain_error)
}
