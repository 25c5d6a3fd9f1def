use super::Fault;
use rackberry_core::VlanId;
use secrecy::SecretString;
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};

/// What a fake switch is like.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// The user that it knows.
    pub user: String,
    /// The password of that user.
    pub password: SecretString,
    /// Whether it speaks HTTPS, as `www-ssl` does, or HTTP, as `www` does.
    pub tls: bool,
    /// Where it listens; port 0 is any free one.
    pub listen: SocketAddr,
    /// What its bridge is called.
    pub bridge: String,
    /// Whether its bridge filters VLANs. One whose switch behind knows none never does.
    pub filters: bool,
    /// The VLANs that the switch itself is a member of, with a tag, beside VLAN 1 without one.
    pub own: BTreeSet<VlanId>,
    /// What goes wrong with every request for which no other fault is set.
    pub fault: Option<Fault>,
}

impl Default for Knobs {
    /// HTTPS at any port of 127.0.0.1, for the user `admin` with the password `Password1`.
    fn default() -> Self {
        Self {
            user: "admin".into(),
            password: "Password1".into(),
            tls: true,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            bridge: "bridge".into(),
            filters: true,
            own: BTreeSet::new(),
            fault: None,
        }
    }
}
