//! Running the program in a clean place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// How the program ended.
pub struct Ended {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ended {
    /// Demands an exit code; what was printed is shown where it is another.
    #[track_caller]
    pub fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        self
    }
}

/// A folder of its own for a test, removed with it.
pub struct Place(TempDir);

impl Place {
    /// An empty one.
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder to work in"))
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The program, to be run here, with nothing of the environment but the path.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rebook"));
        command.args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        command.env_clear();
        // Without it a process cannot start on some systems.
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.command(arguments))
    }

    /// Makes a small case of one practice.
    pub fn small_case(&self, name: &str, seed: u32) {
        let seed = seed.to_string();
        let arguments =
            ["generate", "--profile", "practice", "--patients", "3000", "--requests", "40", "--seed", &seed];
        self.run(&[&arguments[..], &["--out", name]].concat()).with(0);
    }
}

/// Runs a command to its end.
pub fn ended(command: &mut Command) -> Ended {
    let output = command.output().expect("the program starts");
    Ended {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A case kept with the project.
pub fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(name).display().to_string()
}

/// The files of a folder by name, hidden ones included; folders by name alone.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        found.insert(name, if path.is_dir() { Vec::new() } else { fs::read(&path).expect("a file") });
    }
    found
}

/// The files of a folder and of those in it, by name with slashes.
pub fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for (name, bytes) in files(dir) {
        let path = dir.join(&name);
        if path.is_dir() {
            found.extend(tree(&path).into_iter().map(|(inside, bytes)| (format!("{name}/{inside}"), bytes)));
        } else {
            found.insert(name, bytes);
        }
    }
    found
}

/// The files of a plan and of its desk, with the one number taken out that is a measurement.
pub fn plan(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = tree(dir);
    assert_eq!(
        found.keys().map(String::as_str).filter(|name| !name.starts_with("desk/")).collect::<Vec<_>>(),
        ["excluded.csv", "plan.csv", "summary.json", "unplaced.csv"],
        "a plan is these four files, its desk, and nothing else"
    );
    let mut summary = summary(dir);
    assert!(summary.as_object_mut().expect("an object").remove("elapsed_seconds").is_some());
    found.insert("summary.json".to_owned(), summary.to_string().into_bytes());
    found
}

/// The summary of a plan.
pub fn summary(dir: &Path) -> serde_json::Value {
    let text = fs::read_to_string(dir.join("summary.json")).expect("a summary");
    serde_json::from_str(&text).expect("JSON")
}

/// The rows of a table, the header first.
pub fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// The named columns of a table, without the header.
pub fn columns(bytes: &[u8], names: &[&str]) -> Vec<Vec<String>> {
    let rows = rows(bytes);
    let (header, rows) = rows.split_first().expect("a header");
    let at: Vec<usize> =
        names.iter().map(|name| header.iter().position(|column| column == name).expect("a column")).collect();
    rows.iter().map(|row| at.iter().map(|&at| row[at].clone()).collect()).collect()
}
