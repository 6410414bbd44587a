//! Words and signs of Rust source, without comments and without what stands in texts.

use super::Source;

/// A word or a sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'s> {
    /// As it stands there; `"` for a text of any kind.
    pub text: &'s str,
    /// First line = 1.
    pub line: usize,
    /// Modules above it, those of the file included.
    pub depth: usize,
    /// Whether it is code for tests alone.
    pub in_tests: bool,
}

/// Module names that mark code for tests alone.
const TEST_MODULES: [&str; 2] = ["tests", "test_support"];

/// The words and signs of a file.
pub fn tokens(source: &Source) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::new();
    // Inline modules that are open: name, and how many braces were open before.
    let mut inline: Vec<(&str, usize)> = Vec::new();
    let mut braces = 0;
    let file_is_test = source.module.iter().any(|name| TEST_MODULES.contains(&name.as_str()));
    for (text, line) in pieces(&source.text) {
        match text {
            "{" => {
                if let [.., before, name] = found.as_slice()
                    && before.text == "mod"
                {
                    inline.push((name.text, braces));
                }
                braces += 1;
            }
            "}" => {
                braces = braces.saturating_sub(1);
                inline.pop_if(|(_, before)| *before == braces);
            }
            _ => {}
        }
        let in_tests = file_is_test || inline.iter().any(|(name, _)| TEST_MODULES.contains(name));
        found.push(Token { text, line, depth: source.module.len() + inline.len(), in_tests });
    }
    found
}

/// Cuts text into words, signs and texts, each with its line.
fn pieces(text: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < text.len() {
        let rest = &text[at..];
        let (kind, length) = piece(rest);
        match kind {
            Kind::Nothing => {}
            Kind::Text => found.push(("\"", line)),
            Kind::Word => found.push((&rest[..length], line)),
        }
        line += rest[..length].matches('\n').count();
        at += length;
    }
    found
}

enum Kind {
    /// A comment or space.
    Nothing,
    /// A text or a character.
    Text,
    /// A word or a sign.
    Word,
}

/// What stands at the beginning, and how long it is.
fn piece(rest: &str) -> (Kind, usize) {
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    if rest.starts_with("//") {
        (Kind::Nothing, rest.find('\n').unwrap_or(rest.len()))
    } else if rest.starts_with("/*") {
        (Kind::Nothing, block_comment(rest))
    } else if rest.starts_with('"') {
        (Kind::Text, quoted(rest, '"'))
    } else if rest.starts_with("b\"") || rest.starts_with("c\"") {
        (Kind::Text, 1 + quoted(&rest[1..], '"'))
    } else if let Some(length) = raw(rest) {
        (Kind::Text, length)
    } else if rest.starts_with('\'') && is_character(rest) {
        (Kind::Text, quoted(rest, '\''))
    } else if word > 0 {
        (Kind::Word, word)
    } else if rest.starts_with("::") {
        (Kind::Word, 2)
    } else {
        let first = rest.chars().next().map_or(1, char::len_utf8);
        (if rest.starts_with(char::is_whitespace) { Kind::Nothing } else { Kind::Word }, first)
    }
}

/// Comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut open, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            open += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            open -= 1;
            at += 2;
            if open == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Length of what begins and ends with a quote, backslashes in it.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return at + 1;
        }
    }
    rest.len()
}

/// Length of a raw text such as `r#"..."#`.
fn raw(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = body.find(|c| c != '#')?;
    let inner = body[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inner.find(&end).map_or(inner.len(), |at| at + end.len());
    Some(rest.len() - inner.len() + length)
}

/// A character such as `'x'` or `'\n'`, and not a lifetime such as `'x`.
fn is_character(rest: &str) -> bool {
    let mut after = rest.chars().skip(1);
    match after.next() {
        Some('\\') => true,
        Some(_) => after.next() == Some('\''),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_left_out() {
        let text =
            "a /* b /* c */ d */ 'x' 'life \"e \\\" f\" r#\"g\" h\"# // i\n/// j\nk::l b\"m\" '\\'' '\"' n";
        let source = Source::new("engine/src", "one/two.rs", text);
        let words: Vec<&str> = tokens(&source).into_iter().map(|token| token.text).collect();
        assert_eq!(words, ["a", "\"", "'", "life", "\"", "\"", "k", "::", "l", "\"", "\"", "\"", "n"]);
    }

    #[test]
    fn inline_modules_deepen_and_mark_tests() {
        let text = "a mod b { c mod tests { d { e } } f } g";
        let source = Source::new("engine/src", "one/mod.rs", text);
        let seen: Vec<(&str, usize, bool)> = tokens(&source)
            .into_iter()
            .filter(|token| token.text.len() == 1 && token.text != "{" && token.text != "}")
            .map(|token| (token.text, token.depth, token.in_tests))
            .collect();
        let expected = [
            ("a", 1, false),
            ("b", 1, false),
            ("c", 2, false),
            ("d", 3, true),
            ("e", 3, true),
            ("f", 2, false),
            ("g", 1, false),
        ];
        assert_eq!(seen, expected);
    }
}
