//! A terminal of any width, for the program to print on.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

/// What a terminal of so many columns shows when `command` has ended, without its colours.
pub(crate) fn shown(command: &mut Command, columns: u16) -> String {
    let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&screen).unwrap();
    unlockpt(&screen).unwrap();
    let name = ptsname(&screen, Vec::new()).unwrap();
    let name = std::ffi::OsStr::from_bytes(name.as_bytes());
    let terminal = File::options().read(true).write(true).open(name).unwrap();
    let size = Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).unwrap();
    command.env("NO_COLOR", "1").stdin(Stdio::null()).stderr(Stdio::null());
    let mut child = command.stdout(terminal).spawn().unwrap();
    // The command holds the other end: without it, reading would never come to an end.
    command.stdout(Stdio::null());
    let (mut shown, mut screen) = (Vec::new(), File::from(screen));
    // Linux says by an error that nobody is left to print.
    let _ = screen.read_to_end(&mut shown);
    assert!(child.wait().unwrap().code().is_some());
    String::from_utf8(shown).unwrap()
}
