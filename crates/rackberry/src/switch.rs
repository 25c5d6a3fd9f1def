//! The switches of a rack file, as devices that can be driven.

use crate::plan::Resolved;
use crate::plan::rack::{Fingerprint, SecretRef};
use crate::secret;
use rackberry_core::{Error, ErrorKind, Milliwatts, Result, Switch, SwitchId};
#[cfg(feature = "gs305ep")]
use rackberry_gs305ep::Gs305ep;
#[cfg(feature = "routeros")]
use rackberry_routeros::{RouterOs, Trust};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The models of MikroTik that have RouterOS, by how their names begin.
#[cfg(feature = "routeros")]
const ROUTEROS: [&str; 8] = ["CCR", "CRS", "L009", "RB3011", "RB4011", "RB5009", "hAP", "hEX"];

/// What a switch is, as far as that decides how it is driven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Driver {
    /// A Netgear GS305EP or another of its family.
    #[cfg(feature = "gs305ep")]
    Gs305ep(rackberry_gs305ep::Model),
    /// A MikroTik switch of this model, with RouterOS 7.
    #[cfg(feature = "routeros")]
    RouterOs(String),
}

impl Driver {
    /// What drives a model, by its name in the catalogue; none where nothing here does.
    pub fn of(model: &str) -> Option<Self> {
        #[cfg(feature = "gs305ep")]
        if let Some(it) = rackberry_gs305ep::Model::named(model) {
            return Some(Self::Gs305ep(it));
        }
        #[cfg(feature = "routeros")]
        if ROUTEROS.iter().any(|it| model.starts_with(it)) {
            return Some(Self::RouterOs(model.into()));
        }
        None
    }

    /// Why a port of it cannot be limited to so much, if it cannot.
    pub fn no_limit(&self, most: Milliwatts) -> Option<String> {
        match self {
            #[cfg(feature = "gs305ep")]
            Self::Gs305ep(_) => rackberry_gs305ep::wire::PowerLimit::try_from(most).err(),
            #[cfg(feature = "routeros")]
            Self::RouterOs(_) => Some(format!(
                "RouterOS limits no port, so none to {most} either: leave `limit` out"
            )),
        }
    }

    /// What can be driven, in words.
    pub fn known() -> String {
        let mut all: Vec<String> = Vec::new();
        #[cfg(feature = "gs305ep")]
        all.extend(rackberry_gs305ep::Model::ALL.map(|it| it.name().to_owned()));
        #[cfg(feature = "routeros")]
        all.push("MikroTik switches with RouterOS 7, as CRS328-24P-4S+RM".into());
        all.join(", ")
    }
}

/// A switch that is driven.
#[derive(Clone, Debug)]
pub enum Driven {
    /// A Netgear GS305EP or another of its family.
    #[cfg(feature = "gs305ep")]
    Gs305ep(Arc<Gs305ep>),
    /// A MikroTik switch.
    #[cfg(feature = "routeros")]
    RouterOs(Arc<RouterOs>),
}

impl Driven {
    /// The switch.
    pub fn switch(&self) -> Arc<dyn Switch> {
        match self {
            #[cfg(feature = "gs305ep")]
            Self::Gs305ep(it) => it.clone(),
            #[cfg(feature = "routeros")]
            Self::RouterOs(it) => it.clone(),
        }
    }

    /// Ends the talk with it, and gives its session free. The next order begins another.
    ///
    /// # Errors
    ///
    /// `Unreachable` where it does not hear of it; then it forgets the session by itself.
    pub async fn close(&self) -> Result<()> {
        match self {
            #[cfg(feature = "gs305ep")]
            Self::Gs305ep(it) => it.close().await,
            #[cfg(feature = "routeros")]
            Self::RouterOs(it) => {
                it.close().await;
                Ok(())
            }
        }
    }
}

/// How a switch is reached: what a rack file says of it, to be completed where it does not say enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// What errors call it.
    pub name: String,
    /// What it must be.
    pub driver: Driver,
    /// Its host, with a port if it is not the usual one.
    pub address: Option<String>,
    /// Who logs in, where it asks for a name.
    pub user: Option<String>,
    /// Where its password is kept.
    pub password: Option<SecretRef>,
    /// How it is known again, where it can be.
    pub trust: Known,
    /// What its ports may deliver together, where that is not what its model usually can.
    pub budget: Option<Milliwatts>,
    /// How long it is left alone between an answer and the next request, where that is not what it usually needs.
    pub pace: Option<Duration>,
}

