use super::Clock;
use crate::Model;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// What a fake switch is like. Whatever nobody has seen on hardware is a knob, with the default that clients of
/// other people get on with.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// Which one of the family it is.
    pub model: Model,
    /// The password of its pages, 20 characters at most.
    pub password: SecretString,
    /// Whether the password is still that of the label: no page is given before it is changed.
    pub fresh: bool,
    /// What it says of itself.
    pub label: Label,
    /// Where it listens: any free port of 127.0.0.1.
    pub listen: SocketAddr,
    /// What it takes for time.
    pub clock: Clock,
    /// What its nonces, sessions and hashes are drawn from: the same seed gives the same ones.
    pub seed: u64,
    /// Who is let in.
    pub access: Access,
    /// How it feeds its ports.
    pub feeding: Feeding,
    /// How it takes orders on VLANs.
    pub vlans: Vlans,
    /// How feeble its web server is.
    pub transport: Transport,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            model: Model::Gs305ep,
            password: "Password1".into(),
            fresh: false,
            label: Label::default(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock: Clock::default(),
            seed: 1,
            access: Access::default(),
            feeding: Feeding::default(),
            vlans: Vlans::default(),
            transport: Transport::default(),
        }
    }
}

/// What a switch says of itself, besides its model.
#[derive(Clone, Debug)]
pub struct Label {
    /// The name that its operator gave it; the model's where it is empty.
    pub name: String,
    /// Its firmware.
    pub firmware: String,
    /// Its serial number, where the switch behind the fake says none.
    pub serial: String,
    /// Its MAC address.
    pub mac: String,
}

impl Default for Label {
    fn default() -> Self {
        Self {
            name: String::new(),
            firmware: "V1.0.1.4".into(),
            serial: "5VN0000000001".into(),
            mac: "02:00:00:00:03:05".into(),
        }
    }
}

/// Who is let in, and for how long. Unknown on hardware but for the texts: other models of the maker have one
/// session to a handful, and free the slot of one that is idle after some ten minutes.
#[derive(Clone, Debug)]
pub struct Access {
    /// How many sessions there are at once.
    pub sessions: usize,
    /// How long a session is good for while nothing is asked.
    pub idle: Duration,
    /// When the slot of an idle session is free again.
    pub clear: Duration,
    /// How many wrong passwords lock the login.
    pub failures: u32,
    /// For how long.
    pub lockout: Duration,
    /// How long a nonce of the login page is good.
    pub rand: RandScope,
    /// How long the hash of the forms is good.
    pub hash: HashScope,
    /// Whether a session cookie is set with the login page already.
    pub early: bool,
    /// Whether session cookies hold characters that cookie jars refuse.
    pub odd: bool,
    /// Whether pages are given only to requests that come from a page of the switch (`Referer`).
    pub referer: bool,
    /// What is answered to `/`.
    pub root: Root,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            sessions: 1,
            idle: Duration::from_secs(300),
            clear: Duration::from_secs(600),
            failures: 3,
            lockout: Duration::from_secs(300),
            rand: RandScope::Boot,
            hash: HashScope::Session,
            early: false,
            odd: false,
            referer: false,
            root: Root::Redirect,
        }
    }
}

/// How long a nonce of the login page is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RandScope {
    /// Until the switch restarts. Seen in captured pages: two pages of one login have the same.
    Boot,
    /// Until the login page is asked for again.
    Page,
    /// For one login that succeeds.
    Once,
}

/// How long the hash of the forms is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashScope {
    /// As long as the session. Seen in captured pages: three pages of one session have the same.
    Session,
    /// Until another page that shows one is given.
    Page,
}

/// What is answered to `/`. Both were captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The page that leads to the login.
    Redirect,
    /// The login itself.
    Login,
}

