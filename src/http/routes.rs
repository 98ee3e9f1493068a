//! The route table, on one screen.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{any, get},
};

use super::{
    Rejection, body,
    budget::Budget,
    caller::{self, ClientResolver, Proxies},
    graphql::{self, Service},
    health,
    host::Names,
    origin, pages,
    request::{self, Entrance, RequestIds},
    socket::ConnectionQuota,
};
use crate::{app::App, config::AllowedOrigins, graphql::Api};

/// The most bytes that the bodies of all requests may take while they are received: 64 of the largest by default. One user, or
/// one address, may have an eighth of it.
const BODIES_BYTES: usize = 64 * 1024 * 1024;

/// What is shown of an application, and to whom.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Whose pages may call.
    pub origins: AllowedOrigins,
    /// Whether `/` shows GraphiQL.
    pub graphiql: bool,
    /// Whether `/chat/` shows the example chat.
    pub chat: bool,
    /// The proxies whose word is taken for who calls, beside those of this machine.
    pub proxies: Vec<IpAddr>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self { origins: AllowedOrigins::default(), graphiql: true, chat: true, proxies: Vec::new() }
    }
}

/// Everything there is to call on a server that listens on `addr`.
pub fn routes(app: App, api: Api, addr: SocketAddr, options: HttpOptions) -> Router {
    // Where tokens are asked for, a page that pretends to be of this server has none; and a proxy may hand on any name.
    let (is_guarded, addresses) = (app.auth.is_open(), !addr.ip().is_loopback());
    let HttpOptions { origins, graphiql: shows_graphiql, chat: shows_chat, proxies } = options;
    let resolver =
        Arc::new(ClientResolver { proxies: Proxies(proxies.into()), rates: Arc::clone(&app.rates) });
    let origins = Arc::new(origins);
    let entrance = Entrance {
        ids: RequestIds::new(app.clock.now()),
        names: is_guarded.then(|| Names { origins: Arc::clone(&origins), addresses }),
        sharing: origin::sharing(Arc::clone(&origins)),
    };
    let bodies = Budget::new(BODIES_BYTES, api.limits().body_bytes);
    let service = Service {
        api,
        resolver: Arc::clone(&resolver),
        origins: Arc::clone(&origins),
        quota: ConnectionQuota::default(),
        bodies,
    };
    let readiness = health::Readiness::default();
    let ready = get(move |app| readiness.ready(app)).with_state(app);
    let mut counted = Router::new().route("/health/ready", ready);
    if shows_graphiql {
        counted = counted.merge(pages::graphiql());
    }
    if shows_chat {
        counted = counted.merge(pages::chat());
    }
    // A layer is for the routes that are there by now. `/graphql` counts for itself: it needs to know who calls.
    let counted = counted
        .fallback(async move |request| body::refuse(request, Rejection::nothing_here(shows_graphiql)).await)
        .layer(from_fn_with_state(resolver, caller::count));
    Router::new()
        .route("/graphql", any(graphql::answer).with_state(Arc::new(service)))
        .route("/health/live", get(health::live))
        .merge(counted)
        .method_not_allowed_fallback(async |request| body::refuse(request, Rejection::only_get()).await)
        .layer(from_fn_with_state(Arc::new(entrance), request::enter))
}
