//! A PoE switch for Prometheus: watts, budget, links and errors, at a pace that the switch can bear.
//!
//! A scrape within `--every` of the last reading gets that reading once more. The session with the switch is given free
//! after each, so that a browser can have it. A password that was refused is not tried again: the switch would lock
//! everybody out.
//!
//! `cargo run --bin poe-exporter -- --address 192.168.0.239 --model GS305EP --password-env POE_PASSWORD`

mod kept;
mod metrics;
mod serve;

use clap::Parser;
use kept::Kept;
use rackberry::plan::rack::{Fingerprint, SecretRef};
use rackberry::switch::{Driven, Driver, Known, Reach};
use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Serves the readings of a PoE switch in the text format of Prometheus.
#[derive(Debug, Parser)]
#[command(name = "poe-exporter", version)]
struct Arguments {
    /// Where the switch answers, with a port if it is not the usual one
    #[arg(long, value_name = "HOST")]
    address: String,
    /// What it must be: GS305EP, GS305EPP, GS308EP, GS308EPP, or a MikroTik as CRS328-24P-4S+RM
    #[arg(long, value_parser = driver)]
    model: Driver,
    /// Who logs in, where the switch asks for a name
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// The SHA-256 of the certificate that it shows, where it has one
    #[arg(long, value_name = "SHA256")]
    fingerprint: Option<Fingerprint>,
    /// The file that its password is the first line of
    #[arg(long, value_name = "FILE", required_unless_present = "password_env")]
    password_file: Option<String>,
    /// The environment variable that its password is in
    #[arg(long, value_name = "NAME", conflicts_with = "password_file")]
    password_env: Option<String>,
    /// Where it listens; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9405")]
    listen: SocketAddr,
    /// How old a reading may be that is given once more
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "15s")]
    every: Duration,
    /// How long the switch is left alone between an answer and the next request
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "250ms")]
    pace: Duration,
}

fn driver(model: &str) -> Result<Driver, String> {
    Driver::of(model).ok_or_else(|| format!("only these can be read: {}", Driver::known()))
}

/// A clock cannot count just anything: a day at the most.
fn duration(text: &str) -> Result<Duration, String> {
    let it = humantime::parse_duration(text).map_err(|it| it.to_string())?;
    if it <= Duration::from_secs(24 * 3600) { Ok(it) } else { Err("a day at the most".into()) }
}

impl Arguments {
    fn switch(&self) -> rackberry::core::Result<Driven> {
        let file = self.password_file.clone().map(SecretRef::File);
        let reach = Reach {
            address: Some(self.address.clone()),
            user: self.user.clone(),
            password: file.or_else(|| self.password_env.clone().map(SecretRef::Env)),
            trust: Known { fingerprint: self.fingerprint, ..Known::default() },
            pace: Some(self.pace),
            ..Reach::new("the switch", self.model.clone())
        };
        reach.connect(Path::new(""))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {}", kept::causes(&*why));
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let kept = Arc::new(Kept::new(arguments.switch()?, arguments.every));
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("http://{}/metrics", listener.local_addr()?);
    tokio::select! {
        () = serve::serve(listener, kept) => Ok(()),
        ended = tokio::signal::ctrl_c() => Ok(ended?),
    }
}
