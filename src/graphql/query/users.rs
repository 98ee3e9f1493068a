use async_graphql::{Context, Object, Result};

use crate::{
    app::App,
    domain::list_users,
    graphql::{
        cursor::{Cursor, ListId},
        limits::OTHERS,
        page::UserConnection,
        render::RenderedPage,
        resolver_error::domain_error,
        types::User,
        viewer::Viewer,
    },
    models,
    types::{Bounds, Username},
};

#[derive(Default)]
pub(in crate::graphql) struct UsersQuery;

#[Object]
impl UsersQuery {
    /// All users, by username, in pages of up to 100.
    ///
    /// Errors: `PAGE_SIZE_INVALID`, `CURSOR_INVALID`.
    ///
    #[doc = example!("examples/users.graphql")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many: 1–100, 50 by default.")] first: Option<i32>,
        #[graphql(desc = "Only those after the user with this cursor: the `endCursor` of the page before.")]
        after: Option<String>,
    ) -> Result<RenderedPage<UserConnection>> {
        let after = Username::decode_optional("after", after.as_deref(), ListId::default())?;
        let bounds = Bounds::first(OTHERS.read("first", first)?, after);
        let page = list_users(ctx.data::<App>()?, bounds).await.map_err(domain_error)?;
        let viewer = Viewer::of(ctx)?;
        Ok(UserConnection::new(page, ctx.data::<App>()?.log, ListId::default(), |user: models::User| {
            (user.username.clone(), User::new(user, viewer))
        }))
    }
}
