//! Bodies that were compressed for the way.

use std::io::Read;

use axum::http::{HeaderMap, header::CONTENT_ENCODING};
use flate2::bufread::GzDecoder;
use tokio::task::yield_now;

use super::{Rejection, budget::Reservation};

/// The bytes that are unpacked at a time.
const PIECE_BYTES: usize = 8 * 1024;
/// How many pieces are unpacked before others have their turn: that takes less than a millisecond.
const PIECES_AT_ONCE: usize = 16;

/// How a body was compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
}

impl Coding {
    /// What the headers say. One coding is taken, once.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Rejection> {
        let values = headers.get_all(CONTENT_ENCODING).iter();
        let named = values.flat_map(|value| value.to_str().unwrap_or("?").split(',')).map(str::trim);
        let mut codings = named.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"));
        match (codings.next(), codings.next()) {
            (None, _) => Ok(Self::Identity),
            (Some(only), None) if ["gzip", "x-gzip"].iter().any(|name| only.eq_ignore_ascii_case(name)) => {
                Ok(Self::Gzip)
            }
            _ => Err(Rejection::unsupported_coding()),
        }
    }

    /// The body as it was before it was compressed, of so many bytes at most. What is packed keeps its place in the budget, and
    /// what is unpacked takes more of it as it grows: a kilobyte may unpack to a megabyte.
    pub(super) async fn unpack(
        self,
        body: Vec<u8>,
        most: usize,
        reservation: &mut Reservation,
    ) -> Result<Vec<u8>, Rejection> {
        match self {
            Self::Identity => Ok(body),
            Self::Gzip => gunzip(&body, most, reservation).await,
        }
    }
}

/// A body is one member. A file of many empty ones would be read without a yield, and no client sends several.
async fn gunzip(packed: &[u8], most: usize, reservation: &mut Reservation) -> Result<Vec<u8>, Rejection> {
    let mut decoder = GzDecoder::new(packed);
    let mut unpacked = Vec::new();
    let mut piece = [0; PIECE_BYTES];
    for number in 1_usize.. {
        let no_gzip = |_| Rejection::bad_request("the body is not gzip, as Content-Encoding says");
        let length = decoder.read(&mut piece).map_err(no_gzip)?;
        if length == 0 {
            break;
        }
        if unpacked.len() + length > most {
            return Err(Rejection::too_large(most));
        }
        let held = packed.len() + unpacked.len() + length;
        reservation.grow_to(held).map_err(|_| Rejection::overloaded())?;
        unpacked.extend_from_slice(&piece[..length]);
        if number.is_multiple_of(PIECES_AT_ONCE) {
            yield_now().await;
        }
    }
    if !decoder.into_inner().is_empty() {
        return Err(Rejection::bad_request("the body goes on after its gzip member; it must be one member"));
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn one_coding_is_taken_once() {
        let of = |values: &[&'static str]| {
            let pairs = values.iter().map(|value| (CONTENT_ENCODING, HeaderValue::from_static(value)));
            Coding::of(&pairs.collect()).ok()
        };
        let table: [(&[&str], Option<Coding>); 9] = [
            (&[], Some(Coding::Identity)),
            (&[""], Some(Coding::Identity)),
            (&["identity"], Some(Coding::Identity)),
            (&["gzip"], Some(Coding::Gzip)),
            (&["X-GZIP"], Some(Coding::Gzip)),
            (&["identity, gzip"], Some(Coding::Gzip)),
            (&["gzip, gzip"], None),
            (&["gzip", "gzip"], None),
            (&["br"], None),
        ];
        for (values, expected) in table {
            assert_eq!(of(values), expected, "{values:?}");
        }
    }
}
