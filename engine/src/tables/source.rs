//! Where the files of a case come from: a folder, or bytes in memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::sheet::Log;
use crate::issue::{Code, Issue};

/// The files of a case by name.
pub enum Source<'a> {
    /// The files of a folder.
    Folder(&'a Path),
    /// Bytes by file name.
    Memory(&'a BTreeMap<String, Vec<u8>>),
}

impl Source<'_> {
    /// Opens a file; nothing where there is none. What else goes wrong is reported, and then `Some(Err)`.
    pub fn open(&self, name: &str, log: &mut Log) -> Option<Result<Box<dyn Read + '_>, Reported>> {
        match self {
            Self::Memory(files) => {
                files.get(name).map(|bytes| Ok(Box::new(bytes.as_slice()) as Box<dyn Read + '_>))
            }
            Self::Folder(folder) => open(&folder.join(name), name, log),
        }
    }
}

/// The problem is in the log.
#[derive(Debug)]
pub struct Reported;

/// Opens a file of the disk under the name by which issues call it.
pub fn open<'a>(path: &Path, name: &str, log: &mut Log) -> Option<Result<Box<dyn Read + 'a>, Reported>> {
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
