use super::Talk;
use super::observe::power;
use super::table::Table;
use super::vlan::{Change, next};
use crate::wire::{BridgeVlan, Members, Order, PoeOut, PoeSetting};
use rackberry_core::{Error, ErrorKind, Milliwatts, PoePriority, PortNo, Power, Result, VlanTable};

/// An order is sent, and read again: the second time there must be nothing left to do.
const LOOKS: usize = 2;

impl Talk {
    pub(super) async fn set_port(&mut self, port: PortNo, enabled: bool) -> Result<()> {
        let doing = format!("set {port}");
        self.desk.identify().await?;
        for _ in 0..LOOKS {
            let mut ports = self.ports().await?;
            let it = ports.remove(&port).ok_or_else(|| Error::not_found(doing.clone()))?;
            if it.disabled != enabled {
                return Ok(());
            }
            self.desk.tell(&Order::enable(&it.id, enabled)).await?;
        }
        Err(unheard(&doing))
    }

    pub(super) async fn set_poe(&mut self, port: PortNo, wish: Power) -> Result<()> {
        let out = match wish {
            Power::Off => PoeOut::Off,
            Power::On => PoeOut::AutoOn,
        };
        let due = |it: &PoeSetting| (power(it) != wish).then(|| Order::poe_out(&it.id, out));
        self.settle(port, due).await
    }

    pub(super) async fn set_priority(&mut self, port: PortNo, wish: PoePriority) -> Result<()> {
        let order = PoeSetting::order_of(wish);
        let due =
            |it: &PoeSetting| (it.priority() != wish).then(|| Order::poe_order(&it.id, order));
        self.settle(port, due).await
    }

    pub(super) async fn set_limit(
        &mut self,
        port: PortNo,
        limit: Option<Milliwatts>,
    ) -> Result<()> {
        self.settle(port, |_| None).await?;
        let Some(_) = limit else { return Ok(()) };
        let why =
            "RouterOS limits no port by watts: its class, or what the port can bear, is the limit";
        Err(Error::new(ErrorKind::Unsupported, format!("limit {port}")).because(why))
    }

    /// Sends the order that follows from how a port is fed, until none follows any more.
    async fn settle(
        &mut self,
        port: PortNo,
        due: impl Fn(&PoeSetting) -> Option<Order> + Send + Sync,
    ) -> Result<()> {
        let doing = format!("set the PoE of {port}");
        self.desk.identify().await?;
        let ports = self.ports().await?;
        let name = ports.get(&port).map(|it| it.name.as_str()).unwrap_or_default();
        for _ in 0..LOOKS {
            let fed = self.fed().await?;
            let it = fed.get(name).ok_or_else(|| Error::not_found(doing.clone()))?;
            let Some(order) = due(it) else { return Ok(()) };
            self.desk.tell(&order).await?;
        }
        Err(unheard(&doing))
    }

    /// Makes one change after the other, and reads after each what came of it.
    pub(super) async fn set_vlans(&mut self, wish: &VlanTable) -> Result<()> {
        self.desk.identify().await?;
        let ports = self.ports().await?;
        let mut last: Option<Change> = None;
        for _ in 0..most(wish, ports.len()) {
            let tables = self.tables(&ports).await?;
            let now = tables.bridge(self.bridge.as_deref()).ok_or_else(without_vlans)?;
            is_sound(&now, wish)?;
            let Some(change) = next(&now, wish) else { return Ok(()) };
            if last.as_ref() == Some(&change) {
                return Err(unheard(&change.to_string()));
            }
            self.desk.tell(&change.order(&now.bridge)).await?;
            last = Some(change);
        }
        Err(unheard("set VLANs").because("somebody else changes them at the same time"))
    }
}

/// More changes than any two tables are apart.
fn most(wish: &VlanTable, ports: usize) -> usize {
    const OTHERS: usize = 4_096;
    3 * wish.vlans.len() + 3 * ports + OTHERS
}

fn without_vlans() -> Error {
    let why = "not exactly one of its bridges filters VLANs: set vlan-filtering=yes on the one whose ports are meant, \
        after its VLAN table keeps you in, or name it in the configuration";
    Error::new(ErrorKind::Unsupported, "set VLANs").because(why)
}

/// Whether the bridge can have a table at all.
fn is_sound(now: &Table, wish: &VlanTable) -> Result<()> {
    let invalid = |doing| Err(Error::new(ErrorKind::Invalid, doing));
    let members = wish.vlans.values().flat_map(|it| it.keys());
    if let Some(port) = members.chain(wish.pvids.keys()).find(|it| now.name(**it).is_none()) {
        return invalid(format!("set the VLANs of {port}, which is no port of {}", now.bridge));
    }
    let outside = |(port, vlan): &(&PortNo, &_)| wish.member(**port, **vlan).is_none();
    if let Some((port, vlan)) = wish.pvids.iter().find(outside) {
        return invalid(format!("make {vlan} the PVID of {port}, which is no member of it"));
    }
    now.rows.iter().try_for_each(|row| fits(now, wish, row))
}

/// Whether what is to become of a row can be said of it.
fn fits(now: &Table, wish: &VlanTable, row: &BridgeVlan) -> Result<()> {
    let gone = row.vlans.iter().find(|it| !wish.vlans.contains_key(it));
    if let Some(vlan) = gone.filter(|_| now.others(row) != Members::default()) {
        let why = "the switch itself, or another interface that is no port, is a member of it";
        return Err(Error::new(ErrorKind::Invalid, format!("remove {vlan}")).because(why));
    }
    let table = now.table();
    let differs = row.vlans.iter().find(|it| table.vlans.get(it) != wish.vlans.get(it));
    match differs.filter(|_| row.vlans.len() > 1) {
        None => Ok(()),
        Some(vlan) => {
            let why = "it shares a row of the table with other VLANs: give it one of its own first";
            Err(Error::new(ErrorKind::Unsupported, format!("change {vlan}")).because(why))
        }
    }
}

/// RouterOS said that it was done, and nothing came of it.
fn unheard(doing: &str) -> Error {
    let why = "it took the order, and shows that nothing was changed";
    Error::new(ErrorKind::Refused, doing).because(why)
}
