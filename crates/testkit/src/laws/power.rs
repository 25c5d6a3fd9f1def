use super::{Patience, Verdict, until};
use rackberry_core::{Milliwatts, Power, PowerCtl};

/// An outlet that the laws may switch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outlet {
    /// How long it may take.
    pub patience: Patience,
}

/// Reading twice reads the same.
pub async fn power_reads_are_stable(outlet: &dyn PowerCtl, _: &Outlet) -> Verdict {
    assert_eq!(outlet.power().await.unwrap(), outlet.power().await.unwrap());
    Verdict::Holds
}

/// What is ordered is what is read, and ordering it again changes nothing.
pub async fn power_set_is_absolute(outlet: &dyn PowerCtl, with: &Outlet) -> Verdict {
    let before = outlet.power().await.unwrap();
    for power in [Power::Off, Power::Off, Power::On, Power::On, before] {
        outlet.set_power(power).await.expect("an outlet that obeys");
        until!(with.patience, "what was ordered", outlet.power().await.unwrap() == power);
    }
    Verdict::Holds
}

/// Nothing flows from an outlet that is off.
pub async fn power_off_draws_nothing(outlet: &dyn PowerCtl, with: &Outlet) -> Verdict {
    if outlet.draw().await.unwrap().is_none() {
        return Verdict::Skipped("draw");
    }
    let before = outlet.power().await.unwrap();
    outlet.set_power(Power::Off).await.unwrap();
    let nothing = Some(Milliwatts(0));
    until!(with.patience, "no current", outlet.draw().await.unwrap() == nothing);
    outlet.set_power(before).await.unwrap();
    Verdict::Holds
}
