use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

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
        match self.file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => {
                let who = std::fs::read_to_string(holder(&self.path)).unwrap_or_default();
                let who = if who.trim().is_empty() { "another process" } else { who.trim() };
                let why = format!("{} is held by {who}", self.path.display());
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

/// Where it is noted who holds a journal. It is only a note: the lock is what counts.
pub(super) fn holder(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".holder");
    name.into()
}
