//! Whose pages may call: what a browser does for a page of another site is refused, unless that site is allowed.
//!
//! A browser asks before a script of another site sends JSON, but not before it follows a link, loads an image or opens a
//! WebSocket. It says with all of them where they come from: in `Origin`, or else in `Sec-Fetch-Site`, which no page can
//! write. Programs that are no browsers send neither, and may call.

use std::{sync::Arc, time::Duration};

use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{HOST, ORIGIN, RETRY_AFTER},
    request::Parts,
};
use tower_http::cors::{AllowCredentials, AllowHeaders, AllowOrigin, CorsLayer};

use super::{
    Rejection,
    host::{host, names_this_machine},
};
use crate::config::AllowedOrigins;

/// How long a browser may remember what it was allowed; none remembers it for longer.
const MAX_AGE: Duration = Duration::from_hours(2);

/// Lets pages read what they are answered when they may call (<https://fetch.spec.whatwg.org/#http-cors-protocol>).
///
/// They may send whatever headers they ask for: tools for tracing add their own (`traceparent`, `baggage`, `sentry-trace`), and
/// no header gives a page more than it has anyway. Cookies mean nothing here, yet a page that includes credentials is not
/// stopped, if its origin is listed; `*` never goes with credentials.
pub(super) fn sharing(origins: Arc<AllowedOrigins>) -> CorsLayer {
    let listed = Arc::clone(&origins);
    let may_call = move |origin: &HeaderValue, parts: &Parts| may_call(&parts.headers, origin, &origins);
    let with_credentials = move |origin: &HeaderValue, parts: &Parts| {
        *listed != AllowedOrigins::All && (is_own(&parts.headers) || allows(&listed, origin))
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(may_call))
        .allow_credentials(AllowCredentials::predicate(with_credentials))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([HeaderName::from_static("x-request-id"), RETRY_AFTER])
        .max_age(MAX_AGE)
}

/// Refuses what a browser does for a page that may not call.
pub(super) fn check(headers: &HeaderMap, origins: &AllowedOrigins) -> Result<(), Rejection> {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    match headers.get(ORIGIN) {
        Some(origin) if site == Some(b"same-origin") || may_call(headers, origin, origins) => Ok(()),
        Some(_) => Err(Rejection::foreign_page()),
        None if matches!(site, Some(b"cross-site" | b"same-site")) && *origins != AllowedOrigins::All => {
            Err(Rejection::cross_site())
        }
        None => Ok(()),
    }
}

/// Whether a page of this origin may call: over HTTP and over WebSockets alike.
fn may_call(headers: &HeaderMap, origin: &HeaderValue, origins: &AllowedOrigins) -> bool {
    is_own(headers) || allows(origins, origin)
}

fn allows(origins: &AllowedOrigins, origin: &HeaderValue) -> bool {
    origin.to_str().is_ok_and(|origin| origins.allow(origin))
}

/// Whether the page is one of the host that is called, or both are names of the browser's own machine, such as those of a
/// development server and of this one. Ports do not count: proxies leave them out.
fn is_own(headers: &HeaderMap) -> bool {
    let named = |name| headers.get(name).and_then(|value| value.to_str().ok()).and_then(host);
    let are_here = || [ORIGIN, HOST].iter().all(|name| names_this_machine(headers, name.as_str()));
    named(ORIGIN).is_some_and(|origin| named(HOST) == Some(origin)) || are_here()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Sent = &'static [(&'static str, &'static str)];

    fn may_call(sent: &[(&str, &str)], origins: &AllowedOrigins) -> bool {
        let header = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().expect("a name"), value.parse().expect("a header value"))
        };
        check(&sent.iter().map(header).collect(), origins).is_ok()
    }

    #[test]
    fn a_page_may_call_its_own_host() {
        let table = [
            ("chat.example", None, true),
            ("chat.example:8080", Some("https://chat.example"), true),
            ("CHAT.example", Some("http://chat.EXAMPLE:8080"), true),
            ("192.168.0.7:8080", Some("http://192.168.0.7:8080"), true),
            ("localhost:8080", Some("http://localhost:5173"), true),
            ("127.0.0.1:8080", Some("http://localhost:5173"), true),
            ("192.168.0.7:8080", Some("http://localhost:5173"), false),
            ("localhost:8080", Some("http://192.168.0.7:8080"), false),
            ("192.168.0.7:8080", Some("http://evil.example"), false),
            ("chat.example", Some("http://evil.chat.example"), false),
            ("chat.example", Some("null"), false),
            ("chat.example", Some(""), false),
        ];
        for (host, origin, expected) in table {
            let sent: Vec<_> =
                [("host", host)].into_iter().chain(origin.map(|origin| ("origin", origin))).collect();
            assert_eq!(may_call(&sent, &AllowedOrigins::default()), expected, "{sent:?}");
        }
    }

    #[test]
    fn a_browser_says_where_a_link_was_followed() {
        const FOREIGN: (&str, &str) = ("origin", "http://evil.example");
        let table: [(Sent, bool, bool); 7] = [
            (&[("sec-fetch-site", "none")], true, true),
            (&[("sec-fetch-site", "same-origin")], true, true),
            (&[("sec-fetch-site", "same-site")], false, true),
            (&[("sec-fetch-site", "cross-site")], false, true),
            // A proxy in between has changed the host.
            (&[("sec-fetch-site", "same-origin"), FOREIGN], true, true),
            (&[("sec-fetch-site", "cross-site"), FOREIGN], false, true),
            (&[("sec-fetch-site", "cross-site"), ("origin", "null")], false, true),
        ];
        for (sent, with_none, with_all) in table {
            assert_eq!(may_call(sent, &AllowedOrigins::default()), with_none, "{sent:?}");
            assert_eq!(may_call(sent, &AllowedOrigins::All), with_all, "{sent:?}");
        }
    }
}
