//! Where the files of a case come from: a folder, or bytes in memory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;

#[cfg(feature = "arrow")]
use super::arrow::Frames;
use super::log::Log;
#[cfg(feature = "arrow")]
use super::policy;
use crate::issue::{Code, Issue};

/// The files of a case by name.
pub enum Source<'a> {
    /// The files of a folder.
    Folder(&'a Path),
    /// Bytes by file name.
    Memory(&'a BTreeMap<String, Vec<u8>>),
    /// Record batches, which are no files; a policy may be beside them.
    #[cfg(feature = "arrow")]
    Frames(&'a Frames),
}

impl Source<'_> {
    /// Opens a file; nothing where there is none. What else goes wrong is reported, and then `Some(Err)`.
    pub fn open(&self, name: &str, log: &mut Log) -> Option<Result<Box<dyn Read + Send + '_>, Reported>> {
        match self {
            Self::Memory(files) => {
                files.get(name).map(|bytes| Ok(Box::new(bytes.as_slice()) as Box<dyn Read + Send + '_>))
            }
            Self::Folder(folder) => open(&folder.join(name), name, log),
            #[cfg(feature = "arrow")]
            Self::Frames(frames) => {
                let policy = frames.policy.as_ref().filter(|_| name == policy::FILE)?;
                Some(Ok(Box::new(policy.as_bytes())))
            }
        }
    }

    /// Whether there is a file of this name.
    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::Memory(files) => files.contains_key(name),
            Self::Folder(folder) => folder.join(name).exists(),
            #[cfg(feature = "arrow")]
            Self::Frames(_) => false,
        }
    }

    /// The files in a folder beside the others, with its name before theirs, ascending.
    pub fn under(&self, folder: &str, log: &mut Log) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Self::Memory(files) => {
                let inside = |name: &&String| {
                    name.strip_prefix(folder)
                        .and_then(|rest| rest.strip_prefix('/'))
                        .is_some_and(|rest| !rest.contains('/'))
                };
                files.keys().filter(inside).cloned().collect()
            }
            Self::Folder(home) => {
                let path = home.join(folder);
                if !path.is_dir() {
                    return Vec::new();
                }
                let names = fs::read_dir(path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
                let entries = names.unwrap_or_else(|error| {
                    let issue = Issue::new(Code::NotReadable, folder, "a folder that can be read");
                    log.problems.push(issue.value(&error.to_string()));
                    Vec::new()
                });
                let names = entries.iter().filter(|entry| entry.path().is_file());
                names.filter_map(|entry| Some(format!("{folder}/{}", entry.file_name().to_str()?))).collect()
            }
            #[cfg(feature = "arrow")]
            Self::Frames(_) => Vec::new(),
        };
        names.sort();
        names
    }

    /// A file that may be meant where the one of this name is missing: `Requests.csv`, `requests.xlsx`.
    pub fn similar(&self, name: &str) -> Option<String> {
        let stem = |name: &str| name.split('.').next().unwrap_or_default().trim().to_lowercase();
        let mut names: Vec<String> = match self {
            Self::Memory(files) => files.keys().cloned().collect(),
            Self::Folder(folder) => {
                let entries = fs::read_dir(folder).into_iter().flatten().flatten();
                entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
            }
            #[cfg(feature = "arrow")]
            Self::Frames(_) => Vec::new(),
        };
        names.sort();
        names.into_iter().find(|other| stem(other) == stem(name))
    }
}

/// The problem is in the log.
#[derive(Debug)]
pub struct Reported;

/// Opens a file of the disk under the name by which issues call it.
pub fn open<'a>(
    path: &Path,
    name: &str,
    log: &mut Log,
) -> Option<Result<Box<dyn Read + Send + 'a>, Reported>> {
    let mut refuse = |value: &str| {
        log.problems.push(Issue::new(Code::NotReadable, name, "a file that can be read").value(value));
        Some(Err(Reported))
    };
    if path.is_dir() {
        return refuse("a folder of that name");
    }
    match File::open(path) {
        Ok(file) => Some(Ok(Box::new(file))),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => refuse(&error.to_string()),
    }
}
