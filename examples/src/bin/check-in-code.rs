//! A rack described in Rust instead of in a file: check it, read what is found, and act on one rule.
//!
//! The story: eight Pi 5 on one PoE switch. How large a switch do they need? The program asks the
//! same rules that `rackberry check` asks, and buys the smallest model that they do not complain of.
//!
//! ```console
//! $ cargo run --bin check-in-code
//! ```

use rackberry::core::{ClusterId, NetworkId, NodeId, PortNo, SwitchId};
use rackberry::plan::rack::{Cluster, Kubernetes, Network, Node, PortRef, Role, Switch};
use rackberry::plan::{Finding, Rack, Severity, check};
use std::error::Error;

/// The rule that finds a switch whose machines draw more than it delivers.
const TOO_WEAK: &str = "poe-draw";

/// What the shop has, from the cheapest.
const MODELS: [&str; 3] = ["GS308EP", "GS308EPP", "CRS328-24P-4S+RM"];

fn main() -> Result<(), Box<dyn Error>> {
    for model in MODELS {
        let findings = findings(&rack(model)?)?;
        println!("With a {model}:");
        findings.iter().filter(|it| it.severity != Severity::Note).for_each(print);
        match findings.iter().any(|it| it.rule == TOO_WEAK) {
            true => println!("  Too weak. Next.\n"),
            false => {
                println!("  Buy the {model}.");
                return Ok(());
            }
        }
    }
    Err("no switch of the shop is strong enough".into())
}

/// Eight machines, one switch, one cluster. Everything else is known by the catalogue, or is a default.
fn rack(model: &str) -> Result<Rack, Box<dyn Error>> {
    let (lan, home) = (NetworkId::new("lan"), ClusterId::new("home"));
    let mut rack = Rack { rack: "eight".into(), ..Rack::default() };
    rack.networks.insert(lan.clone(), network()?);
    rack.switches.insert(SwitchId::new("poe"), switch(model));
    rack.clusters.insert(home.clone(), cluster());
    for number in 1..=8 {
        let node = Node {
            board: "pi5-8g".into(),
            hat: Some("poe-plus-pi5".into()),
            port: Some(PortRef { switch: SwitchId::new("poe"), port: PortNo(number) }),
            network: Some(lan.clone()),
            cluster: Some(home.clone()),
            role: if number <= 3 { Role::ControlPlane } else { Role::Worker },
            ..Node::default()
        };
        rack.nodes.insert(NodeId::new(format!("pi-{number}")), node);
    }
    Ok(rack)
}

fn network() -> Result<Network, Box<dyn Error>> {
    let (subnet, gateway) = (Some("10.0.2.0/24".parse()?), Some("10.0.2.1".parse()?));
    Ok(Network { subnet, gateway, ..Network::default() })
}

fn switch(model: &str) -> Switch {
    Switch { model: model.into(), network: Some(NetworkId::new("lan")), ..Switch::default() }
}

fn cluster() -> Cluster {
    Cluster { kubernetes: Some(Kubernetes::default()), ..Cluster::default() }
}

/// What is wrong or risky about a rack, whether its names can be found or not.
fn findings(rack: &Rack) -> Result<Vec<Finding>, Box<dyn Error>> {
    match rack.resolve() {
        Ok(rack) => Ok(check(&rack)),
        Err(errors) => {
            let first = errors.first().map(|it| format!("{}: {}", it.at, it.reason));
            Err(first.unwrap_or_default().into())
        }
    }
}

fn print(it: &Finding) {
    println!("  {} {} at {}", it.severity, it.rule, it.at);
    println!("    {}", it.reason);
    println!("    {}", it.remedy);
}
