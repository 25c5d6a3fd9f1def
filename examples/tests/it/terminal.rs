//! A terminal of any width, for the program to print on, and to ask.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

/// A screen of so many columns, and the terminal in front of it.
fn terminal(columns: u16) -> (File, File) {
    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&screen).unwrap();
    unlockpt(&screen).unwrap();
    let name = ptsname(&screen, Vec::new()).unwrap();
    let name = std::ffi::OsStr::from_bytes(name.as_bytes());
    let terminal = File::options().read(true).write(true).open(name).unwrap();
    let size = Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).unwrap();
    (File::from(screen), terminal)
}

/// What a terminal of so many columns shows when `command` has ended, without its colours.
pub(crate) fn shown(command: &mut Command, columns: u16) -> String {
    let (screen, terminal) = terminal(columns);
    command.env("NO_COLOR", "1").stdin(Stdio::null()).stderr(Stdio::null()).stdout(terminal);
    run(command, screen)
}

/// The same of a program that is answered with `typed`, with all that it prints.
pub(crate) fn talk(command: &mut Command, typed: &str) -> String {
    let (mut screen, terminal) = terminal(100);
    screen.write_all(typed.as_bytes()).unwrap();
    command.env("NO_COLOR", "1").stdin(terminal.try_clone().unwrap());
    command.stderr(terminal.try_clone().unwrap()).stdout(terminal);
    run(command, screen)
}

fn run(command: &mut Command, mut screen: File) -> String {
    let mut child = command.spawn().unwrap();
    // The command holds the other end: without it, reading would never come to an end.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut shown = Vec::new();
    // Linux says by an error that nobody is left to print.
    let _ = screen.read_to_end(&mut shown);
    assert!(child.wait().unwrap().code().is_some());
    String::from_utf8(shown).unwrap()
}
