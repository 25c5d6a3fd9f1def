use super::Sin;
use crate::room::{self, id};
use async_trait::async_trait;
use rackberry_core::{Milliwatts, Power, PowerCtl, Result};
use rackberry_testkit::each_law;
use std::sync::Arc;

#[derive(Debug)]
struct Broken(Arc<dyn PowerCtl>, Sin);

fn broken(law: &'static str) -> Broken {
    Broken(room::world().power(&id("s1")).unwrap(), Sin::new(law))
}

fn other(power: Power) -> Power {
    match power {
        Power::On => Power::Off,
        Power::Off => Power::On,
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl PowerCtl for Broken {
    async fn power(&self) -> Result<Power> {
        let power = self.0.power().await?;
        let lies = self.1.is("power_reads_are_stable") && self.1.count().is_multiple_of(2);
        Ok(if lies { other(power) } else { power })
    }

    async fn set_power(&self, power: Power) -> Result<()> {
        match self.1.is("power_set_is_absolute") {
            true => self.0.set_power(other(self.0.power().await?)).await,
            false => self.0.set_power(power).await,
        }
    }

    async fn draw(&self) -> Result<Option<Milliwatts>> {
        match self.1.is("power_off_draws_nothing") {
            true => Ok(Some(Milliwatts(1))),
            false => self.0.draw().await,
        }
    }
}

each_law!(power => [caught] broken, room::outlet());
