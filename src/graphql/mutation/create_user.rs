use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::{
    app::App,
    domain::{NewUser, create_user},
    graphql::{
        input::{InputPath, Reader, refused},
        types::{User, UserError},
    },
    types::{DisplayName, Username},
};

/// Who is to be created.
#[derive(InputObject)]
pub(in crate::graphql) struct CreateUserInput {
    /// The name to show: 1–64 characters, not only white space, no control characters. The username where none is
    /// given.
    display_name: Option<String>,
    /// The unique name: 1–32 of `a-z`, `0-9`, `_`, `.` and `-`; upper case letters are folded to lower case.
    username: String,
}

/// What `createUser` answers.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CreateUserPayload {
    /// Why the user was not created; empty on success.
    errors: Vec<UserError>,
    /// The new user; `null` on failure.
    user: Option<User>,
}

#[derive(Default)]
pub(in crate::graphql) struct CreateUserMutation;

#[Object]
impl CreateUserMutation {
    /// Creates a user.
    ///
    /// Errors in the payload: `USERNAME_INVALID`, `USERNAME_TAKEN`, `DISPLAY_NAME_INVALID`.
    ///
    #[doc = example!("examples/create_user.graphql")]
    async fn create_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is to be created.")] input: CreateUserInput,
    ) -> Result<CreateUserPayload> {
        let mut reader = Reader::default();
        let Some(new) = read(&mut reader, input) else {
            return Ok(CreateUserPayload { user: None, errors: reader.errors });
        };
        match create_user(ctx.data::<App>()?, new).await {
            Ok(user) => Ok(CreateUserPayload { user: Some(user.into()), errors: Vec::new() }),
            Err(error) => {
                let errors = refused(error, |_| InputPath::input())?;
                Ok(CreateUserPayload { user: None, errors })
            }
        }
    }
}

fn read(reader: &mut Reader, input: CreateUserInput) -> Option<NewUser> {
    let at = InputPath::input();
    let username = reader.field(at.field("username"), Username::parse(&input.username));
    let display_name = reader.optional(at.field("displayName"), input.display_name.map(DisplayName::parse));
    Some(NewUser { username: username?, display_name: display_name? })
}
