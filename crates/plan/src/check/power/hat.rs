//! HATs, the boards under them and the ports that feed them.

use super::{Bound, Fed, Feed, Lack, asks, fed, shown, standard_of};
use crate::check::cable::{node_key, port_key, port_name};
use crate::check::wording::{grouped, list};
use crate::rack::{Board, Hat, Node};
use crate::{Finding, Location, Resolved, Severity};
use rackberry_core::Milliwatts;
use rackberry_core::class_power;

pub(super) fn findings(rack: &Resolved, feeds: &[Feed<'_>], out: &mut Vec<Finding>) {
    classes(rack, out);
    fit(rack, out);
    output(rack, out);
    unfed(rack, feeds, out);
    too_little(rack, feeds, out);
    more_than_there_is(rack, feeds, out);
}

/// What is on a node's board: its position, the node, its board and its HAT.
type Dressed<'a> = (usize, &'a Node, &'a Board, &'a Hat);

fn dressed(rack: &Resolved) -> impl Iterator<Item = Dressed<'_>> {
    rack.rack.nodes.values().enumerate().filter_map(|(at, node)| {
        let board = rack.catalogue.boards.get(&node.board)?;
        let hat = rack.catalogue.hats.get(node.hat.as_ref()?)?;
        Some((at, node, board, hat))
    })
}

fn ids<'a>(rack: &'a Resolved, nodes: &'a [usize]) -> impl Iterator<Item = &'a str> {
    nodes.iter().map(|it| rack.nodes[*it].id.as_str())
}

fn classes(rack: &Resolved, out: &mut Vec<Finding>) {
    for (name, hat) in &rack.catalogue.hats {
        let Some(class) = hat.class.filter(|it| class_power(*it).is_none()) else { continue };
        let at = Location::new(["catalogue", "hats", name, "class"]);
        let reason = format!("the HAT {name} asks for class {class}, and the classes are 0 to 8");
        let remedy = "write the class that its datasheet or the switch's page shows".into();
        out.push(Finding::error("poe-class", at, reason, remedy));
    }
}

fn fit(rack: &Resolved, out: &mut Vec<Finding>) {
    let misfit = |(at, node, board, _): Dressed<'_>| {
        let hat = node.hat.clone()?;
        let fits = board.hats.is_empty() || board.hats.contains(&hat);
        (!fits).then(|| ((node.board.clone(), hat), at))
    };
    for ((board, hat), nodes) in grouped(dressed(rack).filter_map(misfit)) {
        let who = list(ids(rack, &nodes));
        let reason = format!("the HAT {hat} on {who} does not fit a {board}");
        let known = rack.catalogue.boards.get(&board).map(|it| &*it.hats).unwrap_or_default();
        let remedy = format!("use one that fits it: {}", known.join(", "));
        out.push(Finding::error("hat-fit", node_key(rack, nodes[0], "hat"), reason, remedy));
    }
}

fn output(rack: &Resolved, out: &mut Vec<Finding>) {
    let weak = |(at, node, board, hat): Dressed<'_>| {
        let most = hat.output?;
        let typical = board_draw(node.draw.typical, board.draw.typical, hat);
        let peak = board_draw(node.draw.peak, board.draw.peak, hat).max(typical);
        let (severity, draw) = match (typical > most, peak > most) {
            (true, _) => (Severity::Error, typical),
            (false, true) => (Severity::Warning, peak),
            (false, false) => return None,
        };
        Some(((severity, node.hat.clone(), most), (at, draw)))
    };
    for ((severity, hat, most), nodes) in grouped(dressed(rack).filter_map(weak)) {
        let draw = shown(nodes.iter().map(|it| it.1).max().unwrap_or_default());
        let who = list(nodes.iter().map(|it| &rack.nodes[it.0].id));
        let when = if severity == Severity::Error { "on an ordinary day" } else { "at its peak" };
        let hat = hat.unwrap_or_default();
        let reason = format!(
            "the HAT {hat} gives {most}, and the board under it draws {draw} {when}: {who}"
        );
        let remedy = format!("use a HAT that gives {draw} or more, or power it from an outlet");
        let at = node_key(rack, nodes[0].0, "hat");
        out.push(Finding { severity, rule: "hat-output".into(), at, reason, remedy });
    }
}

/// What a board draws behind its HAT: measured before the HAT, or known without it.
fn board_draw(measured: Option<Milliwatts>, known: Option<Milliwatts>, hat: &Hat) -> Milliwatts {
    let share = hat.efficiency.map_or(1000, |it| it.0);
    let behind = measured.map(|it| Milliwatts(it.0.saturating_mul(share) / 1000));
    behind.or(known).unwrap_or_default()
}

