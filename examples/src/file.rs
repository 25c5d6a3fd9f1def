//! Files, written whole or not at all.

use crate::answer::Failure;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes `text` to `path`, and returns a line that says so. It is first written beside it, then put in its
/// place, so that nobody ever reads half of it.
///
/// What is no plain file, as `/dev/stdout` or a pipe, is written to as it is.
pub(crate) fn write(path: &Path, text: &str) -> Result<String, Failure> {
    let written = match fs::metadata(path) {
        // The file itself, where `path` is a link to it.
        Ok(old) if old.is_file() => {
            fs::canonicalize(path).and_then(|it| replace(&it, text, Some(old.permissions())))
        }
        Ok(_) => OpenOptions::new().write(true).open(path).and_then(|it| fill(it, text)),
        Err(_) => replace(path, text, None),
    };
    match written {
        Ok(()) => Ok(format!("wrote {}\n", path.display())),
        Err(error) => Err(Failure::File(format!("failed to write {}: {error}", path.display()))),
    }
}

/// Why something could not be done with a file.
pub(crate) fn failure(doing: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::File(format!("failed to {doing} {}: {error}", path.display()))
}

fn fill(mut file: File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())
}

fn replace(path: &Path, text: &str, permissions: Option<fs::Permissions>) -> io::Result<()> {
    let (mut file, beside) = beside(path)?;
    let mut fill = || {
        file.write_all(text.as_bytes())?;
        permissions.iter().try_for_each(|it| file.set_permissions(it.clone()))?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    fill().inspect_err(|_| drop(fs::remove_file(&beside)))
}

/// A new file in the folder of `path`.
fn beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
    let mut tries = 0;
    loop {
        let beside = path.with_file_name(format!(".{name}.{}-{tries}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < 100 => tries += 1,
            opened => return opened.map(|it| (it, beside)),
        }
    }
}
