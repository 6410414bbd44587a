//! What stands for words without showing them.

use sha2::{Digest, Sha256};

use crate::tables::hexadecimal;

/// 64 hexadecimal digits: the same for the same words on every machine, others for any other words.
pub fn fingerprint(words: &[&str]) -> String {
    let mut digest = Sha256::new();
    for word in words {
        // The length before each, so that "ab", "c" is not "a", "bc".
        digest.update((word.len() as u64).to_le_bytes());
        digest.update(word.as_bytes());
    }
    hexadecimal(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_have_another_fingerprint_and_the_same_words_the_same_for_ever() {
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
        assert_ne!(fingerprint(&["ab"]), fingerprint(&["ab", ""]));
        // Of files that people have already: it may never change.
        let known = "9a8acca1b6c6c0befd3fbc756aed625da998c998f7252e738c4ef061906b9b21";
        assert_eq!(fingerprint(&["a", "bc"]), known);
    }
}
