//! The switches of a rack file, as devices that can be driven.

use crate::plan::Resolved;
use crate::plan::rack::SecretRef;
use crate::secret;
use rackberry_core::{Error, ErrorKind, Milliwatts, Result, SwitchId};
use rackberry_gs305ep::{Config, Gs305ep, Model};
use std::net::IpAddr;
use std::path::Path;

/// How a switch is reached: what a rack file says of it, to be completed where it does not say enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// What errors call it.
    pub name: String,
    /// What it must be.
    pub model: Model,
    /// Its host, with a port if it is not 80.
    pub address: Option<String>,
    /// Where its password is kept.
    pub password: Option<SecretRef>,
    /// What its ports may deliver together, where that is not what its model usually can.
    pub budget: Option<Milliwatts>,
}

impl Reach {
    /// What a rack file says of a switch.
    ///
    /// # Errors
    ///
    /// `NotFound` where it has no such switch, `Unsupported` where that is of a model that cannot be driven.
    pub fn of(rack: &Resolved, id: &SwitchId) -> Result<Self> {
        let doing = || format!("drive switch {id}");
        let none = || Error::not_found(doing()).because("the rack file has no such switch");
        let written = rack.rack.switches.get(id).ok_or_else(none)?;
        let Some(model) = Model::named(&written.model) else {
            let known = Model::ALL.map(Model::name).join(", ");
            let why = format!("it is a {}, and only these can be driven: {known}", written.model);
            return Err(Error::new(ErrorKind::Unsupported, doing()).because(why));
        };
        Ok(Self {
            name: format!("switch {id}"),
            model,
            address: written.address.map(host),
            password: written.password.clone(),
            budget: rack.switch(id).map(|it| rack.switches[it].budget),
        })
    }

    /// The configuration of the client. The password is read; its path begins at `folder`, which is that of the rack
    /// file.
    ///
    /// # Errors
    ///
    /// `Invalid` where there is no address or no password.
    pub fn config(&self, folder: &Path) -> Result<Config> {
        let doing = || format!("reach {}", self.name);
        let lacks = |what: &str| Error::new(ErrorKind::Invalid, doing()).because(what.to_string());
        let address = self.address.clone().ok_or_else(|| lacks("nothing says its address"))?;
        let kept = self.password.as_ref();
        let kept = kept.ok_or_else(|| lacks("nothing says where its password is kept"))?;
        let mut config = Config::new(address, secret::read(kept, folder)?);
        config.model = Some(self.model);
        config.budget = self.budget;
        Ok(config)
    }
}

/// The switch of a rack file, ready to be asked. Nothing is sent yet.
///
/// # Errors
///
/// As [`Reach::of`] and [`Reach::config`].
pub fn connect(rack: &Resolved, id: &SwitchId, folder: &Path) -> Result<Gs305ep> {
    Reach::of(rack, id)?.config(folder).map(Gs305ep::new)
}

/// An address as it is written before a port.
fn host(address: IpAddr) -> String {
    match address {
        IpAddr::V4(it) => it.to_string(),
        IpAddr::V6(it) => format!("[{it}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Source;

    fn rack(switch: &str) -> Resolved {
        let file = format!("{{ rack: desk, switches: {{ poe: {{ {switch} }} }} }}");
        Source::read("desk.yaml", file.as_bytes()).unwrap().0.resolve().unwrap()
    }

    fn reach(switch: &str) -> Result<Config> {
        Reach::of(&rack(switch), &SwitchId::new("poe"))?.config(Path::new(""))
    }

    fn why(error: &Error) -> String {
        std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
    }

    #[test]
    fn a_switch_is_reached_as_the_file_says() {
        let password = "password: { command: [echo, hunter2] }";
        let config =
            reach(&format!("model: GS308EP, address: 10.0.0.2, budget: 50W, {password}")).unwrap();
        assert_eq!(config.address, "10.0.0.2");
        assert_eq!((config.model, config.budget), (Some(Model::Gs308ep), Some(Milliwatts(50_000))));
        assert!(!format!("{config:?}").contains("hunter2"));
        let six = reach(&format!("model: GS305EP, address: \"fd00::2\", {password}")).unwrap();
        assert_eq!((six.address.as_str(), six.budget), ("[fd00::2]", Some(Milliwatts(63_000))));
    }

    #[test]
    fn what_cannot_be_driven_or_reached_is_said() {
        let other = reach("model: CRS328-24P-4S+RM, address: 10.0.0.2").unwrap_err();
        assert_eq!(other.kind(), ErrorKind::Unsupported);
        assert!(why(&other).contains("only these can be driven: GS305EP, "), "{}", why(&other));
        let nowhere = reach("model: GS305EP").unwrap_err();
        assert_eq!(why(&nowhere), "nothing says its address");
        let open = reach("model: GS305EP, address: 10.0.0.2").unwrap_err();
        assert_eq!(why(&open), "nothing says where its password is kept");
        let none = connect(&rack("model: GS305EP"), &SwitchId::new("no"), Path::new(""));
        assert_eq!(none.unwrap_err().kind(), ErrorKind::NotFound);
    }
}
