//! One key, and the one algorithm that it is for.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};

use crate::{
    config::Secret,
    types::{JsonBounds, read_json},
};

/// The fewest bytes of an RSA key's modulus: 2048 bits.
const MIN_RSA_BYTES: usize = 256;
/// The bytes of a point on P-256, and of an Ed25519 key.
const P256_POINT: usize = 65;
const ED25519_KEY: usize = 32;

/// A key with which tokens are verified. What a token says of its algorithm must be this one's.
pub(super) struct Key {
    /// What tokens call it, where it has a name.
    pub(super) kid: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) decoding: DecodingKey,
}

impl Key {
    pub(super) fn of_secret(secret: &Secret) -> Self {
        let decoding = DecodingKey::from_secret(secret.reveal().as_bytes());
        Self { kid: None, algorithm: Algorithm::HS256, decoding }
    }

    /// The public key in a PEM file.
    pub(super) fn of_pem(pem: &[u8]) -> Result<Self, &'static str> {
        let text = String::from_utf8_lossy(pem);
        if text.contains("PRIVATE KEY") {
            return Err("it holds a private key, which belongs to the one who signs; give the public one");
        }
        let kinds = [
            (Algorithm::ES256, DecodingKey::from_ec_pem(pem)),
            (Algorithm::EdDSA, DecodingKey::from_ed_pem(pem)),
            (Algorithm::RS256, DecodingKey::from_rsa_pem(pem)),
        ];
        let found = kinds.into_iter().find_map(|(algorithm, key)| Some((algorithm, key.ok()?)));
        let (algorithm, decoding) = found.ok_or(
            "it holds no public key in PEM form (-----BEGIN PUBLIC KEY-----) for RS256, ES256 or EdDSA",
        )?;
        Self { kid: None, algorithm, decoding }.sound().ok_or(
            "its key cannot be used; RSA needs 2048 bits or more, ES256 the curve P-256, EdDSA Ed25519",
        )
    }

    /// A key of a JWKS; `None` when it is for something else, as many of them are.
    pub(super) fn of_jwk(json: &[u8]) -> Option<Self> {
        let jwk: Jwk = read_json(json, JsonBounds::REQUEST).ok()?;
        let algorithm = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => Algorithm::RS256,
            AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => Algorithm::ES256,
            AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
            // A secret is not for a document that others read.
            _ => return None,
        };
        let is_for_this = jwk.common.key_algorithm.is_none_or(|named| named == KeyAlgorithm::from(algorithm));
        let signs =
            jwk.common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
        if !is_for_this || !signs {
            return None;
        }
        let decoding = DecodingKey::from_jwk(&jwk).ok()?;
        Self { kid: jwk.common.key_id, algorithm, decoding }.sound()
    }

    /// Refuses keys that could verify nothing, or too much.
    fn sound(self) -> Option<Self> {
        let is_sound = match (self.algorithm, self.decoding.kind()) {
            (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, .. }) => n.len() >= MIN_RSA_BYTES,
            (Algorithm::RS256, DecodingKeyKind::SecretOrDer(der)) => der.len() > MIN_RSA_BYTES,
            (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => point.len() == P256_POINT,
            (Algorithm::EdDSA, DecodingKeyKind::SecretOrDer(key)) => key.len() == ED25519_KEY,
            _ => false,
        };
        is_sound.then_some(self)
    }

    /// The algorithm as tokens name it.
    pub(super) const fn algorithm_name(&self) -> &'static str {
        match self.algorithm {
            Algorithm::HS256 => "HS256",
            Algorithm::ES256 => "ES256",
            Algorithm::EdDSA => "EdDSA",
            _ => "RS256",
        }
    }
}

/// What a token says of how it was signed.
#[derive(serde::Deserialize)]
pub(super) struct Head {
    pub(super) alg: String,
    pub(super) kid: Option<String>,
    /// Extensions that whoever does not know them must refuse (RFC 7515, section 4.1.11). None are known here.
    pub(super) crit: Option<serde::de::IgnoredAny>,
}

impl Head {
    /// The first of a token's three parts.
    pub(super) fn of(token: &str) -> Option<Self> {
        let (head, _) = token.split_once('.')?;
        let head: Self = read_json(&URL_SAFE_NO_PAD.decode(head).ok()?, JsonBounds::REQUEST).ok()?;
        (token.split('.').count() == 3 && head.crit.is_none()).then_some(head)
    }
}
