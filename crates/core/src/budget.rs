//! What a PoE switch may deliver, and what is asked of it.

use crate::{Milliwatts, PortNo, Power, SwitchState};

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
    /// What the devices that are fed may draw: of each what its class allows, or the limit of its port where that is
    /// less.
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
    /// What a switch may deliver and does.
    pub fn of(switch: &SwitchState) -> Self {
        let fed =
            || switch.ports.values().filter_map(|it| it.poe.as_ref()).filter(|it| it.delivers);
        let may = |it: &crate::PoeState| {
            let class = it.class.and_then(class_power).unwrap_or(CLASSES[0]);
            it.limit.map_or(class, |limit| limit.min(class)).max(it.draw)
        };
        Self {
            budget: switch.budget,
            measured: fed().map(|it| it.draw).sum(),
            worst: fed().map(may).sum(),
        }
    }

    /// Whether a port may be fed that takes so much at the most: beside what the others may draw at the worst, it
    /// must fit. A port that delivers already changes nothing.
    ///
    /// # Errors
    ///
    /// Where it does not fit. A switch that names no budget admits everything.
    pub fn admits(switch: &SwitchState, port: PortNo, needs: Milliwatts) -> Result<(), OverBudget> {
        let (it, poe) = (Self::of(switch), switch.ports.get(&port).and_then(|it| it.poe.as_ref()));
        let is_fed = poe.is_some_and(|it| it.power == Power::On && it.delivers);
        let Some(budget) = it.budget.filter(|_| !is_fed) else { return Ok(()) };
        let needs = poe.and_then(|it| it.limit).map_or(needs, |limit| limit.min(needs));
        let left = budget.minus(it.worst);
        if needs <= left { Ok(()) } else { Err(OverBudget { needs, left, budget }) }
    }
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

    #[test]
    fn the_worst_is_what_classes_and_limits_allow_and_never_less_than_what_flows() {
        let all = [fed(4, 5_000, None), fed(4, 5_000, Some(15_000)), fed(1, 4_500, None), off()];
        let it = PoeBudget::of(&switch(&all));
        assert_eq!((it.measured, it.worst), (Milliwatts(14_500), Milliwatts(49_500)));
    }

    #[test]
    fn what_does_not_fit_beside_the_worst_is_not_admitted() {
        let room = switch(&[fed(4, 5_000, None), fed(4, 5_000, None), off()]);
        assert_eq!(PoeBudget::admits(&room, PortNo(3), Milliwatts(3_000)), Ok(()));
        let why = PoeBudget::admits(&room, PortNo(3), Milliwatts(3_100)).unwrap_err();
        assert_eq!(why.left, Milliwatts(3_000));
        assert_eq!(PoeBudget::admits(&room, PortNo(1), Milliwatts(30_000)), Ok(()));
    }

    #[test]
    fn the_limit_of_a_port_is_the_most_that_it_takes() {
        let limited = PoeState { limit: Some(Milliwatts(3_000)), ..off() };
        let room = switch(&[fed(4, 5_000, None), fed(4, 5_000, None), limited]);
        assert_eq!(PoeBudget::admits(&room, PortNo(3), Milliwatts(30_000)), Ok(()));
    }

    #[test]
    fn a_switch_that_names_no_budget_admits_everything() {
        let room = SwitchState { budget: None, ..switch(&[off()]) };
        assert_eq!(PoeBudget::admits(&room, PortNo(1), Milliwatts(90_000)), Ok(()));
    }
}
