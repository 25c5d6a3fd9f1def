//! Clusters that must keep a majority, and where they keep their state.
//!
//! | rule | finds | why |
//! |---|---|---|
//! | `empty-cluster` | a cluster that no node is a member of, and that workloads are to run in | nothing runs |
//! | `no-control-plane` | members, none of them a control plane | there is no API |
//! | `single-control-plane` | one control plane | while it is down nothing is scheduled, moved or repaired |
//! | `sqlite-servers` | SQLite and more than one server | SQLite is on one server only; the second cannot join |
//! | `even-voters` | an even number of voters | one more can break, and no more may |
//! | `qdevice-odd` | a QDevice beside an odd number of members | it gets all votes but one, and its loss counts as much |
//! | `qdevice-inside` | a QDevice that runs on what it is to vote about | it goes down with the member it should outvote |
//! | `shared-quorum` | voters that share a host, a switch or an outlet, so that one loss costs the majority | three voters are then worth one |
//! | `state-on-sd` | a control plane with nothing but an SD card | etcd and SQLite write all the time: cards are slow at it, and wear out |
//! | `state-on-network` | a control plane that boots from the network and has no disk | etcd stalls when the network does, and all voters share the server |
//! | `corosync-shared` | corosync on a network that carries everything else | traffic delays the heartbeat, and members fence themselves |
//! | `corosync-one-link` | corosync on one network only | one cable or port takes a member out |
//! | `corosync-one-switch` | all corosync networks by way of one switch | when it restarts, all members lose the quorum at once |

use super::survey::Survey;
use super::tell::at;
use super::wording::{count, list};
use crate::rack::{Boot, Cluster, Datastore, Node, Proxmox, Role, Topology};
use crate::{Finding, Location, Thing};
use rackberry_core::{ClusterId, NetworkId, SwitchId};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn findings(it: &Survey, out: &mut Vec<Finding>) {
    for (id, members) in &it.members {
        let cluster = &it.rack.rack.clusters[*id];
        let one = One { it, id, cluster, members, at: at!("clusters", id) };
        if members.is_empty() {
            one.empty(out);
        } else if let Some(proxmox) = &cluster.proxmox {
            one.proxmox(proxmox, out);
        } else {
            one.kubernetes(out);
        }
    }
}

/// One cluster.
struct One<'s, 'a> {
    it: &'s Survey<'a>,
    id: &'s ClusterId,
    cluster: &'s Cluster,
    members: &'s [usize],
    at: Location,
}

impl One<'_, '_> {
    fn names(&self, nodes: &[usize]) -> String {
        list(nodes.iter().map(|node| self.it.node(*node)))
    }

    fn written(&self, node: usize) -> &Node {
        self.it.machine(node)
    }

    fn empty(&self, out: &mut Vec<Finding>) {
        let workloads = self.it.workloads[self.id].len();
        if workloads > 0 {
            let id = self.id;
            let reason = format!(
                "no node is a member of {id}, and {} should run in it",
                count(workloads, "workload")
            );
            let remedy = format!("write `cluster: {id}` on its nodes");
            out.push(Finding::error("empty-cluster", self.at.clone(), reason, remedy));
        }
    }

    fn kubernetes(&self, out: &mut Vec<Finding>) {
        let planes: Vec<usize> = self
            .members
            .iter()
            .copied()
            .filter(|node| self.it.rack.nodes[*node].role == Role::ControlPlane)
            .collect();
        let datastore = self.cluster.k3s.as_ref().map(|it| it.datastore);
        match (planes.as_slice(), datastore) {
            ([], _) => out.push(self.no_control_plane()),
            ([one], _) => out.push(self.single(*one, datastore)),
            (servers, Some(Datastore::Sqlite)) => out.push(self.sqlite_servers(servers)),
            (_, Some(Datastore::External)) => {}
            (voters, Some(Datastore::Etcd) | None) => {
                out.extend(self.even(voters));
                self.shared(voters, out);
            }
        }
        if datastore != Some(Datastore::External) {
            out.extend(self.on_sd(&planes, datastore));
            out.extend(self.on_network(&planes));
        }
    }

