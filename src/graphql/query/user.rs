use async_graphql::{Context, ID, Object, Result};

use crate::{
    app::App,
    domain::{find_user, find_user_by_username},
    graphql::{
        error::ErrorCode,
        id::parse,
        resolver_error::{coded, domain_error, noted},
        types::User,
        viewer::Viewer,
    },
    types::Username,
};

#[derive(Default)]
pub(in crate::graphql) struct UserQuery;

#[Object]
impl UserQuery {
    /// A user by id or by username; `null` when there is none. Give exactly one of the two.
    ///
    /// Errors: `ARGUMENTS_INVALID`, `ID_MALFORMED`, `ID_WRONG_KIND`, `USERNAME_INVALID`.
    ///
    #[doc = example!("examples/user.graphql")]
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user's id.")] id: Option<ID>,
        #[graphql(desc = "The user's name; upper case letters are folded to lower case.")] username: Option<
            String,
        >,
    ) -> Result<Option<User>> {
        Ok(noted(ctx, find(ctx, id, username).await))
    }
}

async fn find(ctx: &Context<'_>, id: Option<ID>, username: Option<String>) -> Result<Option<User>> {
    let app = ctx.data::<App>()?;
    let found = match (id, username) {
        (Some(id), None) => find_user(app, parse("id", &id)?).await,
        (None, Some(username)) => {
            let username = Username::parse(&username)
                .map_err(|error| coded(ErrorCode::UsernameInvalid, format_args!("username: {error}")))?;
            find_user_by_username(app, username).await
        }
        _ => return Err(coded(ErrorCode::ArgumentsInvalid, "give exactly one of id and username")),
    };
    let viewer = Viewer::of(ctx)?;
    Ok(found.map_err(domain_error)?.map(|user| User::new(user, viewer)))
}
