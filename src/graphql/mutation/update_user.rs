use async_graphql::{Context, ID, InputObject, Object, Result};

use crate::{
    app::App,
    domain::{UserChange, update_user},
    graphql::{
        input::{InputPath, Reader, payload},
        types::{InvitationsFrom, User},
    },
    types::{DisplayName, ExternalId, Username},
};

/// What is to change. What is left out, or `null`, stays as it is.
#[derive(InputObject)]
pub(in crate::graphql) struct UpdateUserInput {
    /// The new name to show: 1–64 characters, at least one visible, no control or bidi characters.
    display_name: Option<String>,
    /// Your application's own id of the user, the `sub` of their tokens: 1–255 characters, no control characters; nobody
    /// else's. Only a service changes it: it lets a user that is there already be the one whom a token names.
    external_id: Option<String>,
    /// By whom the user may be added to chatrooms; at first `EVERYBODY`.
    invitations_from: Option<InvitationsFrom>,
    /// The id of the user to change: the acting user. Not needed where the token or the header `Messenger-User` names them.
    user_id: Option<ID>,
    /// The new unique name: 1–32 of `a-z`, `0-9`, `_`, `.` and `-`, and not the form of an id; upper case letters are folded
    /// to lower case. Where the server asks for tokens only a service changes it, unless the operator allows it to users:
    /// anybody else may give the one that the user has. The old one is kept from others for 30 days.
    username: Option<String>,
}

payload! {
    /// What `updateUser` answers.
    UpdateUserPayload {
        /// The user as they are now; `null` on failure.
        user: User
    }
}

#[derive(Default)]
pub(in crate::graphql) struct UpdateUserMutation;

#[Object]
impl UpdateUserMutation {
    /// Changes a user's names, and by whom they may be added to chatrooms. The id stays.
    ///
    /// Errors in the payload: `ID_MALFORMED`, `ID_WRONG_KIND`, `NOT_FOUND`, `USERNAME_INVALID`, `USERNAME_TAKEN`,
    /// `DISPLAY_NAME_INVALID`, `EXTERNAL_ID_INVALID`, `EXTERNAL_ID_TAKEN`, `ACTING_USER_REQUIRED`, `FORBIDDEN`.
    ///
    #[doc = example!("examples/update_user.graphql")]
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and what is to change.")] input: UpdateUserInput,
    ) -> Result<UpdateUserPayload> {
        let mut reader = Reader::new(ctx)?;
        let change = read(&mut reader, input);
        let app = ctx.data::<App>()?;
        let changed = reader.perform(change, |_| InputPath::input(), async |new| update_user(app, new).await);
        Ok(changed.await?.map(User::to_themselves).into())
    }
}

fn read(reader: &mut Reader, input: UpdateUserInput) -> Option<UserChange> {
    let at = InputPath::input();
    let id = reader.acting_user(at.field("userId"), input.user_id.as_ref());
    let username = input.username.map(|username| Username::parse(&username));
    let username = reader.optional(at.field("username"), username);
    let external_id = reader.optional(at.field("externalId"), input.external_id.map(ExternalId::parse));
    let display_name = reader.optional(at.field("displayName"), input.display_name.map(DisplayName::parse));
    Some(UserChange {
        id: id?,
        username: username?,
        display_name: display_name?,
        external_id: external_id?,
        invitations_from: input.invitations_from.map(Into::into),
        may_rename: reader.session().changes_usernames(),
        may_link: reader.session().links_users(),
    })
}
