//! Words and numbers of the pages, read strictly.

use super::unreadable::{Page, Unreadable};
use rackberry_core::PortNo;
use std::str::FromStr;

/// The most ports that a page is read with. The largest switch of the family has eight.
pub(crate) const PORTS: usize = 64;

/// The most characters of a name that are read. The pages let people write 20.
const NAME: usize = 64;

/// A number of ASCII digits alone: no sign, no space, no exponent.
pub(crate) fn digits<T: FromStr>(text: &str) -> Option<T> {
    let plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// A number with one decimal, in tenths: `30.0`, `4.4` or `30`.
pub(crate) fn tenths(text: &str) -> Option<u32> {
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let tenth: u32 = (tenth.len() == 1).then(|| digits(tenth)).flatten()?;
    digits::<u32>(whole)?.checked_mul(10)?.checked_add(tenth)
}

impl Page {
    /// What must stand there.
    pub(crate) fn need<T>(self, what: &'static str, found: Option<T>) -> Result<T, Unreadable> {
        found.ok_or_else(|| self.missing(what))
    }

    /// A text in the form that it must have.
    pub(crate) fn read<T>(
        self,
        what: &'static str,
        found: Option<&str>,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Unreadable> {
        let found = self.need(what, found)?;
        read(found).ok_or_else(|| self.wrong(what, found))
    }

    /// The number of a port.
    pub(crate) fn port(self, found: Option<&str>) -> Result<PortNo, Unreadable> {
        let port = |it: &str| digits(it).filter(|it| (1..=PORTS as u16).contains(it)).map(PortNo);
        self.read("number of a port", found, port)
    }

    /// A name that people gave; it may be empty.
    pub(crate) fn name(
        self,
        what: &'static str,
        found: Option<&str>,
    ) -> Result<String, Unreadable> {
        let name = |it: &str| (it.chars().count() <= NAME).then(|| it.to_owned());
        self.read(what, found, name)
    }
}
