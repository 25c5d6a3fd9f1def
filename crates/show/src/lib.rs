#![doc = include_str!("../README.md")]

mod arrow;
mod bundle;
mod card;
mod cards;
mod figure;
mod front;
mod grid;
mod headline;
mod heat;
mod html;
mod machine;
mod outside;
mod panel;
mod pen;
mod picture;
mod route;
mod text;
mod theme;

pub use html::{Report, html};
pub use picture::svg;
pub use theme::Theme;
