//! What the picture shows of a switch: its ports in order, what is on them, and the power it gives.

use rackberry_core::{Milliwatts, NetworkId, PortNo};
use rackberry_plan::rack::{PortEnd, PortGroup, PortRef, Socket, VlanId};
use rackberry_plan::{Feed, Resolved};
use std::collections::BTreeMap;

/// The front of a switch.
#[derive(Debug)]
pub(crate) struct Front<'a> {
    pub id: &'a str,
    /// Its model and address.
    pub facts: Vec<String>,
    pub jacks: Vec<Jack>,
    /// How many ports are left out.
    pub hidden: u32,
    pub typical: Milliwatts,
    pub peak: Milliwatts,
    /// What it may give; nothing where it gives no power.
    pub budget: Milliwatts,
}

/// One port.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jack {
    pub number: u16,
    pub sfp: bool,
    /// The group of its model, from 0.
    pub group: usize,
    /// The VLAN of untagged frames.
    pub vlan: Option<VlanId>,
    pub tagged: Vec<VlanId>,
    /// What is on it.
    pub ends: Vec<String>,
    /// What it gives on an ordinary day.
    pub typical: Option<Milliwatts>,
    pub uplink: bool,
    /// Whether anything is said to be on it, whatever is known of its network.
    pub connected: bool,
    /// The same in words.
    pub tip: String,
}

/// More ports than this no picture shows.
const MOST_JACKS: usize = 96;

/// What is known of a port from the nodes on it.
#[derive(Debug, Default)]
struct Use<'a> {
    ends: Vec<String>,
    network: Option<&'a NetworkId>,
    typical: Option<Milliwatts>,
    peak: Milliwatts,
}

type Uses<'a> = BTreeMap<&'a PortRef, Use<'a>>;

/// The fronts of the first switches, at most `most`.
pub(crate) fn fronts(rack: &Resolved, most: usize) -> Vec<Front<'_>> {
    let uses = uses(rack);
    (0..rack.switches.len().min(most)).map(|it| front(rack, &uses, it)).collect()
}

/// The VLANs of the rack, sorted.
pub(crate) fn vlans(rack: &Resolved) -> Vec<VlanId> {
    let mut all: Vec<_> = rack.rack.networks.values().map(|it| it.vlan).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The VLAN of a network.
pub(crate) fn vlan(rack: &Resolved, network: Option<&NetworkId>) -> Option<VlanId> {
    rack.vlan(network?)
}

fn uses(rack: &Resolved) -> Uses<'_> {
    let mut uses = Uses::new();
    for node in &rack.nodes {
        let Some(written) = rack.rack.nodes.get(&node.id) else { continue };
        let own = written.port.iter().map(|it| (it, written.network.as_ref()));
        let links = written.links.iter();
        let links = links.filter_map(|it| Some((it.port.as_ref()?, it.network.as_ref())));
        for (port, network) in own.chain(links) {
            let it = uses.entry(port).or_default();
            it.ends.push(node.id.to_string());
            it.network = it.network.or(network);
        }
        if let Feed::Poe { port, .. } = &node.feed {
            let it = uses.entry(port).or_default();
            it.typical = Some(it.typical.unwrap_or_default().plus(node.power.typical));
            it.peak = it.peak.plus(node.power.peak);
        }
    }
    for (here, there) in links(rack) {
        uses.entry(there).or_default().ends.push(here);
    }
    uses
}

/// Ports that the port of another switch leads to, and do not say so themselves.
fn links(rack: &Resolved) -> impl Iterator<Item = (String, &PortRef)> {
    let silent = |port: &PortRef| {
        let far = rack.rack.switches.get(&port.switch).and_then(|it| it.ports.get(&port.port));
        far.is_none_or(|it| it.to.is_none())
    };
    let all = rack.rack.switches.iter();
    let ports = all.flat_map(|(id, it)| it.ports.iter().map(move |it| (id, it)));
    ports.filter_map(move |(switch, (number, port))| match &port.to {
        Some(PortEnd::Port(there)) if silent(there) => Some((format!("{switch}/{number}"), there)),
        Some(PortEnd::Port(_) | PortEnd::Thing(_)) | None => None,
    })
}

