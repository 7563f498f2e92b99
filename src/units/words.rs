//! Enums that have a spelling: `words!` declares one and makes every way to write and read it from a single list.
//!
//! It knows none of these enums. What carries data beside its word, or has a second wording for people, keeps
//! that as a method of its own.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserializer, de};

/// A text that is none of the words of an enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWord {
    allowed: &'static [&'static str],
}

impl UnknownWord {
    /// The error of an enum with these words.
    pub(crate) const fn new(allowed: &'static [&'static str]) -> Self {
        Self { allowed }
    }

    /// The words there are, in the order of the enum.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        self.allowed
    }
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "write one of {}", self.allowed.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// Reads a word with serde, without a copy of the text.
pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err = UnknownWord>,
    D: Deserializer<'de>,
{
    struct Word<T>(PhantomData<T>);

    impl<T: FromStr<Err = UnknownWord>> de::Visitor<'_> for Word<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a word")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(|error: UnknownWord| E::unknown_variant(text, error.allowed()))
        }
    }

    deserializer.deserialize_str(Word(PhantomData))
}

/// Declares an enum whose variants have one spelling each, exactly as written here: `ALL`, `as_str`, `Display`,
/// `FromStr` (with [`UnknownWord`] as its error) and both directions of serde (as text) follow from the list.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        $vis enum $name {
            $($(#[$of])* $variant),+
        }

        #[allow(dead_code)] // not every enum needs every form
        impl $name {
            const WORDS: [&'static str; [$($word),+].len()] = [$($word),+];

            /// Every value, in the order of the declaration.
            $vis const ALL: [Self; Self::WORDS.len()] = [$(Self::$variant),+];

            /// The word in inputs and outputs.
            #[must_use]
            $vis const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::units::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::units::UnknownWord::new(&Self::WORDS)),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::units::deserialize_word(deserializer)
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    words! {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Fruit {
            Apple = "apple",
            Pear = "pear",
        }
    }

    #[test]
    fn a_word_is_read_as_it_is_written_and_in_no_other_spelling() {
        let written = serde_json::to_string(&Fruit::ALL).unwrap();
        assert_eq!(written, r#"["apple","pear"]"#);
        assert_eq!(serde_json::from_str::<Vec<Fruit>>(&written).unwrap(), Fruit::ALL);
        assert_eq!("pear".parse(), Ok(Fruit::Pear));
        for wrong in ["PEAR", " pear", "plum", ""] {
            let error = wrong.parse::<Fruit>().unwrap_err();
            assert_eq!(error.to_string(), "write one of apple, pear");
        }
        let error = serde_json::from_str::<Fruit>("\"Pear\"").unwrap_err().to_string();
        assert!(error.contains("unknown variant `Pear`, expected `apple` or `pear`"), "{error}");
    }
}
