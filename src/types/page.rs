//! Pages of a list, cut the same way everywhere.

/// Which part of a list is asked for, by keys of type `K`. Bounds are exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds<K> {
    /// Only what comes after this key in the list's order.
    pub after: Option<K>,
    /// Only what comes before this key in the list's order.
    pub before: Option<K>,
    /// The most items.
    pub limit: u32,
    /// Whether to take them from the end of what the keys leave, instead of from its start.
    pub from_end: bool,
}

impl<K> Bounds<K> {
    /// The first `limit` items after `after`.
    pub const fn first(limit: u32, after: Option<K>) -> Self {
        Self { after, before: None, limit, from_end: false }
    }

    /// One more than the limit: the one too many tells that there is more.
    #[must_use]
    pub fn probe(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Cuts rows that were read with [`Bounds::probe`], nearest first, into a page in the list's order.
    pub fn cut<T>(&self, mut rows: Vec<T>) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        if self.from_end {
            rows.reverse();
            return Page {
                items: rows,
                has_next: self.before.is_some(),
                has_previous: more || self.after.is_some(),
            };
        }
        Page { items: rows, has_next: more || self.before.is_some(), has_previous: self.after.is_some() }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Whether the list goes on after the last of them.
    pub has_next: bool,
    /// Whether something comes before the first of them.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// The same page of other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}
