//! Files as the binary carries them: compressed once, when they were built, and unpacked only for clients that cannot.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, Read},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, header::ACCEPT_ENCODING},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::read::GzDecoder;
use rust_embed::RustEmbed;
use tokio::sync::Mutex;

use crate::http::list_header::values;

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Packed {
    /// Compressed with gzip.
    pub(super) bytes: Bytes,
    /// Says which version it is. Weak, because it is that of the unpacked file as well.
    pub(super) etag: String,
}

impl Packed {
    pub(super) fn new(bytes: Bytes, hash: [u8; 32]) -> Self {
        Self { bytes, etag: format!("W/\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&hash[..16])) }
    }

    /// The file with this name before it was compressed.
    pub(super) fn find<Files: RustEmbed>(path: &str) -> Option<Self> {
        let file = Files::get(&format!("{path}.gz"))?;
        let bytes = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        Some(Self::new(bytes, file.metadata.sha256_hash()))
    }

    /// The file itself. The first one who asks waits some milliseconds for the largest, and everybody shares it.
    pub(super) async fn unpacked(self) -> io::Result<Bytes> {
        let mut unpacked = UNPACKED.lock().await;
        if let Some(known) = unpacked.get(&self.etag) {
            return Ok(known.clone());
        }
        let bytes = tokio::task::spawn_blocking(move || unpack(&self.bytes)).await??;
        unpacked.insert(self.etag, bytes.clone());
        Ok(bytes)
    }
}

/// Files that somebody has asked for without compression, by their versions; at most those that the binary carries. A copy for
/// each client would be megabytes for a request of a hundred bytes without a token.
static UNPACKED: Mutex<BTreeMap<String, Bytes>> = Mutex::const_new(BTreeMap::new());

fn unpack(packed: &[u8]) -> io::Result<Bytes> {
    let mut unpacked = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut unpacked)?;
    Ok(unpacked.into())
}

/// Whether a client takes gzip. Who says nothing takes what is not compressed: that is what curl expects.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let listed = values(headers, ACCEPT_ENCODING).collect::<Vec<_>>().join(",");
    let takes = |coding: &str| {
        let mut codings = listed.split(',').map(|entry| entry.split_once(';').unwrap_or((entry, "")));
        codings
            .find(|(name, _)| name.trim().eq_ignore_ascii_case(coding))
            .map(|(_, weight)| is_wanted(weight))
    };
    takes("gzip").or_else(|| takes("*")).unwrap_or(false)
}

/// Whether a weight is more than `q=0`; without one it is.
fn is_wanted(weight: &str) -> bool {
    let weight = weight.trim().trim_start_matches(['q', 'Q']).trim_start_matches('=');
    weight.is_empty() || weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use axum::http::HeaderValue;
    use flate2::{Compression, write::GzEncoder};

    use super::*;

    #[tokio::test]
    async fn all_who_take_no_gzip_share_one_unpacked_file() {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(b"a large file").expect("memory");
        let packed = Packed::new(packed.finish().expect("memory").into(), [7; 32]);
        let one = packed.clone().unpacked().await.expect("a file");
        let other = packed.unpacked().await.expect("a file");
        assert_eq!((&*one, &*other), (b"a large file".as_slice(), b"a large file".as_slice()));
        assert_eq!(one.as_ptr(), other.as_ptr(), "nothing is copied");
    }

    #[test]
    fn gzip_is_for_those_who_say_that_they_take_it() {
        let table: [(&[&str], bool); 10] = [
            (&[], false),
            (&[""], false),
            (&["gzip, deflate, br, zstd"], true),
            (&["br", "GZIP"], true),
            (&["br;q=1.0, gzip;q=0.001"], true),
            (&["gzip;q=0, *"], false),
            (&["gzip; q=0.000"], false),
            (&["*"], true),
            (&["*;q=0"], false),
            (&["identity, br"], false),
        ];
        for (sent, expected) in table {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append(ACCEPT_ENCODING, HeaderValue::from_str(value).expect("a value"));
            }
            assert_eq!(takes_gzip(&headers), expected, "{sent:?}");
        }
    }
}