fn front<'a>(rack: &'a Resolved, uses: &Uses<'_>, at: usize) -> Front<'a> {
    let switch = &rack.switches[at];
    let written = rack.rack.switches.get(&switch.id);
    let groups = switch.model.ports.iter().enumerate();
    let kinds = groups.flat_map(|it| std::iter::repeat_n(it, usize::from(it.1.count)));
    let numbered = (1..=u16::MAX).zip(kinds).take(MOST_JACKS);
    let jacks: Vec<Jack> =
        numbered.map(|(number, group)| jack(rack, uses, at, number, group)).collect();
    let first = PortRef { switch: switch.id.clone(), port: PortNo(0) };
    let last = PortRef { switch: switch.id.clone(), port: PortNo(u16::MAX) };
    let of_this = || uses.range::<&PortRef, _>(&first..=&last).map(|it| it.1);
    Front {
        id: switch.id.as_str(),
        facts: [
            written.map(|it| it.model.clone()),
            written.and_then(|it| it.address).map(|it| it.to_string()),
        ]
        .into_iter()
        .flatten()
        .collect(),
        hidden: switch.model.port_count().saturating_sub(u32::try_from(jacks.len()).unwrap_or(0)),
        jacks,
        typical: of_this().filter_map(|it| it.typical).sum(),
        peak: of_this().map(|it| it.peak).sum(),
        budget: switch.budget,
    }
}

fn jack(
    rack: &Resolved,
    uses: &Uses<'_>,
    at: usize,
    number: u16,
    group: (usize, &PortGroup),
) -> Jack {
    let port = PortRef { switch: rack.switches[at].id.clone(), port: PortNo(number) };
    let switch = rack.rack.switches.get(&port.switch);
    let written = switch.and_then(|it| it.ports.get(&port.port));
    let used = uses.get(&port);
    let network = written.and_then(|it| it.network.as_ref()).or(used.and_then(|it| it.network));
    let mut ends: Vec<String> = used.map(|it| it.ends.clone()).unwrap_or_default();
    ends.extend(written.and_then(|it| it.to.as_ref()).map(|it| match it {
        PortEnd::Port(it) => it.to_string(),
        PortEnd::Thing(it) => it.to_string(),
    }));
    let tagged = written.map(|it| it.tagged.iter().filter_map(|it| vlan(rack, Some(it))).collect());
    let uplink = switch.is_some_and(|it| it.uplink == Some(port.port));
    let mut jack = Jack {
        number,
        sfp: group.1.socket == Socket::Sfp,
        group: group.0,
        vlan: vlan(rack, network),
        tagged: tagged.unwrap_or_default(),
        connected: uplink || !ends.is_empty(),
        ends,
        typical: used.and_then(|it| it.typical),
        uplink,
        tip: String::new(),
    };
    jack.tip = tip(&jack, &port, group.1, used.map(|it| it.peak));
    jack
}

/// Everything that is known of a port.
fn tip(jack: &Jack, port: &PortRef, group: &PortGroup, peak: Option<Milliwatts>) -> String {
    let socket = match group.socket {
        Socket::Rj45 => "copper",
        Socket::Sfp => "SFP cage",
    };
    let mut parts = vec![format!("{port}: {socket}, {}", group.speed)];
    parts.extend(jack.uplink.then(|| "uplink".into()));
    if !jack.ends.is_empty() {
        parts.push(format!("to {}", crate::text::list(jack.ends.iter(), 4)));
    }
    parts.extend(jack.vlan.map(|it| format!("{it} untagged")));
    let unsaid = jack.connected && jack.vlan.is_none();
    parts.extend(unsaid.then(|| "connected, its network is not said".into()));
    parts.extend(jack.tagged.iter().map(|it| format!("{it} tagged")));
    if let (Some(typical), Some(peak)) = (jack.typical, peak) {
        let (typical, peak) = (crate::figure::watts(typical), crate::figure::watts(peak));
        parts.push(format!("gives {typical}, {peak} at most"));
    }
    parts.join(", ")
}
