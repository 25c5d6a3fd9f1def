//! A GS305EP that is not there, with some machines behind its ports: for browsers, and for clients in any language.

use clap::Parser;
use rackberry_core::SwitchId;
use rackberry_gs305ep::Model;
use rackberry_gs305ep::fake::{Access, Fake, Knobs, room};
use rackberry_testkit::World;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, io};

/// The variable that a password may be in.
const PASSWORD: &str = "GS305EP_SIM_PASSWORD";

/// Serves the pages of a simulated switch with machines behind its ports.
#[derive(Debug, Parser)]
#[command(name = "gs305ep-sim", version, about)]
struct Arguments {
    /// Where it listens; port 0 is any free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The model: GS305EP, GS305EPP, GS308EP or GS308EPP.
    #[arg(long, default_value = "GS305EP", value_parser = model)]
    model: Model,
    /// The password. Others on this machine can read it here: the next option and the variable
    /// GS305EP_SIM_PASSWORD keep it to you.
    #[arg(long, conflicts_with = "password_file")]
    password: Option<SecretString>,
    /// The file that the password is the first line of.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The file that the number of the port is written to, once it listens.
    #[arg(long, value_name = "FILE")]
    port_file: Option<PathBuf>,
    /// How many sessions there are at once.
    #[arg(long, default_value_t = 1, value_name = "COUNT")]
    sessions: usize,
    /// After how many seconds a session that asks nothing is over, and its slot free.
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    idle: u64,
}

fn model(name: &str) -> Result<Model, String> {
    let names = || Model::ALL.map(Model::name).join(", ");
    Model::named(name).ok_or_else(|| format!("the models are {}", names()))
}

impl Arguments {
    fn password(&self) -> io::Result<Option<SecretString>> {
        if let Some(file) = &self.password_file {
            let text = fs::read_to_string(file)?;
            return Ok(text.lines().next().map(SecretString::from));
        }
        let variable = || env::var(PASSWORD).ok().map(SecretString::from);
        Ok(self.password.clone().or_else(variable))
    }

    fn knobs(&self) -> io::Result<Knobs> {
        let idle = Duration::from_secs(self.idle);
        let access = Access { sessions: self.sessions, idle, clear: idle, ..Access::default() };
        let usual = Knobs::default();
        let password = self.password()?.unwrap_or(usual.password.clone());
        Ok(Knobs { model: self.model, password, access, listen: self.listen, ..usual })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let world = World::new(room(arguments.model));
    let served = Fake::serve(world.switch(&SwitchId::new("sw")), arguments.knobs()?).await?;
    println!("http://{}/", served.address);
    if let Some(file) = &arguments.port_file {
        write_port(file, served.address)?;
    }
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended,
        () = pass_time(&world) => Ok(()),
    }
}

/// Whole or not at all: whoever waits for the file must not read half a number.
fn write_port(file: &Path, address: SocketAddr) -> io::Result<()> {
    let new = file.with_extension("new");
    fs::write(&new, format!("{}\n", address.port()))?;
    fs::rename(&new, file)
}

/// Lets the machines boot.
async fn pass_time(world: &World) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        world.tick(1);
    }
}
