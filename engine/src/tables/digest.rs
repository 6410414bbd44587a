//! Digests of what was read.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// Reads that go through a digest.
pub struct Digesting<R> {
    inner: R,
    digest: Sha256,
}

impl<R: Read> Digesting<R> {
    /// Of all that is read from now on.
    pub fn new(inner: R) -> Self {
        Self { inner, digest: Sha256::new() }
    }

    /// The digest of what was read.
    pub fn finish(self) -> String {
        hexadecimal(&self.digest.finalize())
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.digest.update(&buffer[..count]);
        Ok(count)
    }
}

/// The digest as the summary prints it.
pub fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(digest.len() * 2), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        text
    })
}
