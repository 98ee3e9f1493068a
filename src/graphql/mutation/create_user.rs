use async_graphql::{Context, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{NewUser, create_user},
    graphql::{
        input::{InputPath, Reader, payload},
        types::User,
    },
    types::{DisplayName, ExternalId, Username},
};

/// Who is to be created.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateUserInput {
    /// The name to show: 1–64 characters, at least one visible, no control or bidi characters. The username where none is
    /// given.
    display_name: Option<String>,
    /// Your application's own id of the user, the `sub` of their tokens: 1–255 characters, no control characters; nobody
    /// else's. It lets a user that is created here be the one whom a token names.
    external_id: Option<String>,
    /// The unique name: 1–32 of `a-z`, `0-9`, `_`, `.` and `-`, and not the form of an id; upper case letters are
    /// folded to lower case. Not one that somebody has, or gave up less than 30 days ago.
    username: String,
}

payload! {
    /// What `createUser` answers.
    CreateUserPayload {
        /// The new user; `null` on failure.
        user: User
    }
}

#[derive(Default)]
pub(in crate::graphql) struct CreateUserMutation;

#[Object]
impl CreateUserMutation {
    /// Creates a user. Where the server asks for tokens, only a service may; a token with a `username` creates its own user
    /// by itself.
    ///
    /// Errors in the payload: `USERNAME_INVALID`, `USERNAME_TAKEN`, `DISPLAY_NAME_INVALID`, `EXTERNAL_ID_INVALID`,
    /// `EXTERNAL_ID_TAKEN`, `FORBIDDEN`.
    ///
    #[doc = example!("examples/create_user.graphql")]
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is to be created.")] input: CreateUserInput,
    ) -> Result<CreateUserPayload> {
        let mut reader = Reader::new(ctx)?;
        let new = read(&mut reader, input);
        let app = ctx.data::<App>()?;
        let made = reader.perform(new, |_| InputPath::input(), async |new| create_user(app, new).await);
        Ok(made.await?.map(User::to_themselves).into())
    }
}

fn read(reader: &mut Reader, input: CreateUserInput) -> Option<NewUser> {
    let at = InputPath::input();
    reader.creates_users(at.clone())?;
    let username = reader.field(at.field("username"), Username::parse(&input.username));
    let display_name = reader.optional(at.field("displayName"), input.display_name.map(DisplayName::parse));
    let external_id = reader.optional(at.field("externalId"), input.external_id.map(ExternalId::parse));
    Some(NewUser { username: username?, display_name: display_name?, external_id: external_id? })
}
