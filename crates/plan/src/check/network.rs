//! Networks, VLANs and what carries them.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `subnet-overlap` | two networks that share addresses | a machine on one cannot reach its like on the other |
//! | `subnet-form` | a subnet written by an address within it | it reads as one machine |
//! | `gateway-outside` | a gateway that no machine of its network reaches | there is no way out |
//! | `gateway-unplugged` | a gateway on a network that is only cables from node to node | no router is on it |
//! | `address-outside` | an address outside the subnet of its network | its neighbours do not see it |
//! | `address-reserved` | the first or the last address of a subnet | they mean the network and everybody on it |
//! | `address-unplaced` | an address on no network | nothing can be said of how it is reached |
//! | `network-unused` | a network that nothing is on | it may be a name misspelt |
//! | `dns-unknown` | a private address for DNS that is in no network | a route to it must exist that is not described |
//! | `vlan-duplicate` | one VLAN number for two networks on the same switches | they are one network |
//! | `vlan-unmanaged` | several VLANs on a switch that knows none | its machines all see each other, and each other's DHCP |
//! | `pvid-mismatch` | a node on a port whose untagged network is another | it gets an address of the wrong network |
//! | `guest-cut` | a guest on a network that its host's port does not carry | its frames go nowhere |
//! | `vlan-not-carried` | a network that leaves by an uplink which does not carry it | it is cut off from its gateway |
//! | `trunk-mismatch` | a cable whose two ends carry different networks | frames are dropped, or change their network |
//! | `management-cut` | a switch whose own network no port of it carries | nobody can reach its page any more |
//! | `management-tagged` | a switch whose own network is nowhere untagged | whether small switches answer there is not certain |

mod carry;
mod subnet;
mod vlan;

use crate::{Finding, Resolved};

pub(super) fn findings(rack: &Resolved, out: &mut Vec<Finding>) {
    subnet::findings(rack, out);
    let plugs = super::cable::plugs(rack);
    vlan::findings(rack, &plugs, out);
    carry::findings(rack, &plugs, out);
}
