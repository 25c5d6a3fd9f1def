//! What is wrong or risky about a rack.

mod address;
mod cable;
mod capacity;
mod depend;
mod network;
mod port;
mod power;
mod quorum;
mod radius;
mod storage;
mod trap;
mod wording;

use crate::{Finding, Resolved};

/// Everything that is wrong or risky about `rack`: the worst first, then by place.
pub fn check(rack: &Resolved) -> Vec<Finding> {
    let mut findings = Vec::new();
    let rules = [
        power::findings,
        port::findings,
        network::findings,
        address::findings,
        capacity::findings,
        quorum::findings,
        depend::findings,
        radius::findings,
        trap::findings,
        storage::findings,
    ];
    rules.iter().for_each(|rule| rule(rack, &mut findings));
    findings.sort_by(|a, b| (a.severity, &a.at, &a.rule).cmp(&(b.severity, &b.at, &b.rule)));
    findings.dedup();
    findings
}