    fn no_control_plane(&self) -> Finding {
        let id = self.id;
        let reason = format!(
            "none of the {} of {id} is a control plane, so it has no API",
            count(self.members.len(), "member")
        );
        let remedy = "write `role: control-plane` on one of them, or on three".into();
        Finding::error("no-control-plane", self.at.clone(), reason, remedy)
    }

    fn single(&self, node: usize, datastore: Option<Datastore>) -> Finding {
        let (id, node) = (self.id, self.it.node(node));
        let lost = format!(
            "{node} is the only control plane of {id}: while it is down nothing is scheduled, moved or repaired"
        );
        let (reason, remedy) = match datastore {
            Some(Datastore::Sqlite) => (
                format!(
                    "{lost}, and its state is in SQLite there, of which K3s takes no snapshots"
                ),
                "back up /var/lib/rancher/k3s/server/db and the token beside it, or run three servers with etcd",
            ),
            Some(Datastore::External) => {
                (lost, "run a second server: the datastore is elsewhere already")
            }
            Some(Datastore::Etcd) | None => (
                format!("{lost}, and with its disk the state of the cluster is gone"),
                "keep etcd snapshots elsewhere, or run three control planes",
            ),
        };
        Finding::warning("single-control-plane", self.at.clone(), reason, remedy.into())
    }

    fn sqlite_servers(&self, servers: &[usize]) -> Finding {
        let reason = format!(
            "{} keeps its state in SQLite, which only one server can have, and has {} ({})",
            self.id,
            count(servers.len(), "server"),
            self.names(servers)
        );
        let remedy = "write `datastore: etcd`, or leave one server".into();
        let at = self.at.key("k3s").key("datastore");
        Finding::error("sqlite-servers", at, reason, remedy)
    }

    fn even(&self, voters: &[usize]) -> Option<Finding> {
        let number = voters.len();
        if !number.is_multiple_of(2) {
            return None;
        }
        let (id, names) = (self.id, self.names(voters));
        let at = self.at.clone();
        if number == 2 {
            let reason = format!(
                "{id} has 2 voters ({names}), and both must be up: one more can break than with one"
            );
            let remedy = "run one control plane, or three".into();
            return Some(Finding::warning("even-voters", at, reason, remedy));
        }
        let (spare, fewer) = (number / 2 - 1, number - 1);
        let reason = format!(
            "the {number} voters of {id} ({names}) survive the loss of {spare}, as {fewer} would"
        );
        let remedy = format!("run {fewer} or {} control planes", number + 1);
        Some(Finding::note("even-voters", at, reason, remedy))
    }

    /// Voters of which one host, one switch or one outlet takes so many that no majority is left. What
    /// most of the rack hangs on is left out: the voters are not worse off than the rest.
    fn shared(&self, voters: &[usize], out: &mut Vec<Finding>) {
        let spare = voters.len() - (voters.len() / 2 + 1);
        for topology in [Topology::Host, Topology::Switch, Topology::Outlet] {
            let parts = self.it.rack.parts(&topology);
            let mut by_part: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
            for voter in voters {
                by_part.entry(parts[*voter].unwrap_or(u32::MAX)).or_default().push(*voter);
            }
            let Some((part, those)) = by_part.iter().max_by_key(|it| it.1.len()) else { continue };
            let there = parts.iter().filter(|it| **it == Some(*part)).count();
            let most = topology != Topology::Host && there * 2 > parts.len();
            if those.len() < 2 || those.len() <= spare || most {
                continue;
            }
            let reason = format!(
                "{} of the {} voters of {} share one {topology} ({}), so one loss costs the majority",
                those.len(),
                voters.len(),
                self.id,
                self.names(those)
            );
            let remedy =
                format!("spread them so that no {topology} has more than {}", spare.max(1));
            out.push(Finding::warning("shared-quorum", self.at.clone(), reason, remedy));
        }
    }

