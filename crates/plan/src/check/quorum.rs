//! Clusters that must keep a majority.

use crate::{Finding, Resolved};

pub(super) fn findings(_rack: &Resolved, _out: &mut Vec<Finding>) {}
