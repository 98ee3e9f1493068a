//! What the server says when it has started.

use std::{net::SocketAddr, path::Path};

/// Where everything is, on one screen.
pub(super) fn greeting(addr: SocketAddr, file: &Path, graphiql: bool) -> String {
    let full = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let (graphiql, invitation) = if graphiql {
        (format!("http://{addr}/"), "Open GraphiQL in a browser to send the first message. ")
    } else {
        ("switched off".to_owned(), "")
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
