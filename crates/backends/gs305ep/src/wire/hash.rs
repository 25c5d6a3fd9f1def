use super::outline::Outline;
use super::unreadable::Unreadable;
use std::fmt;

/// What every form must send back, so that the switch believes that its own page sent it.
///
/// Seen in captured pages of a GS308EP: 32 hexadecimal digits, the same on three pages of one session. Whether
/// it changes within a session is unknown on hardware; take it from the page that was read last. It is a secret
/// while the session lasts, and not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct FormHash(Box<str>);

impl FormHash {
    /// Reads it: 1 to 64 letters and digits, as none that was seen has others.
    pub fn new(text: &str) -> Option<Self> {
        let sound = text.bytes().all(|it| it.is_ascii_alphanumeric());
        (sound && (1..=64).contains(&text.len())).then(|| Self(text.into()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The one on a page. It is found by its id: the page of the VLANs gives it no name.
    pub(crate) fn on(outline: Outline<'_>) -> Result<Self, Unreadable> {
        let found = outline.input("hash")?;
        let page = outline.page();
        let found = page.need("hash of its form", found)?;
        // What stands there instead may be a secret all the same.
        Self::new(found).ok_or_else(|| page.wrong("hash of its form", ""))
    }
}

impl fmt::Debug for FormHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormHash(..)")
    }
}
