//! Bytes as they are or out of gzip, told apart by their first two.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use flate2::bufread::GzDecoder;

type Source<R> = BufReader<Chain<Cursor<Vec<u8>>, R>>;

/// Whether bytes are gzip.
#[must_use]
pub fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(&[0x1f, 0x8b])
}

/// Plain bytes, or the members of a gzip file one behind the other.
pub enum Unpacked<R> {
    /// Bytes that are not gzip.
    Plain(Source<R>),
    /// What gzip unpacks.
    Gzip(Members<Source<R>>),
}

impl<R: Read> Unpacked<R> {
    /// Looks at the first two bytes.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn new(mut reader: R) -> io::Result<Self> {
        let mut head = Vec::new();
        reader.by_ref().take(2).read_to_end(&mut head)?;
        let is_gzip = is_gzip(&head);
        let source = BufReader::with_capacity(64 << 10, Cursor::new(head).chain(reader));
        Ok(if is_gzip {
            Self::Gzip(Members { decoder: Some(Box::new(GzDecoder::new(source))) })
        } else {
            Self::Plain(source)
        })
    }

    /// Whether the bytes are gzip.
    #[must_use]
    pub fn is_gzip(&self) -> bool {
        matches!(self, Self::Gzip(_))
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(source) => source.read(buffer),
            Self::Gzip(members) => members.read(buffer),
        }
    }
}

/// The members of a gzip file. Zeros behind the last one, as tapes and block devices leave them, are
/// no fault; anything else is: something was lost or put together wrongly.
pub struct Members<R> {
    decoder: Option<Box<GzDecoder<R>>>,
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(decoder) = &mut self.decoder {
            let count = decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            let Some(mut source) = self.decoder.take().map(|decoder| decoder.into_inner()) else { break };
            self.decoder = match first_after_zeros(&mut source)? {
                (_, None) => None,
                (false, Some(0x1f)) => Some(Box::new(GzDecoder::new(source))),
                _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "something else follows it")),
            };
        }
        Ok(0)
    }
}

/// Whether there are zeros, and the byte behind them, which is not taken.
fn first_after_zeros(source: &mut impl BufRead) -> io::Result<(bool, Option<u8>)> {
    let mut any = false;
    loop {
        let bytes = source.fill_buf()?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let (next, ended) = (bytes.get(zeros).copied(), bytes.is_empty());
        any |= zeros > 0;
        if next.is_some() || ended {
            return Ok((any, next));
        }
        source.consume(zeros);
    }
}
