//! From which address a request comes, and how often.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    Extension,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{Rejection, body, connection::Connection};
use crate::rates::{RateKey, Rates};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies whose word is taken for who calls.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies(pub(super) Arc<[IpAddr]>);

impl Proxies {
    /// Who calls: the peer, or whom the proxy says it speaks for. `None` for this machine itself.
    ///
    /// Every proxy adds the address it was called from to the end of the list; what stands before the last one that is
    /// trusted, anybody may have written.
    pub(super) fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return Some(peer);
        }
        // A part that is no text is no address, and spoils no other part.
        let lists = headers.get_all(FORWARDED_FOR).iter().map(HeaderValue::as_bytes);
        let named: Vec<&[u8]> = lists.flat_map(|list| list.split(|byte| *byte == b',')).collect();
        for part in named.into_iter().rev() {
            match str::from_utf8(part).ok().and_then(|text| address(text.trim())) {
                Some(address) if self.trusts(address) => {}
                Some(address) => return Some(address),
                // It speaks for somebody, and does not say for whom: they all count as the proxy.
                None => return Some(peer),
            }
        }
        Some(peer).filter(|peer| !peer.is_loopback())
    }

    /// Whose connection it is; `None` for this machine itself and for proxies, whose connections are those of many.
    pub(super) fn rate_key(&self, peer: IpAddr) -> Option<RateKey> {
        let peer = peer.to_canonical();
        (!self.trusts(peer)).then(|| RateKey::address(peer))
    }

    fn trusts(&self, address: IpAddr) -> bool {
        address.is_loopback() || self.0.contains(&address)
    }
}

/// An address, alone or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    text.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

/// Finds the client's address behind proxies, and counts its requests.
#[derive(Debug)]
pub(super) struct ClientResolver {
    pub(super) proxies: Proxies,
    pub(super) rates: Arc<Rates>,
}

impl ClientResolver {
    /// Finds out who calls, and refuses who calls too often. This machine itself, `None`, is not counted.
    pub(super) fn enter(&self, peer: IpAddr, headers: &HeaderMap) -> Result<Option<RateKey>, Rejection> {
        let caller = self.proxies.caller(peer, headers).map(RateKey::address);
        match caller.map(|rate_key| self.rates.requests(rate_key, 1)) {
            Some(Err(rate_limited)) => Err(Rejection::rate_limited(rate_limited)),
            _ => Ok(caller),
        }
    }
}

/// Counts requests that nothing else counts, because they need no token: for pages, for the readiness of the server, and for
/// what is not there.
pub(super) async fn count(
    State(resolver): State<Arc<ClientResolver>>,
    Extension(connection): Extension<Connection>,
    request: Request,
    next: Next,
) -> Response {
    match resolver.enter(connection.peer, request.headers()) {
        Ok(_) => next.run(request).await,
        Err(rejection) => body::refuse(request, rejection).await.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_is_trusted_says_who_calls() {
        let proxies = Proxies(Arc::new(["10.0.0.9".parse().expect("an address")]));
        let table = [
            ("203.0.113.5", "", Some("203.0.113.5")),
            ("203.0.113.5", "198.51.100.1", Some("203.0.113.5")),
            ("127.0.0.1", "", None),
            ("127.0.0.1", "198.51.100.1", Some("198.51.100.1")),
            ("::1", "198.51.100.1, 203.0.113.5", Some("203.0.113.5")),
            ("10.0.0.9", "198.51.100.1, 203.0.113.5, 127.0.0.1", Some("203.0.113.5")),
            ("10.0.0.9", "", Some("10.0.0.9")),
            ("10.0.0.9", "198.51.100.1, nonsense", Some("10.0.0.9")),
            ("127.0.0.1", "nonsense", Some("127.0.0.1")),
            ("127.0.0.1", "é, 198.51.100.1", Some("198.51.100.1")),
            ("127.0.0.1", "198.51.100.1, é", Some("127.0.0.1")),
            ("127.0.0.1", "é", Some("127.0.0.1")),
            ("127.0.0.1", "198.51.100.1:4711", Some("198.51.100.1")),
            ("127.0.0.1", "[2001:db8::1]:4711", Some("2001:db8::1")),
            ("127.0.0.1", "::ffff:198.51.100.1", Some("198.51.100.1")),
            ("::ffff:127.0.0.1", "2001:db8::1", Some("2001:db8::1")),
        ];
        for (peer, forwarded, expected) in table {
            let mut headers = HeaderMap::new();
            if !forwarded.is_empty() {
                let value = HeaderValue::from_bytes(forwarded.as_bytes()).expect("a value");
                headers.insert(FORWARDED_FOR, value);
            }
            let caller = proxies.caller(peer.parse().expect("an address"), &headers);
            assert_eq!(caller, expected.map(|text| text.parse().expect("an address")), "{peer}: {forwarded}");
        }
    }
}
