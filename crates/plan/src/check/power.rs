//! What draws power, and what may deliver it.

use crate::{Finding, Resolved};

pub(super) fn findings(_rack: &Resolved, _out: &mut Vec<Finding>) {}
