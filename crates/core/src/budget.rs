//! What a PoE switch may deliver, and what is asked of it.

use crate::{Milliwatts, PoeState, PortNo, Power, SwitchState};
use std::collections::BTreeMap;

/// What a switch sends at the most to a device of a class (IEEE 802.3bt), 0 to 8.
const CLASSES: [Milliwatts; 9] = [
    Milliwatts(15_400),
    Milliwatts(4_000),
    Milliwatts(7_000),
    Milliwatts(15_400),
    Milliwatts(30_000),
    Milliwatts(45_000),
    Milliwatts(60_000),
    Milliwatts(75_000),
    Milliwatts(90_000),
];

/// What a switch sends at the most to a device of a PoE class (IEEE 802.3bt); none where there is no such class.
pub fn class_power(class: u8) -> Option<Milliwatts> {
    CLASSES.get(usize::from(class)).copied()
}

/// What a PoE switch may deliver and does, in two views: whether a switch counts what flows or what the classes
/// allow is often unknown, so what fits should fit both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoeBudget {
    /// What all ports together may deliver; none where the switch does not say.
    pub budget: Option<Milliwatts>,
    /// What flows.
    pub measured: Milliwatts,
    /// What the devices that are fed may draw: of each what its class allows, or the limit of its port, or what is known
    /// of it, whichever is least.
    pub worst: Milliwatts,
}

/// Why a port is not to be fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverBudget {
    /// What it would take.
    pub needs: Milliwatts,
    /// What there is beside what the others may draw.
    pub left: Milliwatts,
    /// What all ports together may deliver.
    pub budget: Milliwatts,
}

impl std::fmt::Display for OverBudget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { needs, left, budget } = self;
        write!(f, "it may draw {needs}, and of the budget of {budget} only {left} are left")
    }
}

impl std::error::Error for OverBudget {}

impl PoeBudget {
    /// What a switch may deliver and does; `peaks` is what is known of the devices behind its ports: the most that each
    /// ever draws.
    pub fn of(switch: &SwitchState, peaks: &BTreeMap<PortNo, Milliwatts>) -> Self {
        let fed = || poe_ports(switch).filter(|it| it.1.delivers);
        Self {
            budget: switch.budget,
            measured: fed().map(|it| it.1.draw).sum(),
            worst: fed().map(|(port, it)| most(it, peaks.get(&port).copied())).sum(),
        }
    }

    /// Whether a port may be fed, or go on being fed: beside what the others may draw at the worst, what is behind it
    /// must fit.
    ///
    /// # Errors
    ///
    /// Where it does not fit. A switch that names no budget admits everything.
    pub fn admits(
        switch: &SwitchState,
        peaks: &BTreeMap<PortNo, Milliwatts>,
        port: PortNo,
    ) -> Result<(), OverBudget> {
        let Some(budget) = switch.budget else { return Ok(()) };
        // What may deliver takes its part as soon as something asks for it.
        let others = poe_ports(switch).filter(|it| it.0 != port && it.1.power == Power::On);
        let others = others.map(|(port, it)| (it, peaks.get(&port).copied()));
        let others = others.filter(|(it, peak)| it.delivers || peak.is_some());
        let left = budget.minus(others.map(|(it, peak)| most(it, peak)).sum());
        let poe = switch.ports.get(&port).and_then(|it| it.poe.as_ref());
        let needs = poe.map_or(Milliwatts(0), |it| most(it, peaks.get(&port).copied()));
        if needs <= left { Ok(()) } else { Err(OverBudget { needs, left, budget }) }
    }
}

fn poe_ports(switch: &SwitchState) -> impl Iterator<Item = (PortNo, &PoeState)> {
    switch.ports.iter().filter_map(|(port, it)| Some((*port, it.poe.as_ref()?)))
}

