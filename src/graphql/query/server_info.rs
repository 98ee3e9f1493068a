use async_graphql::Object;

use crate::graphql::types::ServerInfo;

#[derive(Default)]
pub(in crate::graphql) struct ServerInfoQuery;

#[Object]
impl ServerInfoQuery {
    /// What this server is and what it allows.
    ///
    #[doc = example!("examples/server_info.graphql")]
    async fn server_info(&self) -> ServerInfo {
        ServerInfo
    }
}
