//! What an earlier run left on the desk: calendars and transactions go on from there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::error::{Error, Result};

/// Files of an earlier run, by their name in its folder, with slashes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Earlier {
    files: BTreeMap<String, Vec<u8>>,
    /// Whether they were made from the very plan that is on the desk now.
    pub same_plan: bool,
}

/// What a later run reads of an earlier one: a file, or the files of a folder.
const READ: &[&str] = &["calendars", "messages/pool.csv", "sheets/written-to.csv", "transactions.csv"];

impl Earlier {
    /// What is read of the folder of an earlier run; nothing where there is none.
    ///
    /// # Errors
    /// [`Error::Io`] where a file is there and cannot be read.
    pub fn read(dir: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        for name in READ {
            let path = dir.join(name);
            if path.is_file() {
                files.insert((*name).to_owned(), bytes(&path)?);
            } else if path.is_dir() {
                let failed = |error: std::io::Error| refused(&path, &error);
                for entry in fs::read_dir(&path).map_err(failed)? {
                    let entry = entry.map_err(failed)?;
                    if let (true, Ok(own)) = (entry.path().is_file(), entry.file_name().into_string()) {
                        files.insert(format!("{name}/{own}"), bytes(&entry.path())?);
                    }
                }
            }
        }
        Ok(Self { files, same_plan: false })
    }

    /// The same from bytes in memory.
    pub fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        Self { files: files.into_iter().collect(), same_plan: false }
    }

    /// A file, where it was there.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// The files of a folder with their names in it, ascending.
    pub fn under<'e>(&'e self, folder: &'e str) -> impl Iterator<Item = (&'e str, &'e [u8])> {
        let inside = move |name: &'e str| name.strip_prefix(folder)?.strip_prefix('/');
        self.files.iter().filter_map(move |(name, bytes)| Some((inside(name)?, bytes.as_slice())))
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| refused(path, &error))
}

fn refused(path: &Path, error: &std::io::Error) -> Error {
    Error::Io { action: "cannot read", path: path.to_owned(), reason: error.to_string() }
}
