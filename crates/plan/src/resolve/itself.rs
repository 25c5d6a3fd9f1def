//! What names itself, where only another makes sense.

use super::Thing;
use super::names::providers;
use crate::rack::{Need, Rack};
use crate::{Finding, Location};

pub(super) fn findings(rack: &Rack) -> Vec<Finding> {
    let mut all = Vec::new();
    for (id, it) in &rack.nodes {
        needs(rack, &it.needs, &Thing::Node(id.clone()), ["nodes", id.as_str()], &mut all);
    }
    for (id, it) in &rack.services {
        needs(rack, &it.needs, &Thing::Service(id.clone()), ["services", id.as_str()], &mut all);
    }
    for (id, it) in &rack.workloads {
        let at = ["workloads", id.as_str()];
        needs(rack, &it.needs, &Thing::Workload(id.clone()), at, &mut all);
        let out = "leave it out";
        let apart = "leave it out, or write `apart: node` to keep its replicas apart";
        let others = [
            ("with", &it.with, "shares every node with itself", out),
            ("near", &it.near, "is always near itself", out),
            ("apart-from", &it.apart_from, "cannot be kept apart from itself", apart),
        ];
        for (key, names, so, remedy) in others {
            for (position, _) in names.iter().enumerate().filter(|it| it.1 == id) {
                let at = Location::new(at).key(key).key(position);
                let reason = format!("{id} {so}");
                all.push(Finding::error("names-itself", at, reason, remedy.into()));
            }
        }
    }
    all
}

fn needs(rack: &Rack, needs: &[Need], own: &Thing, at: [&str; 2], all: &mut Vec<Finding>) {
    for (position, need) in needs.iter().enumerate() {
        for (alternative, thing) in need.iter().enumerate() {
            // What bears the same name, as the service of a node, is another thing.
            if thing.as_str() == at[1] && providers(rack, thing) == std::slice::from_ref(own) {
                let place = Location::new(at).key("needs").key(position).key(alternative);
                let reason = format!("{} needs itself, so it never starts", at[1]);
                let remedy = "leave it out".into();
                all.push(Finding::error("names-itself", place, reason, remedy));
            }
        }
    }
}
