//! What can be asked of one switch.

use clap::{Args as Fields, Subcommand};
use rackberry::core::{PortNo, SwitchId};
use rackberry::plan::rack::Fingerprint;
use rackberry::switch::Driver;
use std::path::PathBuf;
use std::time::Duration;

const WAYS: &str = "\
Exit status:
  0  the switch has what the rack file asks for, or can get it
  1  something that it asks for cannot be done
  2  not done: a file cannot be read or used, or the switch does not answer or let us in
  3  the plan failed its own verification: a defect of rackberry";

const APPLIED: &str = "\
Every step is proved before the next is sent, and after a failure it is planned again from what is seen. Where something
that the file asks for cannot be done, nothing is sent. What machines may draw together has to fit into the budget.
Ctrl-C ends it after the step in hand.

Exit status:
  0  the switch has what the rack file asks for
  1  it has not: something cannot be done, a step is not proved, or the answer was no
  2  not done: a file cannot be read or used, the switch does not answer or let us in, or nobody
     was there to be asked
  3  the plan failed its own verification: a defect of rackberry
  130  ended by ctrl-C before anything was sent";

const CYCLED: &str = "\
The uplink that the rack file names, ports that lead to other switches and --management-port are never cycled.
Ctrl-C ends it once the port in hand has its power again.

Exit status:
  0  every port lost its power and has it again
  1  that is not proved of one of them: it says what is known
  2  not done: a port is protected, the switch does not answer or let us in, or nobody was there
     to be asked
  130  ended by ctrl-C before anything was sent";

/// What can be asked of one switch.
#[derive(Debug, Subcommand)]
pub(crate) enum SwitchCommand {
    /// Show its ports, VLANs and power
    Show(SwitchShowArgs),
    /// Say what would change for the rack file; nothing is sent
    #[command(after_help = WAYS)]
    Plan(SwitchPlanArgs),
    /// Change it to what the rack file asks for, and see every step proved
    #[command(after_help = APPLIED)]
    Apply(SwitchApplyArgs),
    /// Cut the power of ports and give it back, one after the other, and prove both
    #[command(after_help = CYCLED)]
    Cycle(CycleArgs),
}

/// Which switch it is, and how it is reached.
#[derive(Debug, Fields)]
pub(crate) struct Target {
    /// The rack file that describes the switch, or `-` for the standard input
    #[arg(long, value_name = "FILE")]
    pub rack: Option<PathBuf>,
    /// Which switch of the rack file; not needed where only one of them can be driven
    #[arg(long, value_name = "NAME", requires = "rack")]
    pub switch: Option<SwitchId>,
    /// Where it answers, with a port if it is not the usual one; with --rack instead of what the file says
    #[arg(long, value_name = "HOST", required_unless_present = "rack")]
    pub address: Option<String>,
    /// What it must be: GS305EP, GS305EPP, GS308EP, GS308EPP, or a MikroTik as CRS328-24P-4S+RM
    #[arg(long, value_name = "MODEL", value_parser = driver, conflicts_with = "rack", required_unless_present = "rack")]
    pub model: Option<Driver>,
    /// Who logs in, where the switch asks for a name
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// The SHA-256 of the certificate that it shows, where it has one
    #[arg(long, value_name = "SHA256")]
    pub fingerprint: Option<Fingerprint>,
    /// Ask it without TLS, though it could be asked with: anybody on the way can read the password
    #[arg(long, conflicts_with = "fingerprint")]
    pub plain_http: bool,
    /// The file that its password is the first line of
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<String>,
    /// The environment variable that its password is in
    #[arg(long, value_name = "NAME", conflicts_with = "password_file")]
    pub password_env: Option<String>,
    /// How long it is left alone between an answer and the next request [default: 250ms for a GS305EP]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub pace: Option<Duration>,
}

/// What `switch show` is asked.
#[derive(Debug, Fields)]
pub(crate) struct SwitchShowArgs {
    #[command(flatten)]
    pub target: Target,
    /// Print everything as JSON
    #[arg(long)]
    pub json: bool,
}

/// What `switch plan` is asked.
#[derive(Debug, Fields)]
pub(crate) struct SwitchPlanArgs {
    #[command(flatten)]
    pub target: Target,
    /// Print the steps as JSON
    #[arg(long)]
    pub json: bool,
}

/// What `switch apply` is asked.
#[derive(Debug, Fields)]
pub(crate) struct SwitchApplyArgs {
    #[command(flatten)]
    pub target: Target,
    /// Where it is written down what is sent and proved [default: RACK-SWITCH.journal in this folder]
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// How long to wait between two ports that begin to be fed
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "5s")]
    pub stagger: Duration,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

/// What `switch cycle` is asked.
#[derive(Debug, Fields)]
pub(crate) struct CycleArgs {
    /// The ports, as printed on the case
    #[arg(value_name = "PORT", required = true, value_parser = port)]
    pub ports: Vec<PortNo>,
    #[command(flatten)]
    pub target: Target,
    /// The port by which you reach the switch: never cycled; the uplink of the rack file is not either
    #[arg(long, value_name = "PORT", value_parser = port, required_unless_present = "rack")]
    pub management_port: Option<PortNo>,
    /// How long each port stays off
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "5s")]
    pub off: Duration,
    /// How long to wait between one port that has its power again and the next one
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "10s")]
    pub stagger: Duration,
    /// How long to look for the power to be gone, and to be back
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "2m")]
    pub patience: Duration,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
}

fn driver(model: &str) -> Result<Driver, String> {
    Driver::of(model).ok_or_else(|| format!("only these can be driven: {}", Driver::known()))
}

fn port(number: &str) -> Result<PortNo, String> {
    let number = number.parse().ok().filter(|it| *it > 0);
    number.map(PortNo).ok_or_else(|| "write the number of the port, as 3".into())
}

/// A clock cannot count just anything.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

fn duration(text: &str) -> Result<Duration, String> {
    let it = humantime::parse_duration(text).map_err(|it| it.to_string())?;
    if it <= LONGEST { Ok(it) } else { Err("a day at the most".into()) }
}