    fn on_sd(&self, planes: &[usize], datastore: Option<Datastore>) -> Option<Finding> {
        let cards: Vec<usize> =
            planes.iter().copied().filter(|node| only_sd(self.written(*node))).collect();
        let what = if datastore == Some(Datastore::Sqlite) { "SQLite" } else { "etcd" };
        let (names, has) = match cards.as_slice() {
            [] => return None,
            [one] => (self.it.node(*one).to_string(), "has nothing but an SD card"),
            all => (self.names(all), "have nothing but SD cards"),
        };
        let reason = format!(
            "{names} {has} for {what}, which writes all the time and waits for every write"
        );
        let remedy = "give the control plane a USB, SATA or NVMe drive".into();
        let at = match cards.as_slice() {
            [one] => at!("nodes", self.it.node(*one), "boot"),
            _ => self.at.clone(),
        };
        Some(Finding::warning("state-on-sd", at, reason, remedy))
    }

    fn on_network(&self, planes: &[usize]) -> Option<Finding> {
        let diskless = |node: &usize| {
            let written = self.written(*node);
            written.boot == Some(Boot::Network) && written.disks.is_empty()
        };
        let those: Vec<usize> = planes.iter().copied().filter(diskless).collect();
        if those.is_empty() {
            return None;
        }
        let plural = if those.len() == 1 { "boots" } else { "boot" };
        let reason = format!(
            "{} {plural} from the network without a disk, so the state of {} is as slow as the network and as safe as its server",
            self.names(&those),
            self.id
        );
        let remedy = "give the control planes a small SSD each".into();
        Some(Finding::warning("state-on-network", self.at.clone(), reason, remedy))
    }

    fn proxmox(&self, proxmox: &Proxmox, out: &mut Vec<Finding>) {
        if self.members.len() < 2 {
            return;
        }
        let even = self.members.len().is_multiple_of(2);
        match (&proxmox.qdevice, even) {
            (None, true) => out.push(self.no_qdevice()),
            (Some(_), false) => out.push(self.odd_qdevice()),
            (None, false) | (Some(_), true) => self.shared(self.members, out),
        }
        out.extend(self.qdevice_inside(proxmox));
        self.corosync(proxmox, out);
    }

    fn no_qdevice(&self) -> Finding {
        let (number, id) = (self.members.len(), self.id);
        let at = self.at.key("proxmox");
        let remedy = "add a QDevice on a machine outside of it, or one more member".into();
        if number == 2 {
            let reason = format!(
                "{id} has 2 members ({}) and no QDevice: when one is down, the other can start nothing",
                self.names(self.members)
            );
            return Finding::warning("even-voters", at, reason, remedy);
        }
        let reason = format!(
            "{id} has {number} members and no QDevice: split in half, neither half has the quorum"
        );
        Finding::note("even-voters", at, reason, remedy)
    }

    fn odd_qdevice(&self) -> Finding {
        let number = self.members.len();
        let reason = format!(
            "{} has {number} members, so its QDevice gets {} votes and its loss counts as much as theirs",
            self.id,
            number - 1
        );
        let remedy = "leave the QDevice out".into();
        Finding::warning("qdevice-odd", self.at.key("proxmox").key("qdevice"), reason, remedy)
    }

    fn qdevice_inside(&self, proxmox: &Proxmox) -> Option<Finding> {
        let thing = proxmox.qdevice.as_ref()?;
        let on: Vec<usize> =
            self.it.rack.providers(thing).iter().flat_map(|it| self.machines(it)).collect();
        let inside = on.iter().copied().find(|node| self.members.contains(node))?;
        let reason = format!(
            "{thing}, the QDevice of {}, runs on its member {}: both votes are lost together",
            self.id,
            self.it.node(inside)
        );
        let remedy = "run it on a machine outside of the cluster".into();
        let at = self.at.key("proxmox").key("qdevice");
        Some(Finding::warning("qdevice-inside", at, reason, remedy))
    }

