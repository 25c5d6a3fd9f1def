use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a journal is written on. Until it is synced, a crash may leave any of what was written.
pub(super) trait Medium {
    /// Holds it against every other process, until this one lets go of it or ends.
    fn lock(&mut self) -> io::Result<()>;
    /// Reads all of it.
    fn read(&mut self) -> io::Result<Vec<u8>>;
    /// Writes at a place.
    fn write(&mut self, at: u64, text: &[u8]) -> io::Result<()>;
    /// Makes it this long.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Keeps what is no record elsewhere, for people to look at.
    fn put_aside(&mut self, line: &[u8]) -> io::Result<()>;
    /// Makes what it holds durable.
    fn sync(&mut self) -> io::Result<()>;
    /// Makes durable that it is there at all.
    fn settle(&mut self) -> io::Result<()>;
}

/// A file, and where it is.
#[derive(Debug)]
pub(super) struct Paper {
    pub(super) file: File,
    pub(super) path: PathBuf,
}

impl Medium for Paper {
    fn lock(&mut self) -> io::Result<()> {
        match locked(|| self.file.try_lock()) {
            Ok(()) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => {
                let why = format!("{} is held by {}", self.path.display(), who(&self.path));
                Err(io::Error::new(io::ErrorKind::WouldBlock, why))
            }
        }
    }

    fn read(&mut self) -> io::Result<Vec<u8>> {
        whole(&self.file)
    }

    fn write(&mut self, at: u64, text: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(at))?;
        self.file.write_all(text)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn put_aside(&mut self, line: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        let mut file = private(&mut options).open(aside(&self.path))?;
        file.write_all(line)?;
        file.sync_all()
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn settle(&mut self) -> io::Result<()> {
        // Windows opens no folder to sync it.
        if cfg!(windows) {
            return Ok(());
        }
        let folder = self.path.parent().filter(|it| !it.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Paper {
    /// A program that is being started beside this one may still have the file open for a moment.
    fn drop(&mut self) {
        drop(self.file.unlock());
    }
}

/// All of a file. A device may never end, and is none.
pub(super) fn whole(mut file: &File) -> io::Result<Vec<u8>> {
    if !file.metadata()?.is_file() {
        return Err(no_file());
    }
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    Ok(text)
}

/// Refuses what can be no journal before it is opened: to open a pipe may wait for ever.
pub(super) fn refuse_no_file(path: &Path) -> io::Result<()> {
    let invalid = |why: String| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    match path.metadata() {
        Ok(it) if it.is_file() => Ok(()),
        Ok(it) if it.is_dir() => invalid("a journal is a file: this is a folder".into()),
        Ok(_) => Err(no_file()),
        Err(_) => match path.read_link() {
            Ok(to) => invalid(format!("it is a link to {}, which is not there", to.display())),
            Err(_) => Ok(()),
        },
    }
}

fn no_file() -> io::Error {
    let why = "a journal is a file: this is a device, or something else";
    io::Error::new(io::ErrorKind::InvalidInput, why)
}

/// Files that only their owner can read.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Whether somebody writes a journal at this moment.
pub(super) fn is_held(file: &File) -> io::Result<bool> {
    match file.try_lock_shared() {
        Ok(()) => file.unlock().map(|()| false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Tries it again for a while: who only asks whether it is held, holds it for a moment.
fn locked(lock: impl Fn() -> Result<(), TryLockError>) -> Result<(), TryLockError> {
    for _ in 0..5 {
        match lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            it => return it,
        }
    }
    lock()
}

/// Who holds a journal that is held.
pub(super) fn who(path: &Path) -> String {
    let note = std::fs::read_to_string(holder(path)).unwrap_or_default();
    if note.trim().is_empty() { "another process".into() } else { note.trim().into() }
}

/// Where it is noted who holds a journal. It is only a note: the lock is what counts.
pub(super) fn holder(path: &Path) -> PathBuf {
    beside(path, ".holder")
}

/// Where the lines of a journal are kept that are damaged.
pub(super) fn aside(path: &Path) -> PathBuf {
    beside(path, ".damaged")
}

fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}
