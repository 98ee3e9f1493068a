//! The documents that clients registered, as far as there is place for them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// Texts by their hashes. Those that were asked for least recently make place for new ones.
#[derive(Debug)]
pub(in crate::graphql) struct Recent {
    max_count: usize,
    max_bytes: usize,
    bytes: usize,
    /// How often something was put in or asked for.
    uses: u64,
    texts: HashMap<Arc<str>, CachedText>,
    /// The hashes by their last use.
    order: BTreeMap<u64, Arc<str>>,
}

#[derive(Debug)]
struct CachedText {
    text: Arc<str>,
    used: u64,
}

impl Recent {
    pub(super) fn new(max_count: usize, max_bytes: usize) -> Self {
        Self { max_count, max_bytes, bytes: 0, uses: 0, texts: HashMap::new(), order: BTreeMap::new() }
    }

    /// The text of a hash.
    pub(super) fn get(&mut self, hash: &str) -> Option<Arc<str>> {
        let kept = self.texts.get_mut(hash)?;
        let text = Arc::clone(&kept.text);
        let hash = self.order.remove(&kept.used)?;
        self.uses += 1;
        kept.used = self.uses;
        self.order.insert(self.uses, hash);
        Some(text)
    }

    /// Keeps a text, and lets others go for it.
    pub(super) fn put(&mut self, hash: &str, text: &str) {
        if text.len() > self.max_bytes || self.get(hash).is_some() {
            return;
        }
        self.bytes += text.len();
        while self.texts.len() >= self.max_count || self.bytes > self.max_bytes {
            let Some((_, oldest)) = self.order.pop_first() else { break };
            let gone = self.texts.remove(&oldest);
            self.bytes -= gone.map_or(0, |kept| kept.text.len());
        }
        self.uses += 1;
        let hash: Arc<str> = hash.into();
        self.order.insert(self.uses, Arc::clone(&hash));
        self.texts.insert(hash, CachedText { text: text.into(), used: self.uses });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_not_asked_for_makes_place() {
        let mut recent = Recent::new(2, 100);
        recent.put("a", "one");
        recent.put("b", "two");
        assert_eq!(recent.get("a").as_deref(), Some("one"));
        recent.put("c", "three");
        assert_eq!(recent.get("b"), None);
        assert_eq!(recent.get("a").as_deref(), Some("one"));
        recent.put("d", &"x".repeat(98));
        assert_eq!((recent.get("a"), recent.get("c")), (None, None));
        recent.put("e", &"x".repeat(101));
        assert_eq!((recent.get("e"), recent.bytes), (None, 98));
    }

    proptest! {
        #[test]
        fn the_bounds_hold_whatever_is_kept(
            steps in prop::collection::vec((any::<bool>(), 0_u8..12, 0_usize..30), 0..200),
        ) {
            let mut recent = Recent::new(5, 60);
            for (puts, name, length) in steps {
                let (hash, text) = (name.to_string(), "x".repeat(length));
                if puts {
                    recent.put(&hash, &text);
                    prop_assert!(recent.get(&hash).is_some());
                } else {
                    recent.get(&hash);
                }
                let held: usize = recent.texts.values().map(|kept| kept.text.len()).sum();
                prop_assert!(recent.bytes == held && held <= 60 && recent.texts.len() <= 5);
                prop_assert_eq!(recent.order.len(), recent.texts.len());
            }
        }
    }
}