/// How a switch is known again, as a rack file says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// By its certificate.
    pub fingerprint: Option<Fingerprint>,
    /// By the authority whose certificate is in this file.
    pub authority: Option<String>,
    /// By nothing: it is asked without TLS.
    pub plain_http: bool,
}

impl Reach {
    /// A switch of which nothing else is known.
    pub fn new(name: impl Into<String>, driver: Driver) -> Self {
        Self {
            name: name.into(),
            driver,
            address: None,
            user: None,
            password: None,
            trust: Known::default(),
            budget: None,
            pace: None,
        }
    }

    /// What a rack file says of a switch.
    ///
    /// # Errors
    ///
    /// `NotFound` where it has no such switch, `Unsupported` where that is of a model that cannot be driven.
    pub fn of(rack: &Resolved, id: &SwitchId) -> Result<Self> {
        let doing = || format!("drive switch {id}");
        let none = || Error::not_found(doing()).because("the rack file has no such switch");
        let written = rack.rack.switches.get(id).ok_or_else(none)?;
        let driver = Driver::of(&written.model).ok_or_else(|| {
            let (model, known) = (&written.model, Driver::known());
            let why = format!("it is a {model}, and only these can be driven: {known}");
            Error::new(ErrorKind::Unsupported, doing()).because(why)
        })?;
        Ok(Self {
            address: written.address.map(host),
            user: written.user.clone(),
            password: written.password.clone(),
            trust: Known {
                fingerprint: written.fingerprint,
                authority: written.authority.clone(),
                plain_http: written.plain_http,
            },
            budget: rack.switch(id).map(|it| rack.switches[it].budget),
            ..Self::new(format!("switch {id}"), driver)
        })
    }

    /// The switch, ready to be asked. Its password is read; the paths of files begin at `folder`, which is that of the
    /// rack file. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `Invalid` where something is missing that it cannot be reached without, or cannot be read.
    pub fn connect(&self, folder: &Path) -> Result<Driven> {
        match &self.driver {
            #[cfg(feature = "gs305ep")]
            Driver::Gs305ep(model) => self.gs305ep(*model, folder),
            #[cfg(feature = "routeros")]
            Driver::RouterOs(model) => self.routeros(model, folder),
        }
    }

    #[cfg(feature = "gs305ep")]
    fn gs305ep(&self, model: rackberry_gs305ep::Model, folder: &Path) -> Result<Driven> {
        let mut config = rackberry_gs305ep::Config::new(self.host()?, self.password(folder)?);
        (config.model, config.budget) = (Some(model), self.budget);
        config.pace = self.pace.unwrap_or(config.pace);
        Ok(Driven::Gs305ep(Arc::new(Gs305ep::new(config))))
    }

    #[cfg(feature = "routeros")]
    fn routeros(&self, model: &str, folder: &Path) -> Result<Driven> {
        let user = self.user.clone().ok_or_else(|| self.lacks("nothing says its `user`"))?;
        let (address, password) = (self.host()?, self.password(folder)?);
        let trust = self.trusted(folder)?;
        let mut config = rackberry_routeros::Config::new(address, user, password, trust);
        (config.model, config.budget) = (Some(model.into()), self.budget);
        Ok(Driven::RouterOs(Arc::new(RouterOs::new(config))))
    }

    #[cfg(feature = "routeros")]
    fn trusted(&self, folder: &Path) -> Result<Trust> {
        let Known { fingerprint, authority, plain_http } = &self.trust;
        match (fingerprint, authority, plain_http) {
            (Some(it), None, false) => {
                Ok(Trust::Fingerprint(rackberry_routeros::Fingerprint::new(it.0)))
            }
            (None, Some(file), false) => {
                let pem = std::fs::read_to_string(folder.join(file));
                let why = |it: std::io::Error| self.lacks(&format!("{file}: {it}"));
                pem.map(Trust::Authority).map_err(why)
            }
            (None, None, true) => Ok(Trust::PlainHttp),
            (None, None, false) => Err(self.lacks(
                "nothing says how it is known again: write the `fingerprint` of its certificate, as \
                 `/certificate print detail` shows it",
            )),
            _ => Err(self.lacks(
                "of `fingerprint`, `authority` and `plain-http` it can have one: leave out the others",
            )),
        }
    }

    fn host(&self) -> Result<String> {
        self.address.clone().ok_or_else(|| self.lacks("nothing says its address"))
    }

    fn password(&self, folder: &Path) -> Result<secrecy::SecretString> {
        let kept = self.password.as_ref();
        let kept = kept.ok_or_else(|| self.lacks("nothing says where its password is kept"))?;
        secret::read(kept, folder)
    }

