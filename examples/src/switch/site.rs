//! The switch that a command is about.

use super::harmless;
use crate::answer::Failure;
use crate::args::Target;
use crate::input::Input;
use crate::look::Look;
use rackberry::core::{Milliwatts, PortNo, Switch, SwitchId, SwitchState};
use rackberry::plan::Resolved;
use rackberry::plan::rack::SecretRef;
use rackberry::switch::{Driven, Driver, Known, Reach};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A switch, and the rack file that describes it.
pub(super) struct Site {
    /// Its name in the rack file.
    pub id: SwitchId,
    /// Where it answers.
    pub address: String,
    pub device: Arc<dyn Switch>,
    pub driven: Driven,
    pub driver: Driver,
    pub book: Option<Book>,
}

/// A rack file that describes the switch.
pub(super) struct Book {
    pub rack: Resolved,
    /// The position of the switch.
    pub at: usize,
}

impl Book {
    /// The port by which the controller reaches a switch.
    pub(super) fn uplink(&self, id: &SwitchId) -> Option<PortNo> {
        self.rack.rack.switches.get(id).and_then(|it| it.uplink)
    }
}

impl Site {
    /// The switch that is asked for. Nothing is sent yet.
    pub(super) fn new(target: &Target, look: &Look) -> Result<Self, Failure> {
        let (id, mut reach, book) = match &target.rack {
            Some(file) => described(file, target, look)?,
            None => {
                let driver = target.model.clone().ok_or_else(|| missing("say what it is: --model"));
                (SwitchId::new("switch"), Reach::new("the switch", driver?), None)
            }
        };
        let mut folder = target.rack.as_deref().and_then(Path::parent).map(Path::to_path_buf);
        reach.address = target.address.clone().or(reach.address);
        reach.user = target.user.clone().or(reach.user);
        reach.pace = target.pace;
        if target.plain_http || target.fingerprint.is_some() {
            let (fingerprint, plain_http) = (target.fingerprint, target.plain_http);
            reach.trust = Known { fingerprint, plain_http, authority: None };
        }
        if let Some(password) = password(target) {
            // What is asked for on the command line begins where that is typed.
            (reach.password, folder) = (Some(password), None);
        }
        let driven = reach.connect(&folder.unwrap_or_default()).map_err(Failure::Device)?;
        let address = reach.address.unwrap_or_default();
        Ok(Self { id, address, device: driven.switch(), driven, driver: reach.driver, book })
    }

    /// What the rack file says.
    pub(super) fn book(&self) -> Result<&Book, Failure> {
        self.book.as_ref().ok_or_else(|| missing("say what the switch should have: --rack FILE"))
    }

    /// The most that what is known to be behind each port draws.
    pub(super) fn peaks(&self) -> BTreeMap<PortNo, Milliwatts> {
        self.book.as_ref().map(|it| it.rack.peaks(it.at)).unwrap_or_default()
    }

    /// What is there before anything is sent.
    pub(super) async fn observe(&self) -> Result<SwitchState, Failure> {
        harmless(async { self.device.observe().await.map_err(Failure::Device) }).await
    }
}

fn password(target: &Target) -> Option<SecretRef> {
    let file = target.password_file.clone().map(SecretRef::File);
    file.or_else(|| target.password_env.clone().map(SecretRef::Env))
}

fn described(
    file: &Path,
    target: &Target,
    look: &Look,
) -> Result<(SwitchId, Reach, Option<Book>), Failure> {
    let input = Input::read(file)?;
    let rack = input.resolve(look)?;
    let id = match &target.switch {
        Some(id) => id.clone(),
        None => only(&rack)?,
    };
    let reach = Reach::of(&rack, &id).map_err(Failure::Device)?;
    let at = rack.switch(&id).ok_or_else(|| missing("the rack file has no such switch"))?;
    Ok((id, reach, Some(Book { rack, at })))
}

/// The one switch of a rack that can be driven.
fn only(rack: &Resolved) -> Result<SwitchId, Failure> {
    let driven = rack.switches.iter().filter(|it| Reach::of(rack, &it.id).is_ok());
    let driven: Vec<&SwitchId> = driven.map(|it| &it.id).collect();
    match driven.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(missing("the rack file has no switch that can be driven")),
        several => {
            let names: Vec<&str> = several.iter().map(|it| it.as_str()).collect();
            Err(missing(&format!("say which switch: --switch {}", names.join(" or --switch "))))
        }
    }
}

fn missing(text: &str) -> Failure {
    Failure::Missing(text.into())
}
