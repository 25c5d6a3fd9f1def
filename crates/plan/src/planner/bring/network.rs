//! VLANs and ports of all switches, so that nobody is cut off on the way.

use super::{Bring, SWITCH};
use crate::check::{Socket, trunks, uplink};
use crate::vlan::{CHANGES, Far, make_before_break};
use crate::wires::{Wires, tables};
use crate::{Action, Fact, Resolved, Step, Unset};
use rackberry_core::{SwitchId, VlanId, VlanTable};
use std::collections::BTreeMap;

/// The tables of one switch: the one it has, and those on the way to the one it should have.
struct Way {
    switch: usize,
    tables: Vec<VlanTable>,
}

/// What is at the far end of every port.
struct Ends {
    far: BTreeMap<Socket, Far>,
}

impl Ends {
    fn new(rack: &Resolved) -> Self {
        let uplinks = (0..rack.switches.len()).filter_map(|it| uplink(rack, it));
        let mut far: BTreeMap<Socket, Far> = uplinks.map(|it| (it, Far::Outside)).collect();
        for (near, end) in trunks(rack).into_iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
            // A switch that knows no VLANs is like the machines behind it.
            let managed = rack.switches[end.0].model.is_managed();
            far.insert(near, if managed { Far::Switch } else { Far::Machine });
        }
        Self { far }
    }

    fn of(&self, port: Socket) -> Far {
        self.far.get(&port).copied().unwrap_or(Far::Machine)
    }
}

impl Bring<'_> {
    /// Sets the VLANs of all switches, one kind of change after the other: a frame may cross several of them.
    pub(super) fn switches(&mut self) {
        let mut ways = self.ways();
        if let Some(why) = self.cut(&ways) {
            ways.drain(..).for_each(|it| self.locked[it.switch] = Some(why.clone()));
        }
        let locked = self.locked.iter().zip(&self.rack.switches);
        let unset = locked.filter_map(|(why, it)| {
            self.seen.switches.get(&it.id)?.vlans.as_ref()?;
            let (switch, reason) = (it.id.clone(), why.clone()?);
            Some(Unset { what: format!("set the VLANs of {switch}"), switch, reason })
        });
        self.out.unset = unset.collect();
        for change in 0..CHANGES {
            let due = ways.iter().filter(|it| it.tables[change] != it.tables[change + 1]);
            let steps = due.map(|it| {
                let id = self.rack.switches[it.switch].id.clone();
                self.set_vlans(&id, &it.tables[change], &it.tables[change + 1])
            });
            let steps: Vec<Step> = steps.collect();
            if !steps.is_empty() {
                let first = self.out.steps.len();
                self.net = (first..first + steps.len()).collect();
                self.out.steps.extend(steps);
            }
        }
    }

    /// The tables of every switch whose VLANs are to change.
    fn ways(&self) -> Vec<Way> {
        let switches = 0..self.rack.switches.len();
        let due: Vec<_> = switches.filter_map(|it| Some((it, self.due(it)?))).collect();
        let far = Ends::new(self.rack);
        let outside = |(at, (now, wish)): &(usize, (VlanTable, VlanTable))| {
            let port = uplink(self.rack, *at).filter(|it| far.of(*it) == Far::Outside)?.1;
            Some((*now.pvids.get(&port)?, *wish.pvids.get(&port)?))
        };
        let natives: Vec<(VlanId, VlanId)> = due.iter().filter_map(outside).collect();
        let way = |(switch, (now, wish)): (usize, (VlanTable, VlanTable))| {
            let comes = |port| {
                let (old, new) = (now.pvids.get(&port), wish.pvids.get(&port));
                natives.iter().any(|it| Some(&it.1) == new && Some(&it.0) != old)
            };
            let changes = make_before_break(&now, &wish, &|port| {
                let far = far.of((switch, port));
                if far == Far::Machine && comes(port) { Far::Newcomer } else { far }
            });
            Way { switch, tables: std::iter::once(now).chain(changes).collect() }
        };
        due.into_iter().map(way).collect()
    }

    /// The VLANs that a switch has, and those that it should have, if they differ.
    fn due(&self, switch: usize) -> Option<(VlanTable, VlanTable)> {
        let id = &self.rack.switches[switch].id;
        let now = self.seen.switches.get(id)?.vlans.clone()?;
        let wish = self.rack.wished_vlans(switch, &now)?;
        let stays = self.rack.locks_out(switch, &wish) || now == wish;
        (!stays).then_some((now, wish))
    }

    /// Who would be cut off between two steps, although the file means them to be reached.
    fn cut(&self, ways: &[Way]) -> Option<String> {
        let wires = Wires::new(self.rack, self.seen);
        let tables = |pick: &dyn Fn(&Way) -> Vec<VlanTable>| {
            let mut all = tables(self.rack, self.seen);
            all.extend(ways.iter().map(|it| (it.switch, pick(it))));
            all
        };
        let kept = wires.kept(
            &tables(&|it| vec![it.tables[0].clone()]),
            &tables(&|it| vec![it.tables[CHANGES].clone()]),
        );
        let both = |change: usize| tables(&|it: &Way| it.tables[change..change + 2].to_vec());
        let cut = (0..CHANGES).find_map(|it| wires.cut(&kept, &both(it)))?;
        Some(format!(
            "between two changes of VLANs {} could not be reached: change them in two files, one after the other",
            cut.words(self.rack)
        ))
    }

    fn set_vlans(&self, switch: &SwitchId, before: &VlanTable, table: &VlanTable) -> Step {
        let fact = |table: &VlanTable| Fact::Vlans { switch: switch.clone(), table: table.clone() };
        let action = Action::SetVlans { switch: switch.clone(), table: table.clone() };
        let (before, after) = (vec![fact(before)], vec![fact(table)]);
        Step { before, action, after, needs: self.net.clone(), takes: SWITCH }
    }

    /// Why the VLANs of a machine's switch cannot be set as the file says.
    pub(super) fn locked(&self, node: usize) -> Option<String> {
        self.locked[self.rack.nodes[node].switch?].clone()
    }
}

/// Why a switch would be cut off by the VLANs that the file asks for.
pub(super) fn locks_out(rack: &Resolved, switch: usize) -> Option<String> {
    let id = &rack.switches[switch].id;
    rack.vlan_table(switch).filter(|it| rack.locks_out(switch, it))?;
    let network =
        rack.rack.switches[id].network.iter().map(ToString::to_string).collect::<String>();
    Some(format!(
        "switch {id} could not be reached any more by way of its uplink: that port has to carry {network}, where it answers"
    ))
}
