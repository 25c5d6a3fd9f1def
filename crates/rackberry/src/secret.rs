//! Secrets, read from where a rack file says that they are kept.

use crate::plan::rack::SecretRef;
use rackberry_core::{Error, ErrorKind, Result};
use secrecy::SecretString;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// The longest secret, in bytes: a file that is longer is not one.
const LONGEST: usize = 1 << 16;

/// How long a program may take to print one: time for a person to unlock a key.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is looked whether a program has ended.
const GLANCE: Duration = Duration::from_millis(5);

/// Reads a secret: an environment variable, the first line of a file, or the first line that a program prints.
///
/// The path of a file begins at `folder`, which is that of the rack file. A program is run without a shell, with what it
/// says on its standard error for all to read.
///
/// # Errors
///
/// `Invalid` where there is none. What was read is in no error.
pub fn read(secret: &SecretRef, folder: &Path) -> Result<SecretString> {
    let (place, bytes) = match secret {
        SecretRef::Env(name) => (format!("the environment variable {name}"), variable(name)),
        SecretRef::File(path) => (format!("the file {path}"), file(&folder.join(path))),
        SecretRef::Command(words) => {
            let program = words.first().map_or("none", String::as_str);
            (format!("the program {program}"), printed(words, PATIENCE))
        }
    };
    let doing = format!("read a secret from {place}");
    let wrong = |why: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Invalid, doing.clone()).because(why.to_string())
    };
    let bytes = bytes.map_err(|it| wrong(&it))?;
    if bytes.len() > LONGEST {
        return Err(wrong(&format!("it has more than {LONGEST} bytes")));
    }
    let line = bytes.split(|it| *it == b'\n').next().unwrap_or_default();
    let text = std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line));
    // The error of the standard library says where the bytes are wrong, and not what they are.
    let text = text.map_err(|it| wrong(&it))?;
    match text.is_empty() {
        true => Err(wrong(&"there is nothing in it")),
        false => Ok(SecretString::from(text)),
    }
}

fn variable(name: &str) -> io::Result<Vec<u8>> {
    // Some names cannot be asked for at all.
    let sound = !name.is_empty() && !name.contains(['=', '\0']);
    let value = sound.then(|| std::env::var_os(name)).flatten();
    let value = value.ok_or_else(|| io::Error::other("it is not set"))?;
    value.into_string().map(String::into_bytes).map_err(|_| io::Error::other("it is not UTF-8"))
}

fn file(path: &Path) -> io::Result<Vec<u8>> {
    some(File::open(path)?)
}

/// What there is, up to the first byte too many.
fn some(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LONGEST as u64 + 1).read_to_end(&mut bytes).map(|_| bytes)
}

/// What a program prints before its time is over.
fn printed(words: &[String], patience: Duration) -> io::Result<Vec<u8>> {
    let [program, arguments @ ..] = words else {
        return Err(io::Error::other("no program is named"));
    };
    let deadline = Instant::now() + patience;
    let mut command = Command::new(program);
    let command = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn()?;
    let (to, from) = mpsc::channel();
    let out = child.stdout.take();
    thread::spawn(move || to.send(out.map_or(Ok(Vec::new()), some)));
    let bytes = from.recv_timeout(patience);
    ended(&mut child, deadline)?;
    bytes.unwrap_or_else(|_| Err(late()))
}

/// Waits until a program has ended well; one that takes too long is ended.
fn ended(child: &mut Child, deadline: Instant) -> io::Result<()> {
    loop {
        if let Some(status) = child.try_wait()? {
            let why = || io::Error::other(format!("it has ended with {status}"));
            return status.success().then_some(()).ok_or_else(why);
        }
        if Instant::now() >= deadline {
            // One that has ended by itself meanwhile cannot be ended, and is as late.
            let _ = child.kill();
            child.wait()?;
            return Err(late());
        }
        thread::sleep(GLANCE);
    }
}

fn late() -> io::Error {
    io::Error::other("it takes too long")
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    fn told(error: &Error) -> String {
        let cause = std::error::Error::source(error).map(ToString::to_string);
        format!("{error}: {}", cause.unwrap_or_default())
    }

    #[test]
    fn the_first_line_is_the_secret_wherever_it_is_kept() {
        let folder = std::env::temp_dir().join(format!("rackberry-secret-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("it"), "correct horse \r\nuser: me\n").unwrap();
        let kept = SecretRef::File("it".into());
        assert_eq!(read(&kept, &folder).unwrap().expose_secret(), "correct horse ");
        std::fs::remove_dir_all(&folder).unwrap();
        let printed = SecretRef::Command(words(&["printf", "%s\n", "correct horse"]));
        assert_eq!(read(&printed, &folder).unwrap().expose_secret(), "correct horse");
        // Cargo sets it for every test.
        let set = SecretRef::Env("CARGO_PKG_NAME".into());
        assert_eq!(read(&set, &folder).unwrap().expose_secret(), "rackberry");
    }

    #[test]
    fn what_is_no_secret_is_refused_and_never_told() {
        let folder = Path::new("/");
        let print = |text: &str| SecretRef::Command(words(&["printf", text]));
        for (kept, why) in [
            (SecretRef::Env("RACKBERRY_NOBODY_SETS_THIS".into()), "it is not set"),
            (SecretRef::Env("A=B".into()), "it is not set"),
            (SecretRef::File("nothing/is/here".into()), "No such file"),
            (SecretRef::File("dev/zero".into()), "more than 65536 bytes"),
            (SecretRef::Command(words(&["false"])), "it has ended with exit status: 1"),
            (SecretRef::Command(vec![]), "no program is named"),
            (print("\\nhunter2"), "there is nothing in it"),
            (print("hunter2\\377"), "invalid utf-8"),
        ] {
            let error = read(&kept, folder).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid);
            let told = told(&error) + &format!("{error:?}");
            assert!(told.contains(why) && !told.contains("hunter2"), "{told}");
        }
    }

    #[test]
    fn a_program_that_never_ends_is_ended() {
        let begin = Instant::now();
        for program in [&["sleep", "60"][..], &["yes"]] {
            let why = printed(&words(program), Duration::from_millis(100)).unwrap_err();
            assert!(!why.to_string().is_empty());
        }
        assert!(begin.elapsed() < Duration::from_secs(30));
    }
}
