//! What is kept, against a tokenizer of HTML that other people wrote.

use super::*;
use html5gum::{DefaultEmitter, Token, Tokenizer};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A piece of a page, as both can say it: of an attribute that stands twice, the first.
#[derive(Debug, PartialEq)]
enum Said {
    Open(String, BTreeMap<String, String>),
    Close(String),
    Text(String),
}

fn ours(page: &str) -> Vec<Said> {
    let kept = read(page);
    let text = |it: &Range<u32>| kept.text[it.start as usize..it.end as usize].to_owned();
    let said = kept.pieces.iter().map(|piece| match piece {
        Piece::Close(tag) => Said::Close(format!("{tag:?}")),
        Piece::Text(range) => Said::Text(text(range)),
        Piece::Open(tag, keys) => {
            let keys = kept.keys[keys.start as usize..keys.end as usize].iter().rev();
            let keys = keys.map(|it| (format!("{:?}", it.0), text(&it.1)));
            Said::Open(format!("{tag:?}"), keys.collect())
        }
    });
    said.collect()
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap_or_default()
}

fn theirs(page: &str) -> Vec<Said> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let (mut said, mut text, mut is_code) = (Vec::new(), String::new(), false);
    let end = |said: &mut Vec<Said>, text: &mut String| {
        let text = std::mem::take(text);
        let text = text.trim_ascii_start();
        said.extend((!text.is_empty()).then(|| Said::Text(text.into())));
    };
    for Ok(token) in Tokenizer::new_with_emitter(page, emitter) {
        match token {
            Token::String(more) if !is_code => text.push_str(&string(&more)),
            Token::StartTag(tag) => {
                let name = string(&tag.name);
                is_code = matches!(name.as_str(), "script" | "style");
                let Some(named) = Tag::named(&tag.name) else { continue };
                end(&mut said, &mut text);
                let keys = tag.attributes.iter().map(|it| (string(it.0), string(it.1)));
                let keys = keys
                    .filter_map(|it| Some((format!("{:?}", Key::named(it.0.as_bytes())?), it.1)));
                said.push(Said::Open(format!("{named:?}"), keys.collect()));
            }
            Token::EndTag(tag) => {
                is_code = false;
                let Some(named) = Tag::named(&tag.name) else { continue };
                end(&mut said, &mut text);
                said.push(Said::Close(format!("{named:?}")));
            }
            Token::String(_) | Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    end(&mut said, &mut text);
    said
}

/// What pages are made of, and where reading goes wrong.
const PARTS: [&str; 56] = [
    "<div>",
    "</div>",
    "<DIV ",
    "<li class=",
    "</Li",
    "<span",
    "<b>",
    "</b>",
    "<p ",
    "<input",
    "<",
    "</",
    ">",
    "/>",
    "/",
    " ",
    "\n",
    "\t",
    "=",
    "'",
    "\"",
    "class",
    " ID",
    " id='hash'",
    " value=",
    " name=\"a\"",
    "x",
    "é",
    "1",
    "&",
    "&amp;",
    "&lt",
    "&nbsp;",
    "&#65;",
    "&copy",
    "&notit;",
    ";",
    "<script>",
    "</script",
    "<script ",
    "</SCRIPT>",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea ",
    "<!--",
    "-->",
    "--!>",
    "-",
    "!",
    "<!doctype html>",
    "<?",
    "<!",
    "--",
];

fn pages() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(prop::sample::select(&PARTS[..]), 0..24);
    parts.prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]
    #[test]
    fn a_page_is_kept_as_another_tokenizer_reads_it(page in pages()) {
        prop_assert_eq!(ours(&page), theirs(&page), "{}", page);
    }
}
