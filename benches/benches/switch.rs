//! All pages of a switch, from bytes to values: it must take less than 200 microseconds, so that who polls a
//! switch spends its time on the network. The pages are captured ones where they are at hand, else our own.

#[allow(dead_code)]
#[path = "../../crates/backends/gs305ep/tests/it/wire/pages.rs"]
mod pages;

use criterion::{Criterion, criterion_group, criterion_main};
use rackberry_gs305ep::wire::{
    Unreadable, read_dashboard, read_poe_config, read_poe_status, read_statistics, read_vlans,
};
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_micros(200);

struct Pages {
    dashboard: Vec<u8>,
    statistics: Vec<u8>,
    poe_config: Vec<u8>,
    poe_status: Vec<u8>,
    vlan: Vec<u8>,
}

impl Pages {
    /// Those of a GS308EP, where they are at hand.
    fn captured() -> Option<Self> {
        let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
        let data = std::env::var_os("RACKBERRY_DATA").unwrap_or(beside.into());
        let folder = PathBuf::from(data).join("gs305ep/foxey+py-netgear-plus/pages/GS308EP/0");
        let page = |name: &str| std::fs::read(folder.join(name)).ok();
        Some(Self {
            dashboard: page("dashboard.cgi")?,
            statistics: page("portStatistics.cgi")?,
            poe_config: page("PoEPortConfig.cgi")?,
            poe_status: page("getPoePortStatus.cgi")?,
            vlan: page("vlan.cgi")?,
        })
    }

    fn own() -> Self {
        let all = pages::all();
        let page = |name: &str| {
            let found = all.iter().find(|it| it.0 == name);
            found.map_or(Vec::new(), |it| it.1.clone().into_bytes())
        };
        Self {
            dashboard: page("dashboard"),
            statistics: page("statistics"),
            poe_config: page("poe_config"),
            poe_status: page("poe_status"),
            vlan: page("vlan"),
        }
    }

    fn read(&self) -> Result<(), Unreadable> {
        black_box(read_dashboard(black_box(&self.dashboard))?);
        black_box(read_statistics(black_box(&self.statistics))?);
        black_box(read_poe_config(black_box(&self.poe_config))?);
        black_box(read_poe_status(black_box(&self.poe_status))?);
        black_box(read_vlans(black_box(&self.vlan))?);
        Ok(())
    }

    fn bytes(&self) -> usize {
        let parts =
            [&self.dashboard, &self.statistics, &self.poe_config, &self.poe_status, &self.vlan];
        parts.iter().map(|it| it.len()).sum()
    }
}

/// The best of many runs: what others do on the machine at the same time is not ours.
fn best(pages: &Pages) -> Option<Duration> {
    let run = || {
        let begin = Instant::now();
        pages.read().ok().map(|()| begin.elapsed())
    };
    (0..500).map(|_| run()).min().flatten()
}

fn switch(criterion: &mut Criterion) {
    let captured = Pages::captured();
    let kind = if captured.is_some() { "captured" } else { "our own" };
    let pages = captured.unwrap_or_else(Pages::own);
    match best(&pages) {
        Some(best) => {
            let fits = if best < LIMIT { "below" } else { "ABOVE" };
            println!("{kind} pages, {} bytes: {best:?}, {fits} {LIMIT:?}", pages.bytes());
        }
        None => println!("{kind} pages: they do not read"),
    }
    criterion.bench_function("switch/all pages", |it| it.iter(|| pages.read()));
    for (name, page) in [("dashboard", &pages.dashboard), ("vlan", &pages.vlan)] {
        criterion.bench_function(&format!("switch/{name}"), |it| match name {
            "dashboard" => it.iter(|| read_dashboard(black_box(page)).map(drop)),
            _ => it.iter(|| read_vlans(black_box(page)).map(drop)),
        });
    }
}

criterion_group!(benches, switch);
criterion_main!(benches);
