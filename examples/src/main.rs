//! The command `rackberry`: reads a rack file, says what is wrong with it, where everything should
//! run, and how to get there.
//!
//! Every command works out its whole answer first and prints it at the end: a command that fails
//! prints nothing but the reason. Only `apply` of a whole rack tells what it does while it does it.

mod answer;
mod apply;
mod args;
mod check;
mod file;
mod finding;
mod input;
mod log;
mod look;
mod number;
mod outcome;
mod place;
mod plan;
mod room;
mod schema;
mod show;
mod simulate;
mod story;
mod switch;
mod table;

use answer::{Answer, Failure};
use args::{Args, Command};
use clap::Parser;
use look::Look;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    let look = Look::new(args.color);
    let answer = run(&args.command, &look).unwrap_or_else(|it| it.answer(&look));
    ExitCode::from(answer.print())
}

fn run(command: &Command, look: &Look) -> Result<Answer, Failure> {
    match command {
        Command::Check(args) => check::run(args, look),
        Command::Place(args) => place::run(args, look),
        Command::Plan(args) => plan::run(args, look),
        Command::Apply(args) => apply::run(args, look),
        Command::Simulate(args) => simulate::run(args, look),
        Command::Log(args) => log::run(args, look),
        Command::Show(args) => show::run(args, look),
        Command::Switch(command) => switch::run(command, look),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => schema::completions(args),
    }
}
