//! Characters that a page writes in words: `&amp;`, `&#38;`.

use html5gum::{State, Token, Tokenizer};
use memchr::memchr;
use std::borrow::Cow;

/// A text as it is shown.
pub(crate) fn in_text(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'&', text).is_none() {
        return text.into();
    }
    let mut shown = Vec::new();
    let mut tokens = Tokenizer::new(text);
    tokens.set_state(State::RcData);
    for Ok(token) in tokens {
        if let Token::String(more) = token {
            shown.extend_from_slice(&more);
        }
    }
    shown.into()
}

/// The value of an attribute, where some words are left as they are: those of a link are not characters.
pub(crate) fn in_value(value: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'&', value).is_none() {
        return value.into();
    }
    let parts: Vec<_> = value.split(|it| *it == b'"').collect();
    let tag = [b"<a b=\"", &*parts.join(&b"&quot;"[..]), b"\">"].concat();
    let shown = Tokenizer::new(&tag).flatten().find_map(|it| match it {
        Token::StartTag(tag) => tag.attributes.into_values().next(),
        Token::EndTag(_) | Token::String(_) | Token::Comment(_) => None,
        Token::Doctype(_) | Token::Error(_) => None,
    });
    Vec::from(shown.map(|it| it.value).unwrap_or_default()).into()
}
