//! A rack written out with every default.

use super::Resolved;
use crate::rack::{Draw, Rack};

impl Resolved {
    /// The same rack with everything written that it left to the catalogue and to defaults.
    pub fn spelled_out(&self) -> Rack {
        let mut rack = self.rack.clone();
        for node in &self.nodes {
            let Some(written) = rack.nodes.get_mut(&node.id) else { continue };
            written.arch = Some(node.arch);
            written.cores = Some(node.cores);
            written.memory = Some(node.memory);
            written.usable = Some(node.usable.memory);
            written.draw = Draw {
                typical: Some(node.power.typical),
                peak: Some(node.power.peak),
                boot: Some(node.power.boot),
            };
            if written.dns.is_empty() {
                let network = written.network.as_ref().and_then(|it| self.rack.networks.get(it));
                written.dns = network.map(|it| it.dns.clone()).unwrap_or_default();
            }
        }
        for switch in &self.switches {
            let Some(written) = rack.switches.get_mut(&switch.id) else { continue };
            written.budget = Some(switch.budget);
        }
        for workload in &self.workloads {
            let Some(written) = rack.workloads.get_mut(&workload.id) else { continue };
            written.cluster.clone_from(&workload.cluster);
            written.uses.memory = Some(workload.need.memory);
            written.uses.cpu = Some(workload.need.cpu);
        }
        rack
    }
}
