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
    pub fn fetch_limit(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// Makes a page in the list's order of rows that were read with [`Bounds::fetch_limit`], nearest first.
    pub fn into_page<T>(&self, mut rows: Vec<T>) -> Page<T> {
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
    /// The same page without the items of which nothing is made.
    pub fn filter_map<U>(self, change: impl FnMut(T) -> Option<U>) -> Page<U> {
        Page {
            items: self.items.into_iter().filter_map(change).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }

    /// The same page of other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The list 0, 1, 2 … as a query would read it: after and before the bounds, from the nearest end, one too many.
    fn fetch(length: u32, bounds: &Bounds<u32>) -> Vec<u32> {
        let start = bounds.after.map_or(0, |after| after + 1);
        let end = bounds.before.map_or(length, |before| before.min(length));
        let probe = usize::try_from(bounds.fetch_limit()).expect("a small number");
        let rows = start..end;
        if bounds.from_end { rows.rev().take(probe).collect() } else { rows.take(probe).collect() }
    }

    proptest! {
        #[test]
        fn pages_put_together_are_the_list(length in 0..50_u32, limit in 1..20_u32, from_end: bool) {
            let mut bounds = Bounds { from_end, ..Bounds::first(limit, None) };
            let mut read: Vec<u32> = Vec::new();
            loop {
                let page = bounds.into_page(fetch(length, &bounds));
                prop_assert!(page.items.len() <= limit as usize);
                let goes_on = if from_end {
                    read.splice(0..0, page.items);
                    bounds.before = read.first().copied();
                    page.has_previous
                } else {
                    read.extend(page.items);
                    bounds.after = read.last().copied();
                    page.has_next
                };
                if !goes_on {
                    break;
                }
            }
            prop_assert_eq!(read, (0..length).collect::<Vec<_>>());
        }

        #[test]
        fn a_page_knows_what_lies_around_it(
            length in 1..50_u32, limit in 1..60_u32, after: Option<u8>, before: Option<u8>, from_end: bool,
        ) {
            let within = |place: u8| u32::from(place) % length;
            let bounds = Bounds { after: after.map(within), before: before.map(within), limit, from_end };
            let page = bounds.into_page(fetch(length, &bounds));
            if let (Some(first), Some(last)) = (page.items.first(), page.items.last()) {
                prop_assert_eq!(page.has_previous, *first > 0);
                prop_assert_eq!(page.has_next, *last + 1 < length);
            }
        }
    }
}
