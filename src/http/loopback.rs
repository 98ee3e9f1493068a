//! Who may talk to a server that listens on this machine only.
//!
//! A web page can make its own name point at 127.0.0.1 (DNS rebinding) and then call a server there as if it were its own.
//! Its name still stands in `Host`, so a server on a loopback address takes no other names than those of this machine.

use axum::{
    extract::Request,
    http::{HeaderMap, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Rejection;

/// Refuses requests that name another host, or come from a page of another host.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if names_this_machine(headers, header::HOST.as_str())
        && names_this_machine(headers, header::ORIGIN.as_str())
    {
        return next.run(request).await;
    }
    Rejection::foreign_host().into_response()
}

/// Whether no page asks, or one of this very host, or one of the machine that the browser is on.
///
/// On any address, a page of another host could open a WebSocket: unlike with `fetch`, nobody asks the server before.
pub(super) fn is_own_page(headers: &HeaderMap) -> bool {
    let host = |name| headers.get(name).and_then(|value| value.to_str().ok()).and_then(host);
    match headers.get(header::ORIGIN) {
        None => true,
        Some(_) => {
            names_this_machine(headers, header::ORIGIN.as_str())
                || host(header::ORIGIN).is_some_and(|origin| host(header::HOST) == Some(origin))
        }
    }
}

/// The name in an authority or an origin, in lower case.
fn host(text: &str) -> Option<String> {
    Some(text.parse::<Uri>().ok()?.host()?.to_ascii_lowercase())
}

/// Whether a header, where it is there, is there once and names this machine. `Origin: null` names nobody.
fn names_this_machine(headers: &HeaderMap, name: &str) -> bool {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => true,
        (Some(value), None) => value.to_str().is_ok_and(is_loopback),
        (Some(_), Some(_)) => false,
    }
}

/// Whether an authority or an origin is that of this machine, on whichever port.
fn is_loopback(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_local_name =
        host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost");
    is_local_name || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_open_sockets_to_its_own_host() {
        let table = [
            ("chat.example", None, true),
            ("chat.example:8080", Some("https://chat.example"), true),
            ("CHAT.example", Some("http://chat.EXAMPLE:8080"), true),
            ("192.168.0.7:8080", Some("http://192.168.0.7:8080"), true),
            ("192.168.0.7:8080", Some("http://localhost:5173"), true),
            ("192.168.0.7:8080", Some("http://evil.example"), false),
            ("chat.example", Some("http://evil.chat.example"), false),
            ("chat.example", Some("null"), false),
            ("chat.example", Some(""), false),
        ];
        for (host, origin, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().expect("a header value"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().expect("a header value"));
            }
            assert_eq!(is_own_page(&headers), expected, "{host:?} {origin:?}");
        }
    }

    #[test]
    fn only_names_of_this_machine_are_taken() {
        let table = [
            ("127.0.0.1:8080", true),
            ("localhost:5173", true),
            ("LOCALHOST", true),
            ("chat.localhost:8080", true),
            ("[::1]:8080", true),
            ("http://localhost:5173", true),
            ("https://127.0.0.1", true),
            ("evil.example", false),
            ("evil.example:8080", false),
            ("http://evil.example", false),
            ("localhost.evil.example", false),
            ("192.168.0.7:8080", false),
            ("null", false),
            ("", false),
        ];
        for (text, expected) in table {
            assert_eq!(is_loopback(text), expected, "{text:?}");
        }
    }
}
