//! The known word that was probably meant.

/// The word of `known` that `word` is nearest to, if one is near enough to be meant.
///
/// Near enough: at most a third of its letters changed, added, dropped or swapped, and at least one of
/// them kept.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).take(LONGEST).collect();
    let far = |it: &str| {
        let other: Vec<char> = it.chars().flat_map(char::to_lowercase).take(LONGEST).collect();
        (distance(&word, &other), other.len().max(word.len()))
    };
    let near = known.into_iter().map(|it| (far(it), it));
    let near = near.filter(|((far, length), _)| far * 3 <= *length && far < length);
    near.min_by_key(|((far, _), it)| (*far, *it)).map(|it| it.1)
}

/// Words are compared up to here.
const LONGEST: usize = 64;

/// How many letters must be changed, added, dropped or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_that_was_meant_is_found() {
        let known = ["host-network", "host-ports", "memory", "on"];
        assert_eq!(nearest("host-netwrok", known), Some("host-network"));
        assert_eq!(nearest("Memory", known), Some("memory"));
        assert_eq!(nearest("memroy", known), Some("memory"));
        assert_eq!(nearest("no", known), None);
        assert_eq!(nearest("taints", known), None);
    }
}
