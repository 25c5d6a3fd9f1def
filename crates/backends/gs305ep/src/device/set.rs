use super::Talk;
use super::vlan::{Change, next};
use crate::Model;
use crate::wire::{
    Dashboard, Form, FormHash, LimitType, Page, PoeConfig, PoeSetting, PowerLimit, Reply, Speed,
    Unreadable, Unwritable, VlanPage, Vlans, read_dashboard, read_poe_config, read_vlans,
};
use rackberry_core::{Error, ErrorKind, Milliwatts, PortNo, Result, VlanTable};

/// A form is sent, and the page is read again: the second time there must be nothing left to do.
const LOOKS: usize = 2;

impl Talk {
    pub(super) async fn set_port(&mut self, port: PortNo, enabled: bool) -> Result<()> {
        self.exists(port, Model::has).await?;
        let form = |page: &Dashboard| port_form(page, port, enabled);
        self.settle(Page::Dashboard, read_dashboard, form, &format!("set {port}")).await
    }

    pub(super) async fn set_limit(
        &mut self,
        port: PortNo,
        limit: Option<Milliwatts>,
    ) -> Result<()> {
        let invalid = |why| Error::new(ErrorKind::Invalid, format!("limit {port}")).because(why);
        let limit = limit.map(PowerLimit::try_from).transpose().map_err(invalid)?;
        let set = |it: &mut PoeSetting| match limit {
            Some(limit) => (it.limit_type, it.limit) = (LimitType::User, limit),
            None if it.limit_type == LimitType::User => it.limit_type = LimitType::Class,
            None => {}
        };
        self.set_poe(port, set).await
    }

    pub(super) async fn set_poe(
        &mut self,
        port: PortNo,
        set: impl Fn(&mut PoeSetting) + Send + Sync,
    ) -> Result<()> {
        self.exists(port, Model::feeds).await?;
        self.kept = None;
        let form = |page: &PoeConfig| poe_form(page, port, &set);
        let doing = format!("set the PoE of {port}");
        self.settle(Page::PoeConfig, read_poe_config, form, &doing).await
    }

    /// Sends the form that follows from a page, until nothing follows from it any more.
    async fn settle<T>(
        &mut self,
        page: Page,
        read: fn(&[u8]) -> Result<T, Unreadable>,
        form: impl Fn(&T) -> Result<Option<Form>> + Send + Sync,
        doing: &str,
    ) -> Result<()> {
        for _ in 0..LOOKS {
            let Some(reply) = self.desk.change(page, read, &form).await? else { return Ok(()) };
            taken(reply, Reply::Success, doing)?;
        }
        Err(unheard(doing))
    }

    /// Makes one change after the other, and reads after each what came of it.
    pub(super) async fn set_vlans(&mut self, wish: &VlanTable) -> Result<()> {
        let model = self.desk.model().await?;
        is_sound(wish, model)?;
        let mut last = None;
        loop {
            let mut due = None;
            let form = |page: &VlanPage| {
                due = next(vlans(page)?, wish);
                match due.as_ref().filter(|it| last.as_ref() == Some(*it)) {
                    Some(change) => Err(unheard(&change.to_string())),
                    None => due.as_ref().map(|it| vlan_form(it, model, &page.hash)).transpose(),
                }
            };
            let reply = self.desk.change(Page::Vlan, read_vlans, form).await?;
            let (Some(reply), Some(change)) = (reply, due) else { return Ok(()) };
            taken(reply, Reply::Page, &change.to_string())?;
            last = Some(change);
        }
    }

    async fn exists(&mut self, port: PortNo, has: fn(Model, PortNo) -> bool) -> Result<()> {
        match has(self.desk.model().await?, port) {
            true => Ok(()),
            false => Err(Error::not_found(format!("find {port}"))),
        }
    }
}

