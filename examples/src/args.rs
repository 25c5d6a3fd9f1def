//! What can be asked on the command line.

mod simulated;
mod switch;

use clap::{ArgGroup, Args as Fields, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
pub(crate) use simulated::{CallFault, Kill, Pruned};
use std::path::PathBuf;
use std::time::Duration;
pub(crate) use switch::{
    CycleArgs, SwitchApplyArgs, SwitchCommand, SwitchPlanArgs, SwitchShowArgs, Target,
};

/// Plan, check and draw a rack of small ARM machines that one file describes.
#[derive(Debug, Parser)]
#[command(name = "rackberry", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Args {
    /// When to use colours; NO_COLOR is respected
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub color: Color,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Begin with:
  rackberry check rack.yaml          what is wrong or risky, and what to do about it
  rackberry place rack.yaml          where everything should run, what that costs, and why
  rackberry plan rack.yaml           the way there, step by step, as a runbook

Exit status:
  0  done; for check: the rack has no errors
  1  done, but something stays broken, blocked or unplaced; for check: errors
  2  not done: a file or the command line cannot be read or used
  3  a plan failed its own verification: a defect of rackberry";

const CHECKED: &str = "\
Exit status:
  0  the rack has no errors
  1  the rack has errors
  2  the file cannot be read, or is no rack file";

const PLACED: &str = "\
Exit status:
  0  done
  1  done, but rules stay broken, or replicas fit nowhere
  2  not done: a file cannot be read or used, or lacks what was asked for";

const PLANNED: &str = "\
Exit status:
  0  done
  1  done, but rules stay broken, moves are blocked, or replicas fit nowhere
  2  not done: a file cannot be read or used, or not be written
  3  the plan failed its own verification: a defect of rackberry";

const APPLIED: &str = "\
The simulated rack is kept beside the journal, NAME.world for NAME.journal. The next run goes on
with it, however the last one ended; --fresh begins anew. --fault, --kill-node, --latency and
--pace are of this run, and their calls count from its beginning; what --kill-node took
stays dead until --fresh. --plan is refused where it does not fit the rack as it was left.

Exit status:
  0  the rack is as described
  1  it is not: some steps are not proved, or replicas cannot be placed
  2  not done: a file cannot be read or used, --plan was refused, nobody was there to be asked,
     the journal is held by another run, or the kept rack cannot be used
  3  the plan failed its own verification: a defect of rackberry
  130  ended at once: ctrl-C at the question, or twice";

const SURVIVED: &str = "\
Exit status:
  0  what the file calls needed survives: every cluster decides, whatever something in the file
     `needs` has one that serves it, and no workload is below its `min-available`
  1  it does not
  2  not done: the file cannot be read or used, or what is lost cannot be taken away or is not there
  3  a plan failed its own verification: a defect of rackberry";

/// The options that only a simulated rack has.
const SIMULATED: &str = "On the simulated rack";

/// When to use colours: `auto`, `always` or `never`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// One thing to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what is wrong or risky about a rack
    Check(CheckArgs),
    /// Say where everything should run, what that costs, and why
    Place(PlaceArgs),
    /// Write the runbook that leads there, verified step by step
    Plan(PlanArgs),
    /// Carry the plan out, and see every step proved
    Apply(ApplyArgs),
    /// Take something away from a simulated rack, and say what survives
    Simulate(SimulateArgs),
    /// Print what a journal of such runs tells
    Log(LogArgs),
    /// Draw the rack, or write a page about it
    Show(ShowArgs),
    /// Show a real switch, change it to what a rack file asks for, or cycle the power of its ports
    #[command(subcommand)]
    Switch(SwitchCommand),
    /// Print the JSON Schema of the rack file, for editors
    Schema(SchemaArgs),
    /// Print the completions for a shell
    Completions(CompletionsArgs),
}

/// What `check` is asked.
#[derive(Debug, Fields)]
#[command(after_help = CHECKED)]
pub(crate) struct CheckArgs {
    /// The rack file, or `-` for the standard input
    pub file: PathBuf,
    /// Print the findings as JSON
    #[arg(long)]
    pub json: bool,
    /// Print the rack with every default spelled out, and nothing else
    #[arg(long, conflicts_with = "json")]
    pub resolved: bool,
}

/// What `place` is asked.
#[derive(Debug, Fields)]
#[command(after_help = PLACED)]
pub(crate) struct PlaceArgs {
    /// The rack file, or `-` for the standard input
    pub file: PathBuf,
    /// Print everything as JSON
    #[arg(long)]
    pub json: bool,
    /// Say why also for what stays where it is
    #[arg(long)]
    pub why_all: bool,
    /// Say for one workload why it goes where it goes, and why not to each other node
    #[arg(long, value_name = "WORKLOAD")]
    pub explain: Option<String>,
    /// Compare with a placement of your own: the same rack with another `on`
    #[arg(long, value_name = "FILE", conflicts_with = "explain")]
    pub against: Option<PathBuf>,
}

