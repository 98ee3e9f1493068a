use async_graphql::{Context, Object, Result};

use crate::{
    app::App,
    domain::find_user,
    graphql::{
        resolver_error::{domain_error, noted},
        types::User,
        viewer::Viewer,
    },
};

#[derive(Default)]
pub(in crate::graphql) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// The user that this request acts as: whom its token stands for. On an open server, and for a service, whom its header
    /// `Messenger-User` names, by id or by username; what has the form of an id is read as an id. `null` when nobody is named.
    ///
    #[doc = example!("examples/viewer.graphql")]
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(noted(ctx, find(ctx).await))
    }
}

async fn find(ctx: &Context<'_>) -> Result<Option<User>> {
    let viewer = Viewer::of(ctx)?;
    let Some(id) = viewer.0.user() else {
        return Ok(None);
    };
    let found = find_user(ctx.data::<App>()?, id).await.map_err(domain_error)?;
    Ok(found.map(|user| User::new(user, viewer)))
}