fn unfed(rack: &Resolved, feeds: &[Feed<'_>], out: &mut Vec<Finding>) {
    let lacks = feeds.iter().enumerate().filter_map(|(at, feed)| match feed {
        Feed::Lacks(lack) => Some((*lack, at)),
        Feed::Port(_) | Feed::NoHat => None,
    });
    let plugged = |node: usize| rack.rack.nodes[&rack.nodes[node].id].outlet.is_some();
    for (lack, mut nodes) in grouped(lacks) {
        if !matches!(lack, Lack::Passive(_)) {
            nodes.retain(|it| !plugged(*it));
        }
        if let Some(first) = nodes.first() {
            out.push(unfed_by(rack, lack, *first, &list(ids(rack, &nodes))));
        }
    }
}

fn unfed_by(rack: &Resolved, lack: Lack, first: usize, who: &str) -> Finding {
    let model = |it: usize| {
        let id = &rack.switches[it].id;
        (id, rack.rack.switches.get(id).map_or("", |it| it.model.as_str()))
    };
    let on_port = || node_key(rack, first, "port");
    let (rule, at, reason, remedy) = match lack {
        Lack::Port => (
            "hat-unfed",
            node_key(rack, first, "hat"),
            format!("{who} would be powered through a HAT, and is on no port"),
            "name the port, as `port: poe/1`, or the outlet".to_owned(),
        ),
        Lack::Poe(switch) => {
            let (id, model) = model(switch);
            let reason = format!(
                "{who} would be powered through a HAT, and its port of {id} ({model}) has no PoE"
            );
            ("hat-unfed", on_port(), reason, "use a port that has PoE, or name an outlet".into())
        }
        Lack::Off(socket) => (
            "hat-unfed",
            port_key(rack, socket, "poe"),
            format!("PoE is switched off on {}, which powers {who}", port_name(rack, socket)),
            format!("leave `poe: false` out, or power {who} from an outlet"),
        ),
        Lack::Passive(switch) => {
            let (id, model) = model(switch);
            let reason = format!(
                "{id} ({model}) sends passive PoE unasked, which destroys the 802.3 HAT of {who}"
            );
            let remedy =
                "use a switch with 802.3af or at, or write `poe: false` at that port and set it so";
            ("poe-passive", on_port(), reason, remedy.into())
        }
        Lack::Handshake(switch) => {
            let (id, model) = model(switch);
            let reason = format!(
                "{id} ({model}) delivers only to what asks by 802.3, and the passive HAT of {who} does not ask"
            );
            ("hat-unfed", on_port(), reason, "use an 802.3 HAT, or a passive injector".into())
        }
    };
    Finding::error(rule, at, reason, remedy)
}

fn too_little(rack: &Resolved, feeds: &[Feed<'_>], out: &mut Vec<Finding>) {
    let over = fed(feeds).filter_map(|fed| {
        let power = rack.nodes[fed.node].power;
        let (most, why) = fed.most();
        let severity = match (power.typical > most, power.peak > most) {
            (true, _) => Severity::Error,
            (false, true) => Severity::Warning,
            (false, false) => return None,
        };
        Some(((severity, most, why, fed.socket.0), fed))
    });
    for ((severity, most, why, switch), feds) in grouped(over) {
        let draw = |it: &Fed<'_>| match severity {
            Severity::Error => rack.nodes[it.node].power.typical,
            Severity::Warning | Severity::Note => rack.nodes[it.node].power.peak,
        };
        let draw = shown(feds.iter().map(draw).max().unwrap_or_default());
        let when = if severity == Severity::Error { "on an ordinary day" } else { "at its peak" };
        let who = list(feds.iter().map(|it| &rack.nodes[it.node].id));
        let switch = &rack.switches[switch].id;
        let reason = format!(
            "a port of {switch} delivers {most} here, by {why}, and {draw} is drawn {when}: {who}"
        );
        let remedy = more_power(why, draw);
        let at = match why {
            Bound::Limit => port_key(rack, feds[0].socket, "limit"),
            Bound::Hat(_) => node_key(rack, feds[0].node, "hat"),
            Bound::Standard(_) | Bound::Model => node_key(rack, feds[0].node, "port"),
        };
        out.push(Finding { severity, rule: "poe-port".into(), at, reason, remedy });
    }
}

fn more_power(why: Bound, draw: Milliwatts) -> String {
    match why {
        Bound::Limit => format!("raise the limit to {draw} or more"),
        Bound::Hat(_) => format!("use a HAT of a higher class, which may draw {draw}"),
        Bound::Standard(_) | Bound::Model => {
            format!("use a port that delivers {draw}, or power it from an outlet")
        }
    }
}

/// HATs whose class the port cannot serve, though it delivers what they draw.
fn more_than_there_is(rack: &Resolved, feeds: &[Feed<'_>], out: &mut Vec<Finding>) {
    let asking = fed(feeds).filter_map(|fed| {
        let (asked, (most, why)) = (asks(fed.hat)?, Fed { limit: None, ..fed }.most());
        let enough = rack.nodes[fed.node].power.peak <= fed.most().0;
        (asked > most && enough).then_some(((fed.socket.0, asked, most, why), fed))
    });
    for ((switch, asked, most, why), feds) in grouped(asking) {
        let who = list(feds.iter().map(|it| &rack.nodes[it.node].id));
        let peak = feds.iter().map(|it| rack.nodes[it.node].power.peak).max().unwrap_or_default();
        let standard = Bound::Standard(standard_of(feds[0].hat));
        let reason = format!(
            "HATs of {standard} ask for {asked}, and a port of {} delivers {most}, by {why}, which covers their peak of {} if it starts them: {who}",
            rack.switches[switch].id,
            shown(peak)
        );
        let remedy = "see one of them through its busiest hour before relying on it".into();
        out.push(Finding::note("poe-port", node_key(rack, feds[0].node, "port"), reason, remedy));
    }
}
