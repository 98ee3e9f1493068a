//! What the server says when it has started.

use std::{net::SocketAddr, path::Path};

use crate::auth::Auth;

/// What is said of a server without a key.
const OPEN: &str =
    "none: OPEN MODE, everybody may act as anybody; set MESSENGER_JWT_SECRET to ask for tokens";

/// Where everything is, on one screen.
pub(super) fn greeting(addr: SocketAddr, file: &Path, graphiql: GraphiQL, auth: &Auth) -> String {
    let full = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let (graphiql, invitation) = match graphiql {
        GraphiQL::Shown => {
            (format!("http://{addr}/"), "Open GraphiQL in a browser to send the first message. ")
        }
        GraphiQL::SwitchedOff => ("switched off".to_owned(), ""),
        GraphiQL::Useless => ("switched off: only trusted documents run".to_owned(), ""),
    };
    format!(
        "Messenger {version}\n\n  \
           GraphiQL   {graphiql}\n  \
           GraphQL    http://{addr}/graphql\n  \
           Health     http://{addr}/health/ready\n  \
           Database   {database}\n  \
           Sign-in    {sign_in}\n\n\
         {invitation}Ctrl-C stops the server.",
        version = env!("CARGO_PKG_VERSION"),
        database = full.display(),
        sign_in =
            auth.algorithms().map_or_else(|| OPEN.to_owned(), |names| format!("tokens signed with {names}")),
    )
}

/// Whether there is GraphiQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GraphiQL {
    Shown,
    SwitchedOff,
    /// What one writes there would not run.
    Useless,
}

impl GraphiQL {
    pub(super) fn of(is_on: bool, is_trusting: bool) -> Self {
        match (is_on, is_trusting) {
            (_, true) => Self::Useless,
            (true, false) => Self::Shown,
            (false, false) => Self::SwitchedOff,
        }
    }
}
