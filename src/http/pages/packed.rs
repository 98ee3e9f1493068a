//! Files as the binary carries them: compressed once, when they were built, and unpacked only for clients that cannot.

use std::{
    borrow::Cow,
    io::{self, Read},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, header::ACCEPT_ENCODING},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::read::GzDecoder;
use rust_embed::RustEmbed;

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

    /// The file itself: some milliseconds for the largest, and hardly anybody asks for it.
    pub(super) async fn unpacked(self) -> io::Result<Vec<u8>> {
        let unpack = move || {
            let mut unpacked = Vec::new();
            GzDecoder::new(&*self.bytes).read_to_end(&mut unpacked)?;
            Ok(unpacked)
        };
        tokio::task::spawn_blocking(unpack).await?
    }
}

/// Whether a client takes gzip. Who says nothing takes what is not compressed: that is what curl expects.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let sent: Vec<&str> =
        headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
    let listed = sent.join(",");
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
    use axum::http::HeaderValue;

    use super::*;

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
