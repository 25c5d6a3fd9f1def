//! How findings name several things at once.

use std::collections::BTreeMap;
use std::fmt::Display;

/// So many names are written out; of more, only the first three.
const WRITTEN_OUT: usize = 4;

/// `a`, `a and b`, or `a, b, c and 21 more`.
pub(super) fn list<T: Display>(names: impl IntoIterator<Item = T>) -> String {
    let mut names = names.into_iter();
    let first: Vec<String> = names.by_ref().take(WRITTEN_OUT).map(|it| it.to_string()).collect();
    match (first.as_slice(), names.count()) {
        ([], _) => String::new(),
        ([one], _) => one.clone(),
        ([all @ .., last], 0) => format!("{} and {last}", all.join(", ")),
        ([shown @ .., _], more) => format!("{} and {} more", shown.join(", "), more + 1),
    }
}

/// `1 node`, `24 nodes`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// The values of every key, both in order.
pub(super) fn grouped<K: Ord, V>(all: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, Vec<V>> {
    let mut groups = BTreeMap::<K, Vec<V>>::new();
    for (key, value) in all {
        groups.entry(key).or_default().push(value);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn up_to_four_names_are_written_out_and_of_more_three() {
        assert_eq!(list(["a"; 0]), "");
        assert_eq!(list(["a"]), "a");
        assert_eq!(list(["a", "b"]), "a and b");
        assert_eq!(list(["a", "b", "c", "d"]), "a, b, c and d");
        assert_eq!(list(["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
    }
}
