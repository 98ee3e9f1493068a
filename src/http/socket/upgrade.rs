//! From a request to a socket.

use axum::{
    extract::{FromRequestParts, Request, ws::WebSocketUpgrade},
    http::{
        HeaderMap, HeaderValue, Method,
        header::{SEC_WEBSOCKET_PROTOCOL, UPGRADE},
    },
    response::Response,
};

use super::{
    connection_quota::{ConnectionQuota, QuotaExceeded},
    socket_session::SocketSession,
    socket_task::SocketTask,
};
use crate::{
    graphql::Api,
    http::{Rejection, connection::RequestContext, credentials},
};

/// The only one that is spoken here. `graphql-ws` is the name of an older one, and of a library that speaks this one.
const SUB_PROTOCOL: &str = "graphql-transport-ws";

/// The default of 128 KiB is there for each socket, and cleared at each look at it. Most of what clients send is shorter than
/// this, and what is longer is read in several pieces.
const READ_BUFFER_BYTES: usize = 2048;

/// The most bytes of the names of sub-protocols: a client offers one or two.
const MOST_PROTOCOL_BYTES: usize = 1024;

/// Whether a request wants to become a WebSocket.
pub(in crate::http) fn is_asked_for(request: &Request) -> bool {
    let upgrade = request.headers().get(UPGRADE);
    request.method() == Method::GET
        && upgrade.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Refuses long lists of sub-protocols before they are read: each name would be kept, 60 kB of them at 2.6 ms.
fn check_protocols(headers: &HeaderMap) -> Result<(), Rejection> {
    let bytes: usize = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().map(HeaderValue::len).sum();
    if bytes <= MOST_PROTOCOL_BYTES {
        return Ok(());
    }
    Err(Rejection::bad_request(format!(
        "Sec-WebSocket-Protocol has {bytes} bytes; at most {MOST_PROTOCOL_BYTES} are allowed"
    )))
}

/// Opens a socket.
pub(in crate::http) async fn open(
    request: Request,
    context: RequestContext,
    api: Api,
    quota: ConnectionQuota,
) -> Result<Response, Rejection> {
    let (mut parts, _) = request.into_parts();
    let most = api.limits().address_sockets;
    let permit = quota
        .take(context.caller, most)
        .map_err(|QuotaExceeded| Rejection::too_many(most, "from this address"))?;
    check_protocols(&parts.headers)?;
    let credentials = credentials::of_headers(&parts.headers);
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
        .await
        .map_err(|rejection| Rejection::bad_request(rejection.body_text()))?
        .protocols([SUB_PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        let message =
            "a WebSocket here must ask for the sub-protocol graphql-transport-ws, in Sec-WebSocket-Protocol";
        return Err(Rejection::bad_request(message));
    }
    let most = api.limits().socket_message_bytes;
    let upgrade = upgrade.read_buffer_size(READ_BUFFER_BYTES).max_message_size(most).max_frame_size(most);
    Ok(upgrade.on_upgrade(async move |socket| {
        let shutdown = context.connection.shutdown.clone();
        SocketTask::new(socket, api, SocketSession::new(credentials, quota), context).run(shutdown).await;
        drop(permit);
    }))
}
