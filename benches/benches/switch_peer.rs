//! A whole reading of a switch by our client and by py-netgear-plus 0.7.0, from the same simulated switch, without a
//! pause between requests: ours must be three times as fast. `RACKBERRY_PY_NETGEAR` is a Python that has it.
//!
//! A reading is what the dashboard, the counters, PoE and the VLANs say. Ours keeps the settings of PoE for a minute, so
//! that within a session it asks for four pages where the other asks for five: the time for each request is said too.

use rackberry::core::{Switch, SwitchId};
use rackberry::testkit::World;
use rackberry_gs305ep::fake::{Fake, Knobs, Served, room};
use rackberry_gs305ep::{Config, Gs305ep, Model};
use std::error::Error;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

const PASSWORD: &str = "Password1";
/// How many times as fast as the other client ours must be.
const LIMIT: f64 = 3.0;

type Result<T> = std::result::Result<T, Box<dyn Error>>;
/// The seconds of each reading: within one session, and with a login each.
type Readings = [Vec<f64>; 2];

fn main() -> Result<()> {
    let Some(python) = std::env::var_os("RACKBERRY_PY_NETGEAR").filter(|it| !it.is_empty()) else {
        println!("skipped: RACKBERRY_PY_NETGEAR is not set");
        return Ok(());
    };
    let count = if std::env::args().any(|it| it == "--test") { 3 } else { 101 };
    let (our_switch, their_switch) = (served()?, served()?);
    let ours = ours(&our_switch, count)?;
    let theirs = theirs(Command::new(python), &their_switch, count)?;
    let requests = [requests(&our_switch, count), requests(&their_switch, count)];
    for (at, what) in ["within a session", "with a login each"].into_iter().enumerate() {
        let times = [median(&ours[at]), median(&theirs[at])];
        say(what, times, [requests[0][at], requests[1][at]]);
    }
    Ok(())
}

fn say(what: &str, [ours, theirs]: [f64; 2], requests: [f64; 2]) {
    let (ratio, fits) = (theirs / ours, if theirs / ours < LIMIT { "BELOW" } else { "above" });
    let each = ratio * requests[0] / requests[1];
    println!(
        "{what}: {:.2} ms and {} requests against {:.2} ms and {}: {ratio:.1} times as fast, {fits} {LIMIT}; \
         {each:.1} times for each request",
        ours * 1e3,
        requests[0],
        theirs * 1e3,
        requests[1]
    );
}

/// A simulated switch, served by a thread of its own until the program ends.
fn served() -> Result<Served> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || serve(&sender).map_err(|why| println!("no switch: {why}")));
    Ok(receiver.recv()?)
}

fn serve(sender: &Sender<Served>) -> Result<()> {
    let switch = World::new(room(Model::Gs305ep)).switch(&SwitchId::new("sw"));
    runtime()?.block_on(async {
        sender.send(Fake::serve(switch, Knobs::default()).await?)?;
        std::future::pending().await
    })
}

fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

fn ours(switch: &Served, count: usize) -> Result<Readings> {
    let config =
        Config { pace: Duration::ZERO, ..Config::new(switch.address.to_string(), PASSWORD.into()) };
    runtime()?.block_on(async {
        let kept = Gs305ep::new(config.clone());
        kept.observe().await?;
        let mut readings = Readings::default();
        for _ in 0..count {
            readings[0].push(timed(&kept).await?);
        }
        kept.close().await?;
        for _ in 0..count {
            let client = Gs305ep::new(config.clone());
            readings[1].push(timed(&client).await?);
            client.close().await?;
        }
        Ok(readings)
    })
}

async fn timed(client: &Gs305ep) -> Result<f64> {
    let begin = Instant::now();
    client.observe().await?;
    Ok(begin.elapsed().as_secs_f64())
}

fn theirs(mut python: Command, switch: &Served, count: usize) -> Result<Readings> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/switch_peer.py");
    python.arg(script).arg(count.to_string()).env("PASSWORD", PASSWORD);
    let output =
        python.env("HOST", switch.address.to_string()).stderr(Stdio::inherit()).output()?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// How many requests a reading was: within the first session, and with a login, without the logout.
fn requests(switch: &Served, count: usize) -> [f64; 2] {
    let journal = switch.journal();
    let mut sessions = journal.split(|it| it.path.starts_with("/logout.cgi"));
    let first = sessions.next().unwrap_or_default().len();
    let each = sessions.next().unwrap_or_default().len();
    // The first session begins with a login and a reading that is not timed.
    [first.saturating_sub(each) as f64 / count as f64, each as f64]
}

fn median(seconds: &[f64]) -> f64 {
    let mut sorted = seconds.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
