//! What must run, and the memory, cores and ports there are for it.

use crate::{Finding, Resolved};

pub(super) fn findings(_rack: &Resolved, _out: &mut Vec<Finding>) {}
