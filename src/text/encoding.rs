//! Text in UTF-8 from text in UTF-8 or UTF-16, without its byte order mark, as it is read.

use std::io::{self, Read};

/// Bytes from which the encoding is detected.
const HEAD: usize = 512;

/// Bytes of UTF-16 that are decoded at once.
const CHUNK: usize = 32 << 10;

/// What stands for half a character or a lone byte: it is not UTF-8, so whoever reads the text reports its place.
const INVALID: u8 = 0xff;

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, or bytes that are no text.
    Utf8,
    /// UTF-16, the low byte first, as PowerShell and spreadsheets write it.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
}

impl Encoding {
    /// The encoding of a text that starts with these bytes: from its byte order mark, or from the zero in each
    /// ASCII character of UTF-16.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        if head.starts_with(b"\xff\xfe") {
            return Self::Utf16Le;
        }
        if head.starts_with(b"\xfe\xff") {
            return Self::Utf16Be;
        }
        let (pairs, _) = head.get(..HEAD).unwrap_or(head).as_chunks::<2>();
        let zeros = |place: usize| pairs.iter().filter(|pair| pair.get(place) == Some(&0)).count();
        // A quarter, since names and texts need not be ASCII, while delimiters and digits are. A few characters, such
        // as some emoji, have a zero in the other half of a unit.
        let (first, second) = (zeros(0), zeros(1));
        let are_units =
            |zeros: usize, others: usize| zeros > 0 && 4 * zeros >= pairs.len() && 8 * others <= zeros;
        if are_units(second, first) {
            Self::Utf16Le
        } else if are_units(first, second) {
            Self::Utf16Be
        } else {
            Self::Utf8
        }
    }

    /// What bytes are that make no character.
    pub(crate) const fn no_character(self) -> &'static str {
        match self {
            Self::Utf8 => "a byte that is not UTF-8",
            Self::Utf16Le | Self::Utf16Be => {
                "an incomplete character: the file is UTF-16 and is damaged here"
            }
        }
    }

    /// Bytes of the byte order mark at the start.
    #[must_use]
    pub fn mark_length(self, head: &[u8]) -> usize {
        let mark: &[u8] = match self {
            Self::Utf8 => b"\xef\xbb\xbf",
            Self::Utf16Le => b"\xff\xfe",
            Self::Utf16Be => b"\xfe\xff",
        };
        if head.starts_with(mark) { mark.len() } else { 0 }
    }
}

/// A reader of UTF-8, whose encoding is detected from its first bytes.
pub struct Decoder<R> {
    source: R,
    encoding: Encoding,
    /// UTF-8 that was not given out yet, or the head of a file that is UTF-8.
    ready: Vec<u8>,
    given: usize,
    /// A byte that waits for the other one of its unit.
    half: Option<u8>,
    /// The first half of a character of two units.
    lead: Option<u16>,
    ended: bool,
}

