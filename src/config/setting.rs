//! What a setting is called, and whether it was made.

use std::fmt;

use super::ConfigError;

/// A setting, by its variable in the environment. It is shown with its flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting(pub &'static str);

impl Setting {
    /// The flag with which it is made on the command line.
    #[must_use]
    pub fn flag(self) -> String {
        if self == super::DatabaseArgs::DATABASE {
            return "--database".to_owned();
        }
        let name = self.0.strip_prefix("MESSENGER_").unwrap_or(self.0);
        format!("--{}", name.to_ascii_lowercase().replace('_', "-"))
    }

    /// What it was set to, without the spaces around it. A value that is empty may have been lost on its way here, so it
    /// is refused and not taken for the default.
    pub(super) fn given(self, value: Option<&String>) -> Result<Option<&str>, ConfigError> {
        match value.map(|value| value.trim()) {
            Some("") => Err(ConfigError::Empty(self)),
            given => Ok(given),
        }
    }

    /// Whether it is switched on.
    pub(super) fn switch(self, value: Option<&String>, default: bool) -> Result<bool, ConfigError> {
        match self.given(value)? {
            None => Ok(default),
            Some("on") => Ok(true),
            Some("off") => Ok(false),
            Some(other) => Err(ConfigError::Switch { setting: self, given: other.to_owned() }),
        }
    }

    /// The number that it was set to.
    pub(super) fn number(
        self,
        value: Option<&String>,
        default: usize,
        [least, most]: [usize; 2],
    ) -> Result<usize, ConfigError> {
        let Some(text) = self.given(value)? else {
            return Ok(default);
        };
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| ConfigError::Number { setting: self, given: text.to_owned(), least, most })
    }

    /// The parts that have commas between them; none when it was not set.
    pub(super) fn list(self, value: Option<&String>) -> Result<Vec<&str>, ConfigError> {
        let Some(text) = self.given(value)? else {
            return Ok(Vec::new());
        };
        let parts: Vec<_> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { Err(ConfigError::Empty(self)) } else { Ok(parts) }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} or {}", self.0, self.flag())
    }
}
