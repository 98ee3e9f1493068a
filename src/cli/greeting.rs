//! What the server says when it has started.

use std::{net::SocketAddr, path::Path};

use crate::auth::Auth;

/// What is said of a server without a key.
const OPEN: &str =
    "none: OPEN MODE, everybody may act as anybody; set MESSENGER_JWT_SECRET to ask for tokens";

/// Where everything is, on one screen.
pub(super) fn greeting(addr: SocketAddr, file: &Path, graphiql: Page, chat: Page, auth: &Auth) -> String {
    let full = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let invitation = match graphiql {
        Page::Offered => "Open GraphiQL in a browser to send the first message. ",
        _ => "",
    };
    format!(
        "Messenger {version}\n\n  \
           GraphiQL   {graphiql}\n  \
           Chat       {chat}\n  \
           GraphQL    http://{addr}/graphql\n  \
           Health     http://{addr}/health/ready\n  \
           Database   {database}\n  \
           Sign-in    {sign_in}\n\n\
         {invitation}Ctrl-C stops the server.",
        version = env!("CARGO_PKG_VERSION"),
        graphiql = graphiql.or(format!("http://{addr}/")),
        chat = chat.or(format!("http://{addr}/chat/")),
        database = full.display(),
        sign_in =
            auth.algorithms().map_or_else(|| OPEN.to_owned(), |names| format!("tokens signed with {names}")),
    )
}

/// Whether there is a page for browsers: GraphiQL, or the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Offered,
    /// It is there, and is refused the schema, without which it neither completes nor documents anything.
    WithoutSchema,
    SwitchedOff,
    /// What one asks there would not run.
    Useless,
}

impl Page {
    pub(super) fn of(is_on: bool, is_trusting: bool) -> Self {
        match (is_on, is_trusting) {
            (_, true) => Self::Useless,
            (true, false) => Self::Offered,
            (false, false) => Self::SwitchedOff,
        }
    }

    /// The same where clients get the schema, or do not.
    pub(super) fn with_schema(self, tells_schema: bool) -> Self {
        if self == Self::Offered && !tells_schema { Self::WithoutSchema } else { self }
    }

    /// Whether it is there.
    pub(super) fn is_there(self) -> bool {
        matches!(self, Self::Offered | Self::WithoutSchema)
    }

    /// Why it is not there, or where it is.
    fn or(self, place: String) -> String {
        match self {
            Self::Offered => place,
            Self::WithoutSchema => {
                format!(
                    "{place} (without the schema: introspection is off, or beyond the limits of documents)"
                )
            }
            Self::SwitchedOff => "switched off".to_owned(),
            Self::Useless => "switched off: only trusted documents run".to_owned(),
        }
    }
}
