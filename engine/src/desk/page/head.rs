//! What the browser is told first: nothing may be fetched, and only this style and this script may run.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::{About, sheets};
use crate::desk::Sheet;

const STYLE: &str = include_str!("style.css");
const PRINT: &str = include_str!("print.css");
const SCRIPT: &str = include_str!("script.js");

/// The head of the page.
pub fn head(about: &About, sheets: &[Sheet<'_>]) -> Markup {
    let style = style(about, sheets);
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        digest(&style),
        digest(SCRIPT)
    );
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="referrer" content="no-referrer";
            meta name="robots" content="noindex";
            title { (about.standing) ": rebooking plan, " (about.places) ", book as of " (about.as_of) }
            // Without it a browser asks the server for one.
            link rel="icon" href="data:,";
            style { (PreEscaped(style)) }
        }
    }
}

/// The script, last of all: the page is there before it.
pub fn script() -> Markup {
    html! { script { (PreEscaped(SCRIPT)) } }
}

/// The style: what stands on every printed page is part of it, and so are the widths of columns.
fn style(about: &About, sheets: &[Sheet<'_>]) -> String {
    let mut style = format!("{STYLE}{PRINT}");
    // Nothing but fixed words and a formatted time: no text of the case is ever in a style.
    let (standing, as_of) = (about.standing, &about.as_of);
    let _ = writeln!(style, "@page{{@bottom-left{{content:\"{standing}. Book as of {as_of}\"}}}}");
    let of_sheet = |sheet: &Sheet<'_>| {
        sheet.columns.iter().map(|column| sheets::width(sheet, column)).collect::<Vec<_>>()
    };
    let widths: BTreeSet<u16> = sheets.iter().flat_map(of_sheet).collect();
    for width in widths {
        let least = width * 2 / 3;
        let _ = writeln!(style, ".w{width}{{min-width:{least}ch}}.page .w{width}{{width:{width}ch}}");
        let _ = writeln!(style, "@media print{{.w{width}{{min-width:0;width:{width}ch}}}}");
    }
    style
}

/// The digest of an inline style or script, as a content security policy names it.
pub fn digest(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for piece in bytes.chunks(3) {
        let byte = |at: usize| u32::from(piece.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= piece.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        let pairs = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (text, wanted) in pairs {
            assert_eq!(base64(text.as_bytes()), wanted);
        }
        assert_eq!(digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn style_and_script_cannot_end_early() {
        for text in [STYLE, PRINT, SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--") && !text.contains("url("));
        }
    }
}
