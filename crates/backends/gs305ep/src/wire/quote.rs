use std::fmt;

/// What a switch has said, in a form that can be printed anywhere: one line of at most 120 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quote(Box<str>);

impl Quote {
    const MOST: usize = 120;

    /// Takes the beginning of a text. What cannot be printed becomes space, and space is not repeated.
    pub fn of(text: &str) -> Self {
        let mut quote = String::new();
        let words = text.split(|it: char| it.is_whitespace() || it.is_control());
        let words = words.filter(|it| !it.is_empty());
        for word in words {
            if !quote.is_empty() {
                quote.push(' ');
            }
            quote.extend(word.chars().filter(|it| !is_formatting(*it)).take(Self::MOST + 1));
            if quote.chars().count() > Self::MOST {
                let cut: String = quote.chars().take(Self::MOST - 1).collect();
                return Self((cut + "…").into());
            }
        }
        Self(quote.into())
    }

    /// What was said.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters that change how the text around them is shown.
fn is_formatting(it: char) -> bool {
    matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}