impl<R: Read> Decoder<R> {
    /// Reads the first bytes.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn new(mut source: R) -> io::Result<Self> {
        let mut head = Vec::new();
        source.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
        let encoding = Encoding::of(&head);
        head.drain(..encoding.mark_length(&head));
        let mut decoder =
            Self { source, encoding, ready: Vec::new(), given: 0, half: None, lead: None, ended: false };
        match encoding {
            Encoding::Utf8 => decoder.ready = head,
            Encoding::Utf16Le | Encoding::Utf16Be => decoder.decode(&head),
        }
        Ok(decoder)
    }

    /// The encoding that was detected.
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Decodes some bytes of UTF-16.
    fn decode(&mut self, bytes: &[u8]) {
        let mut bytes = bytes.iter().copied();
        while let Some(first) = self.half.take().or_else(|| bytes.next()) {
            let Some(second) = bytes.next() else {
                self.half = Some(first);
                break;
            };
            let unit = match self.encoding {
                Encoding::Utf16Be => u16::from_be_bytes([first, second]),
                _ => u16::from_le_bytes([first, second]),
            };
            self.unit(unit);
        }
    }

    fn unit(&mut self, unit: u16) {
        let is_lead = (0xd800..0xdc00).contains(&unit);
        if let Some(lead) = self.lead.take() {
            if let Some(Ok(character)) = char::decode_utf16([lead, unit]).next() {
                self.push(character);
                return;
            }
            self.ready.push(INVALID);
        }
        match char::from_u32(u32::from(unit)) {
            Some(character) => self.push(character),
            None if is_lead => self.lead = Some(unit),
            None => self.ready.push(INVALID),
        }
    }

    fn push(&mut self, character: char) {
        self.ready.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Reads more of UTF-16, or ends.
    fn more(&mut self) -> io::Result<()> {
        let mut chunk = Vec::with_capacity(CHUNK);
        self.source.by_ref().take(CHUNK as u64).read_to_end(&mut chunk)?;
        self.ready.clear();
        self.given = 0;
        self.decode(&chunk);
        if chunk.len() < CHUNK {
            self.ended = true;
            let incomplete =
                usize::from(self.lead.take().is_some()) + usize::from(self.half.take().is_some());
            self.ready.extend(std::iter::repeat_n(INVALID, incomplete));
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let rest = self.ready.get(self.given..).unwrap_or_default();
            if !rest.is_empty() {
                let count = (&*rest).read(buffer)?;
                self.given += count;
                return Ok(count);
            }
            if self.encoding == Encoding::Utf8 {
                return self.source.read(buffer);
            }
            if self.ended {
                return Ok(0);
            }
            self.more()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::{Decoder, Encoding};
    use std::io::{self, Read};

    /// Gives at most so many bytes at once.
    struct Dribble<'a>(&'a [u8], usize);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(self.1);
            self.0.read(&mut buffer[..count])
        }
    }

    fn decoded(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let decoder = Decoder::new(Dribble(bytes, 3));
        assert!(decoder.and_then(|mut decoder| decoder.read_to_end(&mut out)).is_ok());
        out
    }

    fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "[a-z,\n]{2}\\PC{0,40}", times in 1_usize..2_000, big in any::<bool>()) {
            // Plain text without the marks and zeros by which an encoding is detected.
            let text = text.repeat(times);
            prop_assert_eq!(decoded(&utf16(&text, big, true)), text.as_bytes());
            prop_assert_eq!(decoded(text.as_bytes()), text.as_bytes());
            let marked = ["\u{feff}", text.as_str()].concat();
            prop_assert_eq!(decoded(marked.as_bytes()), text.as_bytes());
        }

        #[test]
        fn plain_text_needs_no_mark(text in "[ -~\n]{2,40}", big in any::<bool>()) {
            prop_assert_eq!(decoded(&utf16(&text, big, false)), text.as_bytes());
        }
    }

    #[test]
    fn short_inputs_are_what_they_are() {
        assert_eq!(decoded(b""), b"");
        assert_eq!(decoded(b"1"), b"1");
        assert_eq!(decoded(b"\0"), b"\0");
        assert_eq!(decoded(b"\xff\xfe"), b"");
        assert_eq!(decoded(b"\xef\xbb\xbf"), b"");
        assert_eq!(decoded(b"1\0"), b"1");
        assert_eq!(decoded(b"\x001"), b"1");
        // The second half of the first emoji has a zero in the other place.
        assert_eq!(
            decoded(b"\x3d\xd8\x00\xde,\x001\x00\n\x00,\x00,\x00,\x00,\x00,\x00"),
            "\u{1f600},1\n,,,,,".as_bytes()
        );
        // A zero in UTF-8 is no sign of UTF-16.
        assert_eq!(decoded(b"a\0bcdefghijklm"), b"a\0bcdefghijklm");
    }

    #[test]
    fn what_is_incomplete_is_not_utf_8() {
        assert_eq!(decoded(b"\xff\xfea\0b"), b"a\xff");
        // A lone second half, a lone first half, and one at the end.
        assert_eq!(decoded(b"\xff\xfea\0\x00\xdcb\0"), b"a\xffb");
        assert_eq!(decoded(b"\xff\xfea\0\x00\xd8b\0"), b"a\xffb");
        assert_eq!(decoded(b"\xff\xfea\0\x00\xd8"), b"a\xff");
        assert_eq!(
            decoded(b"\xff\xfe\x3d\xd8\x3d\xd8\x00\xde"),
            "\u{fffd}😀"
                .replace('\u{fffd}', "?")
                .bytes()
                .map(|byte| if byte == b'?' { 0xff } else { byte })
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn the_encoding_is_known_before_the_text() {
        let encoding = |bytes: &[u8]| Decoder::new(bytes).ok().map(|decoder| decoder.encoding());
        assert_eq!(encoding(b"\xff\xfea\0"), Some(Encoding::Utf16Le));
        assert_eq!(encoding(b"\0a\0,"), Some(Encoding::Utf16Be));
        assert_eq!(encoding(b"a,b"), Some(Encoding::Utf8));
    }
}
