//! What all ports of a switch draw together.

use super::{Fed, Feed, fed, shown, shown_over};
use crate::check::cable::switch_key;
use crate::check::wording::{count, grouped, list};
use crate::rack::Switch;
use crate::{Finding, Location, Power, Resolved};
use rackberry_core::{Milliwatts, Permille};

pub(super) fn findings(rack: &Resolved, feeds: &[Feed<'_>], out: &mut Vec<Finding>) {
    for (switch, mut fed) in grouped(fed(feeds).map(|it| (it.socket.0, it))) {
        fed.sort_by_key(|it| it.socket);
        let written = &rack.rack.switches[&rack.switches[switch].id];
        match written.budget.or(rack.switches[switch].model.budget) {
            Some(budget) => Load { rack, switch, written, budget, fed: &fed }.findings(out),
            None => out.push(unknown(rack, switch, written, fed.len())),
        }
    }
}

fn unknown(rack: &Resolved, switch: usize, written: &Switch, feeds: usize) -> Finding {
    let (id, model) = (&rack.switches[switch].id, &written.model);
    let nodes = count(feeds, "node");
    let reason =
        format!("{id} powers {nodes}, and nothing says how much a {model} delivers in all");
    let remedy = "write its budget at the switch, as `budget: 63W`".into();
    Finding::note("poe-budget-unknown", switch_key(rack, switch, "model"), reason, remedy)
}

/// A switch and the nodes that it feeds, by port.
struct Load<'a> {
    rack: &'a Resolved,
    switch: usize,
    written: &'a Switch,
    budget: Milliwatts,
    fed: &'a [Fed<'a>],
}

