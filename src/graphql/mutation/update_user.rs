use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use crate::{
    app::App,
    domain::{UserChange, update_user},
    graphql::{
        input::{InputPath, Reader, refused},
        types::{User, UserError},
    },
    types::{DisplayName, Username},
};

/// What is to change. What is left out, or `null`, stays as it is.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateUserInput {
    /// The new name to show: 1–64 characters, not only white space, no control characters.
    display_name: Option<String>,
    /// The id of the user to change.
    user_id: ID,
    /// The new unique name: 1–32 of `a-z`, `0-9`, `_`, `.` and `-`; upper case letters are folded to lower case.
    username: Option<String>,
}

/// What `updateUser` answers.
#[derive(SimpleObject)]
pub(in crate::graphql) struct UpdateUserPayload {
    /// Why nothing was changed; empty on success.
    errors: Vec<UserError>,
    /// The user as they are now; `null` on failure.
    user: Option<User>,
}

#[derive(Default)]
pub(in crate::graphql) struct UpdateUserMutation;

#[Object]
impl UpdateUserMutation {
    /// Changes a user's names. The id stays.
    ///
    /// Errors in the payload: `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `USERNAME_INVALID`, `USERNAME_TAKEN`,
    /// `DISPLAY_NAME_INVALID`.
    ///
    #[doc = example!("examples/update_user.graphql")]
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose names, and the new ones.")] input: UpdateUserInput,
    ) -> Result<UpdateUserPayload> {
        let mut reader = Reader::default();
        let Some(change) = read(&mut reader, input) else {
            return Ok(UpdateUserPayload { user: None, errors: reader.errors });
        };
        match update_user(ctx.data::<App>()?, change).await {
            Ok(user) => Ok(UpdateUserPayload { user: Some(user.into()), errors: Vec::new() }),
            Err(error) => {
                let errors = refused(error, |_| InputPath::input())?;
                Ok(UpdateUserPayload { user: None, errors })
            }
        }
    }
}

fn read(reader: &mut Reader, input: UpdateUserInput) -> Option<UserChange> {
    let at = InputPath::input();
    let id = reader.id(at.field("userId"), &input.user_id);
    let username = input.username.map(|username| Username::parse(&username));
    let username = reader.optional(at.field("username"), username);
    let display_name = reader.optional(at.field("displayName"), input.display_name.map(DisplayName::parse));
    Some(UserChange { id: id?, username: username?, display_name: display_name? })
}