/// The most that what is behind a port may draw. What has not asked for power yet may ask for the most of 802.3at.
fn most(it: &PoeState, peak: Option<Milliwatts>) -> Milliwatts {
    let unasked = if it.delivers { CLASSES[0] } else { CLASSES[4] };
    let class = it.class.and_then(class_power).or(peak).unwrap_or(unasked);
    let known = [Some(class), it.limit, peak].into_iter().flatten().min();
    known.unwrap_or(class).max(it.draw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PoePriority, PoeState, PortState};

    fn fed(class: u8, draw: u64, limit: Option<u64>) -> PoeState {
        PoeState {
            power: Power::On,
            delivers: true,
            class: Some(class),
            draw: Milliwatts(draw),
            priority: PoePriority::Low,
            limit: limit.map(Milliwatts),
            gauge: Default::default(),
        }
    }

    fn switch(ports: &[PoeState]) -> SwitchState {
        let port = |poe: &PoeState| PortState { poe: Some(poe.clone()), ..PortState::default() };
        let ports = (1..).map(PortNo).zip(ports.iter().map(port)).collect();
        SwitchState { ports, budget: Some(Milliwatts(63_000)), ..SwitchState::default() }
    }

    fn off() -> PoeState {
        PoeState { power: Power::Off, delivers: false, class: None, ..fed(0, 0, None) }
    }

    /// What is known of the device behind the last port.
    fn third(peak: u64) -> BTreeMap<PortNo, Milliwatts> {
        [(PortNo(3), Milliwatts(peak))].into()
    }

    #[test]
    fn the_worst_is_what_classes_limits_and_peaks_allow_and_never_less_than_what_flows() {
        let all = [fed(4, 5_000, None), fed(4, 5_000, Some(15_000)), fed(1, 4_500, None), off()];
        let it = PoeBudget::of(&switch(&all), &BTreeMap::new());
        assert_eq!((it.measured, it.worst), (Milliwatts(14_500), Milliwatts(49_500)));
        let known = [(PortNo(1), Milliwatts(8_000)), (PortNo(2), Milliwatts(4_000))].into();
        assert_eq!(PoeBudget::of(&switch(&all), &known).worst, Milliwatts(17_500));
    }

    #[test]
    fn what_does_not_fit_beside_the_worst_is_not_admitted() {
        let room = switch(&[fed(4, 5_000, None), fed(4, 5_000, None), off()]);
        assert_eq!(PoeBudget::admits(&room, &third(3_000), PortNo(3)), Ok(()));
        let why = PoeBudget::admits(&room, &third(3_100), PortNo(3)).unwrap_err();
        let said = "it may draw 3.1W, and of the budget of 63W only 3W are left";
        assert_eq!(why.to_string(), said);
        let unknown = PoeBudget::admits(&room, &BTreeMap::new(), PortNo(3)).unwrap_err();
        assert_eq!(unknown.needs, Milliwatts(30_000));
        assert_eq!(PoeBudget::admits(&room, &BTreeMap::new(), PortNo(1)), Ok(()));
    }

    #[test]
    fn what_is_on_its_way_has_its_part_before_it_draws() {
        let waits = PoeState { power: Power::On, ..off() };
        let room = switch(&[fed(6, 50_000, None), waits, off()]);
        let known = [(PortNo(2), Milliwatts(2_000)), (PortNo(3), Milliwatts(2_000))].into();
        assert_eq!(
            PoeBudget::admits(&room, &known, PortNo(3)).unwrap_err().left,
            Milliwatts(1_000)
        );
        // Where nothing is known to be behind a port it takes nothing.
        assert_eq!(PoeBudget::admits(&room, &third(3_000), PortNo(3)), Ok(()));
    }

    #[test]
    fn the_limit_of_a_port_is_the_most_that_it_takes() {
        let limited = PoeState { limit: Some(Milliwatts(3_000)), ..off() };
        let room = switch(&[fed(4, 5_000, None), fed(4, 5_000, None), limited]);
        assert_eq!(PoeBudget::admits(&room, &third(30_000), PortNo(3)), Ok(()));
    }

    #[test]
    fn what_a_class_may_draw_is_known_of_nine_of_them() {
        let watts = (0..=9).map(|it| class_power(it).map(|it| it.0));
        let known = [15_400, 4_000, 7_000, 15_400, 30_000, 45_000, 60_000, 75_000, 90_000];
        assert!(watts.eq(known.map(Some).into_iter().chain([None])));
    }

    #[test]
    fn what_was_never_classified_takes_the_most_of_its_standard() {
        let unclassified = PoeState { class: None, ..fed(0, 1_000, None) };
        let seen = switch(&[unclassified]);
        assert_eq!(PoeBudget::of(&seen, &BTreeMap::new()).worst, Milliwatts(15_400));
    }

    #[test]
    fn a_switch_that_names_no_budget_admits_everything() {
        let room = SwitchState { budget: None, ..switch(&[off()]) };
        assert_eq!(PoeBudget::admits(&room, &third(90_000), PortNo(3)), Ok(()));
    }
}
