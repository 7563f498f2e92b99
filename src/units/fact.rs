//! A value as a table states it: there is none, it is not known, or it is known. It reads no file.

/// A value that may be stated as unknown, or not be there at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fact<T> {
    /// There is no such thing.
    #[default]
    Absent,
    /// It exists; its value is not known.
    Unknown,
    /// Its value.
    Known(T),
}

impl<T> Fact<T> {
    /// The fact in another form.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known(value) => Fact::Known(convert(value)),
            Self::Unknown => Fact::Unknown,
            Self::Absent => Fact::Absent,
        }
    }

    /// The value, where known.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown => None,
        }
    }

    /// The same state over a reference.
    pub fn as_ref(&self) -> Fact<&T> {
        match self {
            Self::Absent => Fact::Absent,
            Self::Unknown => Fact::Unknown,
            Self::Known(value) => Fact::Known(value),
        }
    }
}
