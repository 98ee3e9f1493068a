//! What messages tell of the schema when introspection is off: nothing that the client did not name itself.

use std::{collections::HashSet, sync::Arc};

/// Covers the names in messages, or leaves them.
#[derive(Clone, Debug, Default)]
pub(in crate::graphql) struct NameMasking(Option<Arc<str>>);

impl NameMasking {
    /// Covers what does not stand in this document.
    pub(in crate::graphql) fn about(document: Arc<str>) -> Self {
        Self(Some(document))
    }

    /// A message of the library, which quotes every name that it tells.
    pub(in crate::graphql) fn mask(&self, message: String) -> String {
        let Some(document) = &self.0 else { return message };
        let sent: HashSet<&str> = words(document).collect();
        let told = message.split_once(" Did you mean").map_or(message.as_str(), |(told, _)| told);
        let is_known = |quoted: &str| words(quoted).all(|word| sent.contains(word));
        // What stands between quotes are the parts at odd places.
        let parts = told.split('"').enumerate().map(|(place, part)| match place % 2 {
            1 if !is_known(part) => "…",
            _ => part,
        });
        parts.collect::<Vec<_>>().join("\"")
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    parts.filter(|word| word.starts_with(|first: char| !first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_were_sent_are_told() {
        let masking = NameMasking::about("query ($id: ID!) { user(id: $id) { nme } }".into());
        let table = [
            (
                "Cannot query field \"nme\" on type \"User\". Did you mean \"name\"?",
                "Cannot query field \"nme\" on type \"…\".",
            ),
            ("Cannot query field \"nme\" on type \"Query\".", "Cannot query field \"nme\" on type \"…\"."),
            (
                "Invalid value for argument \"user.id\", expected type \"ID!\"",
                "Invalid value for argument \"user.id\", expected type \"ID!\"",
            ),
            (
                "Invalid value for argument \"user.window.0\", expected type \"[RecentWindow!]\"",
                "Invalid value for argument \"…\", expected type \"…\"",
            ),
        ];
        for (message, expected) in table {
            assert_eq!(masking.mask(message.to_owned()), expected);
            assert_eq!(NameMasking::default().mask(message.to_owned()), message);
        }
    }
}