impl Load<'_> {
    fn findings(&self, out: &mut Vec<Finding>) {
        let draw = self.draw();
        let overloaded = self.sum(|it| it.typical) > self.limit();
        out.extend(draw);
        out.extend(self.by_class());
        out.extend(self.inrush().filter(|_| !overloaded));
    }

    fn name(&self) -> &str {
        self.rack.switches[self.switch].id.as_str()
    }

    fn at(&self) -> Location {
        let key = if self.written.budget.is_some() { "budget" } else { "model" };
        switch_key(self.rack, self.switch, key)
    }

    fn power(&self, fed: &Fed<'_>) -> Power {
        self.rack.nodes[fed.node].power
    }

    fn sum(&self, of: impl Fn(Power) -> Milliwatts) -> Milliwatts {
        self.fed.iter().map(|it| of(self.power(it))).sum()
    }

    /// What the policy lets be drawn.
    fn limit(&self) -> Milliwatts {
        share(self.budget, self.rack.rack.policy.poe_limit)
    }

    fn draw(&self) -> Option<Finding> {
        let (typical, peak, limit) =
            (self.sum(|it| it.typical), self.sum(|it| it.peak), self.limit());
        let (draw, when) = match (typical > limit, peak > limit) {
            (true, _) => (typical, "on an ordinary day"),
            (false, true) => (peak, "when all are at their peak"),
            (false, false) => return None,
        };
        let of = |fed: &Fed<'_>| match typical > limit {
            true => self.power(fed).typical,
            false => self.power(fed).peak,
        };
        let reason = format!(
            "{} on {} draw {} {when}, over the {limit} that the policy's {} of its {} allow",
            count(self.fed.len(), "node"),
            self.name(),
            shown_over(draw, limit),
            self.rack.rack.policy.poe_limit,
            self.budget
        );
        let remedy = self.fewer(draw, limit, of);
        Some(match typical > limit {
            true => Finding::error("poe-draw", self.at(), reason, remedy),
            false => Finding::warning("poe-draw", self.at(), reason, remedy),
        })
    }

    /// Says which to take away until `total` is within `limit`: the hungriest first, so that they are few.
    fn fewer(
        &self,
        total: Milliwatts,
        limit: Milliwatts,
        draw: impl Fn(&Fed<'_>) -> Milliwatts,
    ) -> String {
        let mut fed: Vec<&Fed<'_>> = self.fed.iter().collect();
        fed.sort_by_key(|it| std::cmp::Reverse(draw(it)));
        let mut left = total;
        let too_many = fed.iter().take_while(|it| {
            let over = left > limit;
            left = left.minus(draw(it));
            over
        });
        let names = list(too_many.map(|it| &self.rack.nodes[it.node].id));
        format!("power {names} from elsewhere, or use a switch with a larger budget")
    }

    fn by_class(&self) -> Option<Finding> {
        let reserve = |it: &Fed<'_>| it.reserve(self.rack);
        let reserved: Milliwatts = self.fed.iter().map(reserve).sum();
        if reserved <= self.budget || self.sum(|it| it.peak) > self.budget {
            return None;
        }
        let reason = format!(
            "the classes of {} on {} add up to {}, over its {}, and a switch that admits by class rather than by consumption refuses some of them",
            count(self.fed.len(), "node"),
            self.name(),
            shown_over(reserved, self.budget),
            self.budget
        );
        let managed = self.rack.switches[self.switch].model.managed != Some(false);
        let limits = if managed { self.safe_limits() } else { None };
        let remedy = limits.unwrap_or_else(|| self.fewer(reserved, self.budget, reserve));
        Some(Finding::warning("poe-by-class", self.at(), reason, remedy))
    }

    /// Limits for the ports that reserve most, so that all together stay within the policy and each
    /// still covers its node's peak; in tenths of a watt, as switches take them.
    fn safe_limits(&self) -> Option<String> {
        let mut fed: Vec<&Fed<'_>> = self.fed.iter().collect();
        fed.sort_by_key(|it| it.reserve(self.rack));
        let (mut left, mut equal) = (self.limit(), Milliwatts(0));
        let small = fed.iter().enumerate().take_while(|(at, it)| {
            equal = Milliwatts(left.0 / (fed.len() - at) as u64 / 100 * 100);
            let reserve = it.reserve(self.rack);
            let fits = reserve <= equal;
            left = if fits { left.minus(reserve) } else { left };
            fits
        });
        let mut large: Vec<&Fed<'_>> = fed[small.count()..].to_vec();
        large.sort_by_key(|it| it.socket);
        if large.iter().all(|it| self.power(it).peak <= equal) {
            let ports = list(large.iter().map(|it| it.socket.1.0));
            let (noun, each) = if large.len() == 1 { ("port", "") } else { ("ports", " each") };
            return Some(format!(
                "limit {noun} {ports} of {} to {equal}{each}, which covers their peaks",
                self.name()
            ));
        }
        let peaks = large.iter().map(|it| shown(self.power(it).peak));
        if peaks.clone().sum::<Milliwatts>() > left {
            return None;
        }
        let limits = large.iter().zip(peaks).map(|(it, peak)| format!("{} to {peak}", it.socket.1));
        Some(format!(
            "limit each port of {} to the peak of its node: {}",
            self.name(),
            list(limits)
        ))
    }

    fn inrush(&self) -> Option<Finding> {
        let boot = self.sum(|it| it.boot);
        if boot <= self.budget {
            return None;
        }
        let surge = self.fed.iter().map(|it| self.power(it).boot.minus(self.power(it).typical));
        let spare = self.budget.minus(self.sum(|it| it.typical));
        let at_a_time = spare.0.checked_div(surge.max().unwrap_or_default().0).unwrap_or(1).max(1);
        let reason = format!(
            "{} on {} draw {} when all boot at once, as after an outage, and it delivers {}",
            count(self.fed.len(), "node"),
            self.name(),
            shown_over(boot, self.budget),
            self.budget
        );
        let remedy = format!("start them one after the other, {at_a_time} at a time");
        Some(Finding::warning("poe-inrush", self.at(), reason, remedy))
    }
}

/// A share of a power, down to the milliwatt.
fn share(power: Milliwatts, share: Permille) -> Milliwatts {
    let part = u128::from(power.0) * u128::from(share.0) / 1000;
    Milliwatts(u64::try_from(part).unwrap_or(u64::MAX))
}
