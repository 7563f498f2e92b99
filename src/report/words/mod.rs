//! Sentences: what a result says to a person, in the language that was asked for.
//!
//! Facts come from the engine, with their figures; a language words them and formats their numbers. A second
//! language is a second implementation of these traits, and the compiler says what it lacks. Nothing is decided here.

mod en;
mod traits;
mod whatif;

pub use traits::{FactWords, FindingIn, FindingWords, Language, NumberWords, QuotaWords, Sentence};
pub use whatif::WhatifWords;

/// The language of what the program says: the one place where it is chosen. A second language is a folder beside `en`
/// and its arm here.
pub fn language() -> &'static dyn Language {
    &en::English
}