    /// The machines that something runs on, and the hosts of those that are guests.
    fn machines(&self, thing: &Thing) -> Vec<usize> {
        let rack = self.it.rack;
        let nodes: Vec<usize> = match thing {
            Thing::Node(id) => rack.node(id).into_iter().collect(),
            Thing::Service(id) => {
                rack.rack.services[id].on.iter().filter_map(|it| rack.node(it)).collect()
            }
            Thing::Workload(id) => {
                rack.workload(id).map(|it| self.it.places(it).collect()).unwrap_or_default()
            }
            Thing::Switch(_) | Thing::Outlet(_) | Thing::Pool(_) => Vec::new(),
        };
        let hosts: Vec<usize> = nodes.iter().filter_map(|it| rack.nodes[*it].host).collect();
        nodes.into_iter().chain(hosts).collect()
    }

    fn corosync(&self, proxmox: &Proxmox, out: &mut Vec<Finding>) {
        let main: BTreeSet<&NetworkId> =
            self.members.iter().filter_map(|it| self.written(*it).network.as_ref()).collect();
        let networks: BTreeSet<&NetworkId> = match proxmox.corosync.as_ref() {
            [] => main.clone(),
            named => named.iter().collect(),
        };
        let switch = self.only_switch(&networks, &main);
        let at = self.at.key("proxmox").key("corosync");
        let (id, names) = (self.id, list(&networks));
        if networks.is_subset(&main) {
            let by = switch.map(|it| format!(" by way of switch {it}")).unwrap_or_default();
            let reason = format!(
                "the corosync of {id} shares {names}{by} with everything else: traffic or a restart there makes its members fence themselves"
            );
            let remedy =
                "give corosync a network of its own, and this one as its second link".into();
            out.push(Finding::warning("corosync-shared", at, reason, remedy));
            return;
        }
        if let Some(switch) = switch {
            let reason = format!(
                "all corosync of {id} ({names}) passes switch {switch}: when it restarts, no member has the quorum"
            );
            let remedy = "lead one of its networks by another switch, or by direct cables".into();
            out.push(Finding::warning("corosync-one-switch", at, reason, remedy));
        } else if networks.len() == 1 {
            let reason =
                format!("corosync of {id} has {names} only: one bad cable takes a member out");
            let remedy = match main.first() {
                Some(main) => {
                    format!("add {main} as its second link: `corosync: [{names}, {main}]`")
                }
                None => "add a second network".into(),
            };
            out.push(Finding::note("corosync-one-link", at, reason, remedy));
        }
    }

    /// The one switch that carries all of these networks between the members; none where there are more,
    /// or a cable without one.
    fn only_switch(
        &self,
        networks: &BTreeSet<&NetworkId>,
        main: &BTreeSet<&NetworkId>,
    ) -> Option<&SwitchId> {
        let mut switches = BTreeSet::new();
        for node in self.members {
            let written = self.written(*node);
            if networks.iter().any(|it| main.contains(it)) {
                switches.insert(written.port.as_ref().map(|it| &it.switch));
            }
            let links = written.links.iter();
            let those =
                links.filter(|it| it.network.as_ref().is_some_and(|it| networks.contains(it)));
            switches.extend(those.map(|it| it.port.as_ref().map(|it| &it.switch)));
        }
        let mut switches = switches.into_iter();
        switches.next().flatten().filter(|_| switches.next().is_none())
    }
}

/// Whether a node has an SD card, and nothing else to write to.
pub(super) fn only_sd(node: &Node) -> bool {
    let card = |it: Boot| it == Boot::Sd;
    match node.boot {
        Some(boot) if !card(boot) => false,
        Some(_) => node.disks.values().all(|it| card(it.kind)),
        None => !node.disks.is_empty() && node.disks.values().all(|it| card(it.kind)),
    }
}
