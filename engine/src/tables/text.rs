//! Text as it is written in tables: its encoding, and what a spreadsheet would run made harmless.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

/// Bytes as text: UTF-8, else Windows-1252.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// The text, where it needs neither decoding nor trimming and holds no control character: that of almost all cells.
pub fn plain(bytes: &[u8]) -> Option<&str> {
    let (first, last) = (bytes.first()?, bytes.last()?);
    if matches!(first, b' ' | b'\'') || *last == b' ' || !bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
    {
        return None;
    }
    std::str::from_utf8(bytes).ok()
}

/// Whether a spreadsheet would run the text, or would take its leading apostrophe for a mark of ours.
fn needs_guard(text: &str) -> bool {
    matches!(text.trim_start_matches('\'').chars().next(), Some('=' | '+' | '-' | '@' | '\t' | '\r'))
}

/// The text as it is written: with a leading apostrophe where a spreadsheet would run it.
///
/// A text that already has apostrophes before such a character gets one more, so that [`unguard`] gives back
/// exactly what was written.
pub fn guard(text: &str) -> Cow<'_, str> {
    if needs_guard(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text as it was meant.
pub fn unguard(text: &str) -> &str {
    // Hardly any text begins so: this is asked of every cell.
    if text.as_bytes().first() != Some(&b'\'') {
        return text;
    }
    match text.strip_prefix('\'') {
        Some(rest) if needs_guard(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_what_the_long_way_makes_of_it() {
        for text in ["a", "a b", "O'Brien", "~", "=1"] {
            assert_eq!(plain(text.as_bytes()), Some(unguard(decode(text.as_bytes()).trim()).trim()));
        }
        for bytes in [&b""[..], b" a", b"a ", b"'=1", b"a\tb", b"a\x7f", "\u{e9}".as_bytes(), b"\xe9"] {
            assert_eq!(plain(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn what_would_run_is_guarded_and_comes_back() {
        for text in ["=1+1", "+44", "-x", "@a", "\tb", "\rc", "'=1", "''@"] {
            let written = guard(text);
            assert!(written.starts_with('\''));
            assert_eq!(unguard(&written), text);
        }
        for text in ["", "plain", "'tis", "O'Brien", "a=b"] {
            assert_eq!(guard(text), text);
            assert_eq!(unguard(text), text);
        }
    }
}
