//! How the password is sent.

use md5::{Digest, Md5};
use secrecy::{ExposeSecret, SecretString};

/// The most characters of a password that the login page takes, counted as a browser does.
const MOST: usize = 20;

/// The number on the login page that is mixed into the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Nonce(Box<str>);

impl Nonce {
    pub(crate) fn new(text: &str) -> Option<Self> {
        let sound = text.bytes().all(|it| it.is_ascii_digit());
        (sound && (1..=20).contains(&text.len())).then(|| Self(text.into()))
    }
}

/// The body of the login form: the MD5 of the password and the nonce, of each a character in turn.
///
/// The same values as browsers sent to a GS308EP and a GS308EPP (test vectors of py-netgear-plus 0.7.0).
pub(crate) fn answer(password: &SecretString, nonce: &Nonce) -> SecretString {
    let password = shortened(password.expose_secret());
    let digest = Md5::digest(merged(password, &nonce.0).expose_secret());
    let digits = digest.iter().flat_map(|it| [it >> 4, it & 15]);
    let digits = digits.filter_map(|it| char::from_digit(it.into(), 16));
    SecretString::from("password=".chars().chain(digits).collect::<String>())
}

/// What the field of the page holds of a password: it counts in UTF-16.
fn shortened(password: &str) -> &str {
    let mut units = 0;
    let end = password.char_indices().find(|(_, it)| {
        units += it.len_utf16();
        units > MOST
    });
    end.map_or(password, |(end, _)| &password[..end])
}

fn merged(password: &str, nonce: &str) -> SecretString {
    // Reserved at once, so that no copy of the password is left behind by a string that grows.
    let mut merged = String::with_capacity(password.len() + nonce.len());
    let (mut ours, mut theirs) = (password.chars(), nonce.chars());
    loop {
        let next = [ours.next(), theirs.next()];
        if next == [None, None] {
            return SecretString::from(merged);
        }
        merged.extend(next.into_iter().flatten());
    }
}
