//! Which names a server may be called by.
//!
//! A web page can make its own name point at any address that the browser reaches, such as 127.0.0.1 (DNS rebinding), and
//! then call a server there as if it were its own. Its name still stands in `Host`. A server that asks for tokens is safe:
//! the page has none. An open server takes the names of its own machine, the hosts of allowed origins, and, where others
//! reach it, IP addresses: behind one of those there is no name that could point elsewhere.

use std::{net::IpAddr, sync::Arc};

use axum::http::{HeaderMap, Uri, Version, header};

use super::Rejection;
use crate::config::AllowedOrigins;

/// Refuses what is no request of HTTP/1.1 without one `Host` (RFC 9112, section 3.2).
pub(super) fn require(version: Version, headers: &HeaderMap) -> Result<(), Rejection> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    if second.is_some() || (first.is_none() && version == Version::HTTP_11) {
        return Err(Rejection::bad_request(
            "a request must have one header Host, with the name that it calls",
        ));
    }
    Ok(())
}

/// The names that an open server is called by.
#[derive(Clone, Debug)]
pub(super) struct Names {
    /// The hosts of these may be named: their pages may call anyhow.
    pub(super) origins: Arc<AllowedOrigins>,
    /// Whether others than this machine reach the server, by an IP address.
    pub(super) addresses: bool,
}

impl Names {
    /// Refuses requests that name another host.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Rejection> {
        let name = header::HOST.as_str();
        let is_named = names_this_machine(headers, name)
            || only(headers, name).and_then(host).is_some_and(|host| self.include(&host));
        if is_named { Ok(()) } else { Err(Rejection::foreign_host()) }
    }

    fn include(&self, host: &str) -> bool {
        let is_address = || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        self.origins.include_host(host) || (self.addresses && is_address())
    }
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
    is_local_name || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_others_reach_an_open_server_it_is_called_by_its_addresses() {
        let names = |addresses| Names { origins: Arc::default(), addresses };
        let taken = |addresses, host: &str| {
            let headers = HeaderMap::from_iter([(header::HOST, host.parse().expect("a value"))]);
            names(addresses).check(&headers).is_ok()
        };
        let table = [
            ("localhost:8080", true, true),
            ("127.0.0.1", true, true),
            ("192.168.0.7:8080", false, true),
            ("[2001:db8::1]:8080", false, true),
            ("192.168.0.7.evil.example", false, false),
            ("evil.example", false, false),
            ("messenger:8080", false, false),
            ("", false, false),
        ];
        for (host, here, elsewhere) in table {
            assert_eq!((taken(false, host), taken(true, host)), (here, elsewhere), "{host:?}");
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
