//! What the server says when it has started.

use std::{net::SocketAddr, path::Path};

/// Where everything is, on one screen.
pub(super) fn greeting(addr: SocketAddr, file: &Path, graphiql: GraphiQL) -> String {
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
           Database   {database}\n\n\
         {invitation}Ctrl-C stops the server.",
        version = env!("CARGO_PKG_VERSION"),
        database = full.display(),
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