/// How it feeds its ports. Who is fed from what is left of the budget decides the switch behind the fake.
#[derive(Clone, Debug)]
pub struct Feeding {
    /// How long a port searches before it delivers.
    pub detection: Duration,
    /// How long a power cycle keeps a port off.
    pub cycle: Duration,
    /// Who gets no power where there is not enough.
    pub policy: BudgetPolicy,
    /// The status of a port that was refused for want of power.
    pub denied_status: String,
    /// Its error.
    pub denied_error: String,
    /// Whether ports keep their power while the switch restarts.
    pub uninterrupted: bool,
    /// Whether the firmware knows the longer detection (1.0.1 and later).
    pub longer: bool,
    /// Whether every order to a port that delivers interrupts it. Unknown on hardware.
    pub glitch: bool,
    /// The limit that a port gets from an order of the type "user" without one; it keeps its own where none is
    /// said.
    pub missing_limit: Option<rackberry_core::Milliwatts>,
}

impl Default for Feeding {
    fn default() -> Self {
        Self {
            detection: Duration::from_secs(1),
            cycle: Duration::from_secs(2),
            policy: BudgetPolicy::Consumption,
            denied_status: "Fault".into(),
            denied_error: "Power Denied".into(),
            uninterrupted: false,
            longer: true,
            glitch: false,
            missing_limit: None,
        }
    }
}

/// Who gets no power where there is not enough. Unknown on hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetPolicy {
    /// What flows counts: the switch behind the fake decides.
    Consumption,
    /// What the classes of the ports may draw is set aside, the highest priority and the lowest number first.
    ClassReserve,
}

/// How it takes orders on VLANs.
#[derive(Clone, Debug)]
pub struct Vlans {
    /// The mode that it begins in.
    pub mode: VlanMode,
    /// Whether a change of the mode forgets every VLAN. Unknown on hardware.
    pub wipes: bool,
    /// How long it does not answer after a change of the mode: a client that was run on hardware waits as long.
    pub settle: Duration,
    /// How many VLANs there can be. Unknown on hardware.
    pub most: usize,
}

impl Default for Vlans {
    fn default() -> Self {
        Self { mode: VlanMode::default(), wipes: true, settle: Duration::from_secs(3), most: 64 }
    }
}

/// How VLANs are thought of. Only the last has pages that were ever captured; in the others the table behind the
/// fake is that of a switch as it leaves its maker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VlanMode {
    /// Not at all.
    NoVlan,
    /// By port, basic.
    BasicPort,
    /// By port, advanced.
    AdvancedPort,
    /// 802.1Q, basic.
    Basic8021q,
    /// 802.1Q, advanced: tags, memberships and PVIDs.
    #[default]
    Advanced8021q,
}

impl VlanMode {
    /// All of them, in the order of their numbers.
    pub const ALL: [VlanMode; 5] = [
        VlanMode::NoVlan,
        VlanMode::BasicPort,
        VlanMode::AdvancedPort,
        VlanMode::Basic8021q,
        VlanMode::Advanced8021q,
    ];

    /// Its number in forms and pages, 0 to 4.
    pub fn number(self) -> u16 {
        match self {
            Self::NoVlan => 0,
            Self::BasicPort => 1,
            Self::AdvancedPort => 2,
            Self::Basic8021q => 3,
            Self::Advanced8021q => 4,
        }
    }

    /// What it is called in pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoVlan => "noVlan",
            Self::BasicPort => "bscPotBsd",
            Self::AdvancedPort => "advPotBsd",
            Self::Basic8021q => "bsc8021Q",
            Self::Advanced8021q => "adv8021Q",
        }
    }
}

/// How feeble its web server is.
#[derive(Clone, Debug)]
pub struct Transport {
    /// How long every answer takes.
    pub latency: Duration,
    /// How much longer that of a page takes, by its path.
    pub slow: BTreeMap<String, Duration>,
    /// After how many requests in how long the next ones get an empty reply.
    pub burst: Option<(usize, Duration)>,
    /// How long a restart takes.
    pub reboot: Duration,
    /// Whether the answer to new addresses is lost, as clients report.
    pub readdressing_is_silent: bool,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            slow: BTreeMap::new(),
            burst: None,
            reboot: Duration::from_secs(30),
            readdressing_is_silent: false,
        }
    }
}
