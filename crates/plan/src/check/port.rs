//! What is plugged in where.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `port-shared` | two cables in one port | only one fits |
//! | `uplink-taken` | a node on the port that should lead to the rest of the house | nothing on the switch gets out |
//! | `sfp-module` | a cage with nothing to plug a cable in, or a module where there is no cage | the cable does not fit |
//! | `nic-absent` | a board without wired network on a port | there is nothing to plug in |
//! | `port-speed` | a link said to be faster than its port, or a board faster than its link | the slower of the two decides |
//! | `ports-full` | switches without a free port | there is none for a new node, or for the laptop of the day it fails |
//! | `link-sides` | a cable whose two ends are described differently | one of them is wrong |
//! | `switch-loop` | two ways between switches | without spanning tree a broadcast circles until nothing else passes |
//! | `direct-cable` | more than two cards joined by cables without a switch | a cable has two ends |
//! | `uplink-oversubscribed` | an uplink much slower than all that is behind it | they share it |
//! | `storage-oversubscribed` | storage behind a link much slower than all nodes that live on it | they boot and write at once after an outage |
//! | `boot-medium` | a node that boots from what its board cannot | it does not start |
//! | `boot-disk` | a node that boots from a kind of disk that is not among its own | one of the two is wrong |
//! | `slow-nic` | network boot at 100 Mbit/s or less | its disk is that slow, too |

mod boot;
mod link;
mod load;
mod taken;

use super::cable;
use crate::{Finding, Resolved};

pub(super) fn findings(rack: &Resolved, out: &mut Vec<Finding>) {
    let plugs = cable::plugs(rack);
    taken::findings(rack, &plugs, out);
    link::findings(rack, out);
    load::findings(rack, &plugs, out);
    boot::findings(rack, out);
}