fn port_form(page: &Dashboard, port: PortNo, enabled: bool) -> Result<Option<Form>> {
    let doing = || format!("set {port}");
    let view = page.ports.get(&port).ok_or_else(|| Error::not_found(doing()))?;
    if (view.setting.speed != Speed::Off) == enabled {
        return Ok(None);
    }
    let mut wish = view.setting.clone();
    // How fast it was before it was switched off is nowhere kept.
    wish.speed = if enabled { Speed::Auto } else { Speed::Off };
    Form::port(port, &wish, &page.hash).map(Some).map_err(|why| unwritable(why, &doing()))
}

fn poe_form(page: &PoeConfig, port: PortNo, set: impl Fn(&mut PoeSetting)) -> Result<Option<Form>> {
    let now = page.ports.get(&port).ok_or_else(|| Error::not_found(format!("feed {port}")))?;
    let mut wish = *now;
    set(&mut wish);
    Ok((wish != *now).then(|| Form::poe(port, &wish, &page.hash)))
}

fn vlan_form(change: &Change, model: Model, hash: &FormHash) -> Result<Form> {
    let form = match change {
        Change::Add(entry) => Form::vlan_add(entry, model, hash),
        Change::Set(entry) => Form::vlan_set(entry, model, hash),
        Change::Pvid(port, vlan) => Ok(Form::pvid(*port, *vlan, hash)),
        Change::Delete(vlan) => Ok(Form::vlan_delete(*vlan, hash)),
    };
    form.map_err(|why| unwritable(why, &change.to_string()))
}

/// The VLANs of a switch that is in the one mode in which there are tables.
fn vlans(page: &VlanPage) -> Result<&Vlans> {
    page.vlans.as_ref().ok_or_else(|| {
        let why = format!(
            "it is set to {}: set it to advanced 802.1Q VLANs in its pages first, which may forget those it has",
            page.mode
        );
        Error::new(ErrorKind::Unsupported, "set VLANs").because(why)
    })
}

/// Whether the switch can have a table at all.
fn is_sound(table: &VlanTable, model: Model) -> Result<()> {
    let invalid = |doing| Err(Error::new(ErrorKind::Invalid, doing));
    let members = table.vlans.values().flat_map(|it| it.keys());
    if let Some(port) = members.chain(table.pvids.keys()).find(|it| !model.has(**it)) {
        return invalid(format!("set the VLANs of {port}, which it does not have"));
    }
    let outside = |(port, vlan): &(&PortNo, &_)| table.member(**port, **vlan).is_none();
    if let Some((port, vlan)) = table.pvids.iter().find(outside) {
        return invalid(format!("make {vlan} the PVID of {port}, which is no member of it"));
    }
    match table.vlans.contains_key(&Default::default()) {
        true => Ok(()),
        false => invalid("remove VLAN 1, which this switch always has".into()),
    }
}

/// Whether the switch took a form as it takes those that it carries out.
fn taken(reply: Reply, wanted: Reply, doing: &str) -> Result<()> {
    let (kind, why) = match reply {
        it if it == wanted => return Ok(()),
        Reply::NotMember { .. } => {
            (ErrorKind::Refused, "the port is no member of that VLAN".into())
        }
        Reply::Nothing => (ErrorKind::Unreachable, "it answered nothing".into()),
        Reply::Unknown(said) => (ErrorKind::Protocol, format!("it answered {said}")),
        Reply::Page | Reply::Success | Reply::WrongHash | Reply::LoggedOut => {
            (ErrorKind::Protocol, "it answered as it does to other forms".into())
        }
    };
    Err(Error::new(kind, doing).because(why))
}

/// It took a form, and nothing came of it.
fn unheard(doing: &str) -> Error {
    let why = "it took the form, and shows that nothing was changed";
    Error::new(ErrorKind::Refused, doing).because(why)
}

fn unwritable(why: Unwritable, doing: &str) -> Error {
    Error::new(ErrorKind::Invalid, doing).because(why)
}
