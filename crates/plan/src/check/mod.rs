//! What is wrong or risky about a rack.

mod address;
mod cable;
mod capacity;
mod depend;
mod fit;
mod graph;
mod guest;
mod network;
mod port;
mod power;
mod quorum;
mod radius;
mod storage;
mod survey;
mod tell;
mod trap;
mod wording;

pub(crate) use cable::{Socket, trunks, uplink};
pub(crate) use power::standard_limit;
pub use radius::{Loss, Stays, radius};

use crate::{Finding, Resolved};
use survey::Survey;

/// Everything that is wrong or risky about `rack`: the worst first, then by place.
pub fn check(rack: &Resolved) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in [power::findings, port::findings, network::findings, address::findings] {
        rule(rack, &mut findings);
    }
    let survey = Survey::new(rack);
    let rules = [
        capacity::findings,
        fit::findings,
        guest::findings,
        quorum::findings,
        depend::findings,
        radius::findings,
        trap::findings,
        storage::findings,
    ];
    rules.iter().for_each(|rule| rule(&survey, &mut findings));
    findings.sort_by(|a, b| (a.severity, &a.at, &a.rule).cmp(&(b.severity, &b.at, &b.rule)));
    findings.dedup();
    findings
}
