//! Settings that are on or off.

use super::{ConfigError, given::given};

/// What a switch says; `name` is the setting and its flag, for the error.
pub(super) fn switch(value: Option<&String>, default: bool, name: &'static str) -> Result<bool, ConfigError> {
    match given(value) {
        None => Ok(default),
        Some("on") => Ok(true),
        Some("off") => Ok(false),
        Some(other) => Err(ConfigError::Switch { name, value: other.to_owned() }),
    }
}
