//! Bodies that were compressed for the way.

use std::io::{self, Write};

use axum::http::{HeaderMap, header::CONTENT_ENCODING};
use flate2::write::GzDecoder;
use tokio::{sync::Semaphore, task::yield_now};

use super::{Rejection, budget::Reservation};

/// Packed bytes that are read before others have their turn: 1.5 ms where all of them are empty blocks. They unpack to 0.5 MB
/// at most.
const PIECE_BYTES: usize = 512;
/// How many packed bytes may be read beyond those that they unpack to: the names and the frame of a member.
const SLACK_BYTES: usize = 2 * 1024;
/// Bodies of more packed bytes are unpacked one after the other.
const SHORT_BYTES: usize = 16 * 1024;

static LONG_BODIES: Semaphore = Semaphore::const_new(1);

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

/// Unpacks a body of one member; a client sends no more.
///
/// A block takes 2 µs however little is in it, so that 1 MiB of empty ones would take 2 s: a piece is unpacked at a time, none
/// may unpack to less than it is, and one long body is unpacked at a time.
async fn gunzip(packed: &[u8], most: usize, reservation: &mut Reservation) -> Result<Vec<u8>, Rejection> {
    // Nobody closes it; without a permit, the body would only be unpacked earlier.
    let _turn = if packed.len() > SHORT_BYTES { LONG_BODIES.acquire().await.ok() } else { None };
    let mut decoder = GzDecoder::new(Vec::new());
    let mut read = 0;
    for piece in packed.chunks(PIECE_BYTES) {
        write(&mut decoder, piece)?;
        read += piece.len();
        let unpacked = decoder.get_ref().len();
        if unpacked > most {
            return Err(Rejection::too_large(most));
        }
        if read > unpacked + SLACK_BYTES {
            return Err(Rejection::bad_request(
                "the body is longer than what it unpacks to; send it unpacked",
            ));
        }
        reservation.grow_to(packed.len() + unpacked).map_err(|_| Rejection::overloaded())?;
        yield_now().await;
    }
    decoder.finish().map_err(no_gzip)
}

/// Unpacks a piece, all of it.
fn write(decoder: &mut GzDecoder<Vec<u8>>, mut piece: &[u8]) -> Result<(), Rejection> {
    while !piece.is_empty() {
        match decoder.write(piece).map_err(no_gzip)? {
            0 => {
                let message = "the body goes on after its gzip member; it must be one member";
                return Err(Rejection::bad_request(message));
            }
            taken => piece = &piece[taken..],
        }
    }
    decoder.flush().map_err(no_gzip)
}

fn no_gzip(_: io::Error) -> Rejection {
    Rejection::bad_request("the body is not gzip, as Content-Encoding says")
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
