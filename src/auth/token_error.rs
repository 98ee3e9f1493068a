//! Why a token is not believed.

/// Why a token is not believed, and what to do about it. Short enough for the reason of a WebSocket's close frame, and
/// shows nothing of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// There is none.
    #[error(
        "the token is missing: send Authorization: Bearer TOKEN, on a WebSocket in the payload of connection_init"
    )]
    Missing,
    /// It is no JWT.
    #[error(
        "the token is malformed: Authorization must be Bearer, a space and a JWT (three parts with dots between)"
    )]
    Malformed,
    /// It was signed in another way than the keys are for.
    #[error("the token has the wrong alg: sign it with {0}, which is what this server's key is for")]
    WrongAlgorithm(&'static str),
    /// There is no such key.
    #[error(
        "the token has an unknown kid: sign it with a key of this server's JWKS, and name that key in kid"
    )]
    UnknownKey,
    /// Somebody else signed it, or it was changed.
    #[error("the token has a wrong signature: it was signed with another key than this server's, or changed")]
    WrongSignature,
    /// A claim is of the wrong type.
    #[error("the token has a claim of the wrong type: times are numbers of seconds, everything else is text")]
    WrongType,
    /// It would be good for ever.
    #[error("the token has no exp: sign one that says when it expires")]
    NoExpiry,
    /// A time thousands of years from now.
    #[error("the token has an {0} in milliseconds: sign one with seconds since 1970")]
    InMilliseconds(&'static str),
    /// Its time is over.
    #[error("the token has expired: get a new one and send it again")]
    Expired,
    /// Its time is to come.
    #[error("the token is not valid yet (nbf): wait, or set the clock of the host that signs it")]
    NotYet,
    /// It is for somebody else.
    #[error("the token is for another audience: its aud must have what MESSENGER_JWT_AUDIENCE says")]
    WrongAudience,
    /// It is from somebody else.
    #[error("the token is from another issuer: its iss must be what MESSENGER_JWT_ISSUER says")]
    WrongIssuer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_fits_into_a_close_frame() {
        use TokenError::*;
        let all = [
            Missing,
            Malformed,
            WrongAlgorithm("RS256, ES256 or EdDSA"),
            UnknownKey,
            WrongSignature,
            WrongType,
            NoExpiry,
            InMilliseconds("exp"),
            Expired,
            NotYet,
            WrongAudience,
            WrongIssuer,
        ];
        for error in all {
            assert!(error.to_string().len() <= 123, "{error} has {}", error.to_string().len());
        }
    }
}
