//! Arrangements that are known to bite, by name.

use crate::{Finding, Resolved};

pub(super) fn findings(_rack: &Resolved, _out: &mut Vec<Finding>) {}
