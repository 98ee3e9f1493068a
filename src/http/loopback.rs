//! Who may talk to a server that listens on this machine only.
//!
//! A web page can make its own name point at 127.0.0.1 (DNS rebinding) and then call a server there as if it were its own.
//! Its name still stands in `Host`, so a server on a loopback address takes no other names than those of this machine.

use axum::http::{HeaderMap, Uri, header};

use super::Rejection;
use crate::config::AllowedOrigins;

/// Refuses requests that name another host, unless pages of that host may call anyhow.
pub(super) fn check(headers: &HeaderMap, origins: &AllowedOrigins) -> Result<(), Rejection> {
    if names_this_machine(headers, header::HOST.as_str()) || names_allowed_host(headers, origins) {
        return Ok(());
    }
    Err(Rejection::foreign_host())
}

fn names_allowed_host(headers: &HeaderMap, origins: &AllowedOrigins) -> bool {
    let named = only(headers, header::HOST.as_str()).and_then(host);
    named.is_some_and(|host| origins.include_host(&host))
}

/// The name in an authority or an origin, in lower case.
pub(super) fn host(text: &str) -> Option<String> {
    Some(text.parse::<Uri>().ok()?.host()?.to_ascii_lowercase())
}

/// Whether a header, where it is there, is there once and names this machine. `Origin: null` names nobody.
pub(super) fn names_this_machine(headers: &HeaderMap, name: &str) -> bool {
    !headers.contains_key(name) || only(headers, name).is_some_and(is_loopback)
}

/// The text of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
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
