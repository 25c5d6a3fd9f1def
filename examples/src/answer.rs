//! What a command has to say, and how it ends.

use crate::look::{Ink, Look, tame};
use rackberry::core::Error;
use rackberry::plan::ReadError;
use std::io::{self, Write};

/// What a command has to say, complete before the first byte is printed.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// For the standard output.
    pub text: String,
    /// For the standard error.
    pub aside: String,
    /// The exit status.
    pub status: u8,
}

/// Why a command cannot say what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A file cannot be read or written: which, and why.
    File(String),
    /// A file is no rack file.
    Unread(Box<ReadError>),
    /// The file does not have what was asked for.
    Missing(String),
    /// Nothing can be worked out for the rack: its errors, in full.
    Rack(String),
    /// A device does not do what it was asked.
    Device(Error),
    /// Ctrl-C came before anything was sent.
    Interrupted,
    /// A plan was refused by its own verification: why.
    Defect(Vec<String>),
}

impl Answer {
    /// An answer where all is well.
    pub(crate) fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// Prints the answer, and returns the exit status.
    ///
    /// A reader that has gone away (`| head`) has read enough: that is no error.
    pub(crate) fn print(self) -> u8 {
        let written = write(&mut io::stdout().lock(), &self.text);
        let _ = io::stderr().write_all(self.aside.as_bytes());
        match written {
            Ok(()) => self.status,
            Err(error) => {
                let _ = writeln!(io::stderr(), "error: failed to write the answer: {error}");
                2
            }
        }
    }
}

fn write(out: &mut impl Write, text: &str) -> io::Result<()> {
    // What was lost before is not lost once more.
    if text.is_empty() {
        return Ok(());
    }
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(_) | Ok(()) => written,
    }
}

impl Failure {
    /// The failure in words.
    pub(crate) fn answer(self, look: &Look) -> Answer {
        let look = look.aside();
        let error = |text: &str| {
            let lines: String = text.lines().map(|it| format!("{}\n", tame(it))).collect();
            format!("{} {lines}", look.paint(Ink::Error, "error:"))
        };
        let (aside, status) = match self {
            Self::File(text) => (error(&text), 2),
            Self::Unread(why) => (format!("{why}\n"), 2),
            Self::Missing(text) => (error(&text), 2),
            Self::Rack(text) => (text, 2),
            // What a shell says of a program that was ended by ctrl-C.
            Self::Interrupted => (error("ended by ctrl-C; nothing was sent"), 130),
            Self::Device(why) => (error(&causes(&why)), 2),
            Self::Defect(why) => (error(&defect(&why)), 3),
        };
        Answer { text: String::new(), aside, status }
    }
}

/// An error with all its causes, in one line.
pub(crate) fn causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text += &format!(": {next}");
        cause = next.source();
    }
    text
}

fn defect(why: &[String]) -> String {
    let why: String = why.iter().map(|it| format!("\n  - {it}")).collect();
    format!(
        "the plan failed its own verification, so it is not printed:{why}\n\
         This is a defect of rackberry: please report it, with the rack file."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_was_refused_is_not_printed_and_its_faults_are() {
        let look = Look { color: false, color_aside: false, unicode: false, width: 100 };
        let why = vec!["step 3: \x1b[2Jpi-1 is too full".to_string(), "step 4: too late".into()];
        let answer = Failure::Defect(why).answer(&look);
        assert_eq!((answer.status, answer.text.as_str()), (3, ""));
        assert!(answer.aside.contains("\n  - step 3: ?[2Jpi-1 is too full\n"), "{}", answer.aside);
        assert!(answer.aside.contains("please report it"), "{}", answer.aside);
    }
}
