//! Writing a case folder: all of it or nothing.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use super::rows::{ClinicianRow, Part, RequestRow, SessionRow, SiteRow, SlotRow};
use super::{Options, parts};
use crate::error::{Error, Result};

/// The tables written, each with its columns.
pub const FILES: [(&str, &[&str]); 5] = [
    ("requests.csv", RequestRow::HEADER),
    ("sessions.csv", SessionRow::HEADER),
    ("slots.csv", SlotRow::HEADER),
    ("clinicians.csv", ClinicianRow::HEADER),
    ("sites.csv", SiteRow::HEADER),
];

fn failed(action: &'static str, path: &Path, reason: &dyn std::fmt::Display) -> Error {
    Error::Io { action, path: path.to_path_buf(), reason: reason.to_string() }
}

/// Makes the case and writes its folder; progress is told as (parts done, rows of requests so far).
///
/// The tables are written beside the folder and moved in when all are whole.
///
/// # Errors
/// Options that make no sense; a folder that is not empty, without `force`; anything the disk refuses.
pub fn write(
    options: &Options,
    folder: &Path,
    force: bool,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<()> {
    let parts = parts(options)?;
    if !force && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::Argument(format!(
            "{} is not empty; give another folder, or --force to replace the case in it",
            folder.display()
        )));
    }
    fs::create_dir_all(folder).map_err(|error| failed("cannot make", folder, &error))?;
    let draft = tempfile::Builder::new()
        .prefix(".generate-")
        .tempdir_in(folder)
        .map_err(|error| failed("cannot write in", folder, &error))?;
    let mut writers = Vec::with_capacity(FILES.len());
    for (name, header) in FILES {
        let path = draft.path().join(name);
        let file = File::create(&path).map_err(|error| failed("cannot write", &path, &error))?;
        let mut writer = csv::Writer::from_writer(BufWriter::new(file));
        writer.write_record(header).map_err(|error| failed("cannot write", &path, &error))?;
        writers.push((path, writer));
    }
    let (mut done, mut requests) = (0, 0);
    for part in parts {
        done += 1;
        requests += part.requests.len();
        for ((path, writer), rows) in writers.iter_mut().zip(cells(part)) {
            for row in rows {
                writer.write_record(row).map_err(|error| failed("cannot write", path, &error))?;
            }
        }
        progress(done, requests);
    }
    for (path, writer) in writers {
        let buffer = writer.into_inner().map_err(|error| failed("cannot write", &path, &error))?;
        let mut file = buffer.into_inner().map_err(|error| failed("cannot write", &path, &error))?;
        file.flush().map_err(|error| failed("cannot write", &path, &error))?;
    }
    for (name, _) in FILES {
        let target = folder.join(name);
        fs::rename(draft.path().join(name), &target)
            .map_err(|error| failed("cannot write", &target, &error))?;
    }
    Ok(())
}

/// The rows of a part as cells, in the order of [`FILES`].
fn cells(part: Part) -> [Box<dyn Iterator<Item = Vec<String>>>; 5] {
    [
        Box::new(part.requests.into_iter().map(RequestRow::cells)),
        Box::new(part.sessions.into_iter().map(SessionRow::cells)),
        Box::new(part.slots.into_iter().map(SlotRow::cells)),
        Box::new(part.clinicians.into_iter().map(ClinicianRow::cells)),
        Box::new(part.sites.into_iter().map(SiteRow::cells)),
    ]
}
