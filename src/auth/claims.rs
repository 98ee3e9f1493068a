//! What a token says.

use serde::Deserialize;

use super::TokenError;
use crate::{config::AuthConfig, types::Timestamp};

/// What somebody must be allowed to act for others.
const SERVICE: &str = "messenger:service";

/// How far the clocks of the one who signs and of this server may be apart.
const LEEWAY_MILLIS: i64 = 30_000;

/// Later times, from the year 5138 on, are not meant: in milliseconds it is 1973.
const LATEST_SECONDS: f64 = 1e11;

/// The claims that mean something here (RFC 7519, section 4.1); others are passed over.
#[derive(Deserialize)]
pub(super) struct Claims {
    pub(super) sub: Option<String>,
    pub(super) username: Option<String>,
    pub(super) name: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    aud: Option<Texts>,
    iss: Option<String>,
    scope: Option<Texts>,
}

/// One text, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Claims {
    /// Until when they are good, if they are now.
    pub(super) fn check(&self, config: &AuthConfig, now: Timestamp) -> Result<Timestamp, TokenError> {
        let exp = self.exp.ok_or(TokenError::NoExpiry)?;
        if let Some(claim) = self.in_milliseconds() {
            return Err(TokenError::InMilliseconds(claim));
        }
        let until = millis(exp).saturating_add(LEEWAY_MILLIS);
        if now.millis() >= until {
            return Err(TokenError::Expired);
        }
        if self.nbf.is_some_and(|from| now.millis() < millis(from).saturating_sub(LEEWAY_MILLIS)) {
            return Err(TokenError::NotYet);
        }
        if let Some(audience) = &config.audience
            && !self.aud.as_ref().is_some_and(|aud| aud.have(audience))
        {
            return Err(TokenError::WrongAudience);
        }
        if config.issuer.is_some() && config.issuer != self.iss {
            return Err(TokenError::WrongIssuer);
        }
        Ok(Timestamp::from_millis(until))
    }

    /// The first time that is not in seconds. All are looked at, also `iat`, which means nothing else here: whoever signs
    /// in the wrong unit is told so, and not that the token is of a time to come.
    fn in_milliseconds(&self) -> Option<&'static str> {
        let times = [("exp", self.exp), ("nbf", self.nbf), ("iat", self.iat)];
        let wrong = times.into_iter().find(|(_, time)| time.is_some_and(|time| time >= LATEST_SECONDS));
        wrong.map(|(claim, _)| claim)
    }

    /// Whether it is that of a service, which may act for anybody.
    pub(super) fn are_of_service(&self) -> bool {
        match &self.scope {
            None => false,
            Some(Texts::One(scopes)) => scopes.split(' ').any(|scope| scope == SERVICE),
            Some(scopes @ Texts::Many(_)) => scopes.have(SERVICE),
        }
    }
}

impl Texts {
    fn have(&self, wanted: &str) -> bool {
        match self {
            Self::One(text) => text == wanted,
            Self::Many(texts) => texts.iter().any(|text| text == wanted),
        }
    }
}

/// Seconds since 1970, which may have a fraction. What is out of bounds is the bound.
#[expect(clippy::cast_possible_truncation, reason = "this cast saturates")]
fn millis(seconds: f64) -> i64 {
    (seconds * 1000.0) as i64
}

/// The claims of a token that is made here.
#[derive(serde::Serialize)]
pub(super) struct NewClaims<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sub: Option<&'a str>,
    pub(super) iat: i64,
    pub(super) exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) aud: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) iss: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<&'static str>,
}

impl<'a> NewClaims<'a> {
    /// Claims of this time, which is in seconds since 1970.
    pub(super) fn new(config: &'a AuthConfig, iat: i64, exp: i64, is_service: bool) -> Self {
        let (aud, iss) = (config.audience.as_deref(), config.issuer.as_deref());
        Self { sub: None, iat, exp, aud, iss, scope: is_service.then_some(SERVICE) }
    }
}
