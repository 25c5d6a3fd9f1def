//! Whether two files are about one rack: only then can what they place be compared.

use rackberry::plan::Resolved;

/// No more names than this are said of each rack.
const NAMED: usize = 4;

/// Why what `file` has in `other` cannot be a placement of `rack`; nothing where it can.
pub(super) fn stranger(file: &str, rack: &Resolved, other: &Resolved) -> Option<String> {
    let (here, there) = (&rack.rack.rack, &other.rack.rack);
    if !akin(here, there) {
        return Some(format!(
            "{file} is about the rack `{there}`, and this one is `{here}`: only placements of one rack can be \
             compared (if it is the same rack, give it the same `rack:`)"
        ));
    }
    let nodes = |it: &Resolved| it.nodes.iter().map(|it| it.id.to_string()).collect();
    let workloads = |it: &Resolved| it.workloads.iter().map(|it| it.id.to_string()).collect();
    apart(file, "nodes", nodes(rack), nodes(other))
        .or_else(|| apart(file, "workloads", workloads(rack), workloads(other)))
}

/// Whether one name is the other, or goes on from it: `desk` and `desk-by-hand`.
fn akin(a: &str, b: &str) -> bool {
    let goes_on = |it: &str, from: &str| {
        it.strip_prefix(from).is_some_and(|it| !it.starts_with(|it: char| it.is_alphanumeric()))
    };
    goes_on(a, b) || goes_on(b, a)
}

/// That two racks have none of these names in common.
fn apart(file: &str, what: &str, here: Vec<String>, there: Vec<String>) -> Option<String> {
    if here.is_empty() || here.iter().any(|it| there.contains(it)) {
        return None;
    }
    let (here, there) = (named(&here), named(&there));
    Some(format!("{file} has none of the {what} of this rack: {there} there, and {here} here"))
}

fn named(names: &[String]) -> String {
    let more = if names.len() > NAMED { ", ..." } else { "" };
    let some: Vec<_> = names.iter().take(NAMED).map(String::as_str).collect();
    if some.is_empty() { "none".into() } else { some.join(", ") + more }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_akin_to_itself_and_to_what_goes_on_from_it() {
        assert!(akin("desk", "desk") && akin("desk", "desk-by-hand") && akin("desk 2", "desk"));
        assert!(!akin("desk", "desktop") && !akin("desk", "attic"));
    }
}