/// What `plan` is asked.
#[derive(Debug, Fields)]
#[command(after_help = PLANNED)]
pub(crate) struct PlanArgs {
    /// The rack file, or `-` for the standard input
    pub file: PathBuf,
    /// Plan from boards that were only just plugged in, not from what the file says runs now
    #[arg(long)]
    pub bare: bool,
    /// Print the plan as JSON instead of Markdown
    #[arg(long)]
    pub json: bool,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What `apply` is asked.
#[derive(Debug, Fields)]
#[command(after_help = APPLIED)]
pub(crate) struct ApplyArgs {
    /// The rack file, or `-` for the standard input
    pub file: PathBuf,
    /// Carry it out on a simulated rack: the default, as only switches can be driven yet (`rackberry switch`)
    #[arg(long)]
    pub world: bool,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Show the whole runbook before the question, and not only what it comes to
    #[arg(long, conflicts_with = "json")]
    pub runbook: bool,
    /// Carry out exactly this plan, as `rackberry plan --bare --json -o PLAN` writes it
    #[arg(long, value_name = "PLAN", conflicts_with = "prune")]
    pub plan: Option<PathBuf>,
    /// Remove what is there and the file does not name
    #[arg(long, value_name = "WHAT")]
    pub prune: Vec<Pruned>,
    /// Print each event as a line of JSON
    #[arg(long)]
    pub json: bool,
    /// The journal; NAME.journal in this folder where none is said
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Begin anew, and not with the rack as the last run left it
    #[arg(long, help_heading = SIMULATED)]
    pub fresh: bool,
    /// A rack that begins anew begins as this file describes it, and not with bare boards
    #[arg(long, value_name = "FILE", help_heading = SIMULATED)]
    pub from: Option<PathBuf>,
    /// Let a call go wrong, as 17:lost-answer (lost-order, lost-answer, refused, garbage, slow)
    #[arg(long, value_name = "CALL:FAULT", help_heading = SIMULATED)]
    pub fault: Vec<CallFault>,
    /// Take the power of a machine for good, from the beginning or after so many calls, as pi-3@400
    #[arg(long, value_name = "NAME[@CALL]", help_heading = SIMULATED)]
    pub kill_node: Vec<Kill>,
    /// The calls that pass between an order and its effect
    #[arg(long, value_name = "CALLS", default_value_t = 1, help_heading = SIMULATED)]
    pub latency: u64,
    /// Let each order take this long at least, as 500ms, to watch it and to have time for keys
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration, help_heading = SIMULATED)]
    pub pace: Option<Duration>,
}

/// What `simulate` is asked.
#[derive(Debug, Fields)]
#[command(after_help = SURVIVED, override_usage = "rackberry simulate <FILE> --lose <NAME>... [OPTIONS]")]
pub(crate) struct SimulateArgs {
    /// The rack file, or `-` for the standard input
    pub file: PathBuf,
    /// Take this away: a node, a switch, an outlet, a pool, or a disk of a pool as NODE/DISK
    #[arg(long, value_name = "NAME", required = true, num_args = 1..)]
    pub lose: Vec<String>,
    /// Print everything as JSON
    #[arg(long)]
    pub json: bool,
}

/// What `log` is asked.
#[derive(Debug, Fields)]
pub(crate) struct LogArgs {
    /// The journal
    pub file: PathBuf,
    /// Print the records as JSON
    #[arg(long)]
    pub json: bool,
}

/// What `show` is asked.
#[derive(Debug, Fields)]
#[command(after_help = PLANNED, group(ArgGroup::new("out").required(true).multiple(true).args(["svg", "html"])))]
pub(crate) struct ShowArgs {
    /// The rack file, or `-` for the standard input
    pub file: PathBuf,
    /// Write a picture of the rack to this file, or `-` for the standard output
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Write a page with findings, picture, placement and plan to this file, or `-`
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// The colours of the picture
    #[arg(long, value_name = "WHICH", default_value = "auto")]
    pub theme: Shade,
}

/// The colours of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shade {
    /// As the reader prefers
    Auto,
    /// Dark on light
    Light,
    /// Light on dark
    Dark,
}

/// What `schema` is asked.
#[derive(Debug, Fields)]
pub(crate) struct SchemaArgs {
    /// Print the schema of the plan instead
    #[arg(long)]
    pub plan: bool,
}

/// What `completions` is asked.
#[derive(Debug, Fields)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}
