//! Whether a setting was made.

/// A setting that was left empty counts as not set.
pub(super) fn given(value: Option<&String>) -> Option<&str> {
    value.map(|value| value.trim()).filter(|value| !value.is_empty())
}
