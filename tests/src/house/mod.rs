//! The source of the engine as text: what the tests of the house read.

pub mod layers;
pub mod scan;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn root() -> PathBuf {
    // The manifest of this package stands one folder below.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// From the root of the workspace, with slashes.
    pub path: String,
    /// From the root of the crate, without `mod` and without the extension: `solve/lp/mod.rs` is `solve`, `lp`.
    pub module: Vec<String>,
    /// What it says.
    pub text: String,
}

impl Source {
    /// A file of this path below the folder of a crate's sources.
    pub fn new(folder: &str, below: &str, text: &str) -> Self {
        let mut module: Vec<String> = below.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            module.pop();
        }
        Self { path: format!("{folder}/{below}"), module, text: text.to_owned() }
    }
}

/// Every Rust file below a folder of the workspace, ascending by path.
///
/// # Panics
/// If the folder cannot be read.
pub fn sources(folder: &str) -> Vec<Source> {
    let home = root().join(folder);
    let mut found = Vec::new();
    let mut open = vec![home.clone()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display())) {
            let path = entry.unwrap_or_else(|error| panic!("{}: {error}", dir.display())).path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let below = path.strip_prefix(&home).unwrap_or(&path);
                let below: Vec<_> =
                    below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
                let text =
                    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                found.push(Source::new(folder, &below.join("/"), &text));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
