//! Pages of which origins may call the server.

use super::{ConfigError, Setting};

/// The origins whose pages may call the server, beside its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// These, as browsers write them.
    Listed(Vec<String>),
    /// All there are.
    All,
}

impl Default for AllowedOrigins {
    /// None but the server's own.
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl AllowedOrigins {
    /// Reads the origins of a list, or `*` alone.
    pub(super) fn read(setting: Setting, listed: &[&str]) -> Result<Self, ConfigError> {
        if listed == ["*"] {
            return Ok(Self::All);
        }
        let refused = |given: &str| ConfigError::Origin { setting, given: given.to_owned() };
        let origins = listed.iter().map(|origin| normal(origin).ok_or_else(|| refused(origin)));
        origins.collect::<Result<_, _>>().map(Self::Listed)
    }

    /// Whether only the server's own pages may call it.
    #[must_use]
    pub fn are_none(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a page of the origin that a browser names may call the server.
    #[must_use]
    pub fn allow(&self, origin: &str) -> bool {
        match self {
            Self::All => true,
            Self::Listed(origins) => normal(origin).is_some_and(|origin| origins.contains(&origin)),
        }
    }

    /// Whether one of the origins has this host. Its pages may call the server anyhow, so requests may name it.
    #[must_use]
    pub fn include_host(&self, host: &str) -> bool {
        match self {
            Self::All => true,
            Self::Listed(origins) => origins.iter().any(|origin| {
                let (_, authority) = origin.split_once("://").unwrap_or_default();
                without_port(authority) == host
            }),
        }
    }
}

/// An origin as browsers write it: in lower case, without the port that goes without saying. `None` for what is no origin,
/// which includes `null`: any page can make itself one of that.
fn normal(origin: &str) -> Option<String> {
    let (scheme, authority) = origin.split_once("://")?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_authority = !without_port(authority).is_empty()
        && authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte));
    if !is_scheme || !is_authority {
        return None;
    }
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let usual_port = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => "",
    };
    Some(format!("{scheme}://{}", authority.strip_suffix(usual_port).unwrap_or(&authority)))
}

/// The host of an authority. An IPv6 address has its colons in brackets.
fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTING: Setting = Setting("MESSENGER_ALLOWED_ORIGINS");

    fn parse(text: &str) -> Result<AllowedOrigins, ConfigError> {
        AllowedOrigins::read(SETTING, &SETTING.list(Some(&text.to_owned()))?)
    }

    #[test]
    fn origins_are_compared_as_browsers_write_them() {
        let allowed = parse(
            "https://Chat.example, http://localhost:5173,https://a.example:443,http://[::1]:80,capacitor://localhost,",
        );
        let allowed = allowed.expect("origins");
        let table = [
            ("https://chat.example", true),
            ("https://chat.example:443", true),
            ("http://chat.example", false),
            ("https://chat.example:8443", false),
            ("https://chat.example.evil.example", false),
            ("https://evil.chat.example", false),
            ("http://localhost:5173", true),
            ("http://localhost", false),
            ("https://a.example", true),
            ("http://[::1]", true),
            ("capacitor://localhost", true),
            ("null", false),
            ("", false),
        ];
        for (origin, expected) in table {
            assert_eq!(allowed.allow(origin), expected, "{origin}");
        }
        for (host, expected) in
            [("chat.example", true), ("localhost", true), ("[::1]", true), ("example", false)]
        {
            assert_eq!(allowed.include_host(host), expected, "{host}");
        }
    }

    #[test]
    fn a_star_allows_everybody_and_nothing_nobody() {
        let all = parse("*").expect("all");
        assert!(all.allow("http://evil.example") && all.allow("null") && !all.are_none());
        let none = AllowedOrigins::default();
        assert!(!none.allow("http://localhost") && !none.include_host("localhost") && none.are_none());
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        let table = [
            "chat.example",
            "https://",
            "https://:443",
            "https://chat.example/",
            "https://chat.example/app",
            "https://me@chat.example",
            "https://*.example",
            "null",
            "https://a.example *",
            "*.example",
            "://a",
        ];
        for text in table {
            let refused = ConfigError::Origin { setting: SETTING, given: text.to_owned() };
            assert_eq!(parse(text), Err(refused), "{text}");
        }
    }
}