    fn lacks(&self, what: &str) -> Error {
        Error::new(ErrorKind::Invalid, format!("reach {}", self.name)).because(what.to_string())
    }
}

/// The switch of a rack file, ready to be asked. Nothing is sent yet.
///
/// # Errors
///
/// As [`Reach::of`] and [`Reach::connect`].
pub fn connect(rack: &Resolved, id: &SwitchId, folder: &Path) -> Result<Driven> {
    Reach::of(rack, id)?.connect(folder)
}

/// An address as it is written before a port.
fn host(address: IpAddr) -> String {
    match address {
        IpAddr::V4(it) => it.to_string(),
        IpAddr::V6(it) => format!("[{it}]"),
    }
}

#[cfg(test)]
#[cfg(all(feature = "gs305ep", feature = "routeros"))]
mod tests {
    use super::*;
    use crate::plan::Source;

    fn rack(switch: &str) -> Resolved {
        let file = format!("{{ rack: desk, switches: {{ poe: {{ {switch} }} }} }}");
        Source::read("desk.yaml", file.as_bytes()).unwrap().0.resolve().unwrap()
    }

    fn reach(switch: &str) -> Result<Driven> {
        connect(&rack(switch), &SwitchId::new("poe"), Path::new(""))
    }

    fn why(switch: &str) -> String {
        let error = reach(switch).map(drop).unwrap_err();
        std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default()
    }

    #[test]
    fn a_switch_is_reached_as_the_file_says() {
        let password = "password: { command: [echo, hunter2] }";
        let it = reach(&format!("model: GS308EP, address: 10.0.0.2, budget: 50W, {password}"));
        let it = it.unwrap();
        assert!(matches!(it, Driven::Gs305ep(_)) && !format!("{it:?}").contains("hunter2"));
        let six = rack(&format!("model: GS305EP, address: \"fd00::2\", {password}"));
        let six = Reach::of(&six, &SwitchId::new("poe")).unwrap();
        assert_eq!(six.address.as_deref(), Some("[fd00::2]"));
        assert_eq!(six.budget, Some(Milliwatts(63_000)));
    }

    #[test]
    fn a_mikrotik_is_known_again_in_one_way() {
        let crs = "model: CRS328-24P-4S+RM, address: 10.0.0.2, user: admin, password: { command: [echo, hunter2] }";
        let pinned =
            reach(&format!("{crs}, fingerprint: \"{}\"", "ab:".repeat(31) + "ab")).unwrap();
        assert!(
            matches!(pinned, Driven::RouterOs(_)) && !format!("{pinned:?}").contains("hunter2")
        );
        assert!(reach(&format!("{crs}, plain-http: true")).is_ok());
        assert!(why(crs).contains("write the `fingerprint` of its certificate"), "{}", why(crs));
        let both = why(&format!("{crs}, plain-http: true, authority: ca.pem"));
        assert!(both.contains("it can have one"), "{both}");
        let none = why(&format!("{crs}, authority: there-is-none.pem"));
        assert!(none.starts_with("there-is-none.pem: "), "{none}");
        assert_eq!(why("model: CRS328-24P-4S+RM, address: 10.0.0.2"), "nothing says its `user`");
    }

    #[test]
    fn a_limit_that_a_switch_does_not_have_is_said() {
        let netgear = Driver::of("GS305EP").unwrap();
        assert_eq!(netgear.no_limit(Milliwatts(15_400)), None);
        for other in [2_000, 40_000, 15_450] {
            let why = netgear.no_limit(Milliwatts(other)).unwrap_or_default();
            assert!(why.contains("is no limit of a port: 3W to 30W"), "{why}");
        }
        let mikrotik = Driver::of("CRS328-24P-4S+RM").unwrap();
        assert!(mikrotik.no_limit(Milliwatts(15_400)).is_some());
    }

    #[test]
    fn what_cannot_be_driven_or_reached_is_said() {
        let other = reach("model: RB260GSP, address: 10.0.0.2").map(drop).unwrap_err();
        assert_eq!(other.kind(), ErrorKind::Unsupported);
        let known = why("model: RB260GSP, address: 10.0.0.2");
        assert!(known.contains("only these can be driven: GS305EP, "), "{known}");
        assert_eq!(why("model: GS305EP"), "nothing says its address");
        let open = why("model: GS305EP, address: 10.0.0.2");
        assert_eq!(open, "nothing says where its password is kept");
        let none = connect(&rack("model: GS305EP"), &SwitchId::new("no"), Path::new(""));
        assert_eq!(none.map(drop).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
