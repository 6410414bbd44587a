//! The files of a case: in memory, or in a folder that gets all of them or none.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::dirt::{SLOT_TYPE, slot_type, total};
use super::policy::policy;
use super::rows::{ClinicianRow, RequestRow, SessionRow, SiteRow, SlotRow, Tables};
use super::{Format, Options, parts};
use crate::error::{Error, Result};
#[cfg(feature = "parquet")]
use crate::tables::ParquetTable;
#[cfg(feature = "parquet")]
use crate::tables::schema::{CASE, Table};

/// The tables written, each with its columns.
pub const FILES: [(&str, &[&str]); 5] = [
    ("requests.csv", RequestRow::HEADER),
    ("sessions.csv", SessionRow::HEADER),
    ("slots.csv", SlotRow::HEADER),
    ("clinicians.csv", ClinicianRow::HEADER),
    ("sites.csv", SiteRow::HEADER),
];
const POLICY: &str = "policy.toml";

/// What a dirty export begins with.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Format {
    /// The file of a table that as CSV has this one.
    fn file(self, csv: &str) -> String {
        format!("{}.{}", csv.trim_end_matches(".csv"), self.as_str())
    }
}

fn failed(action: &'static str, path: &Path, reason: &dyn Display) -> Error {
    Error::Io { action, path: path.to_path_buf(), reason: reason.to_string() }
}

/// The files of a case as bytes, by name.
///
/// # Errors
/// Options that make no sense.
pub fn files(options: &Options) -> Result<BTreeMap<String, Vec<u8>>> {
    let open = |name: &str| Ok((PathBuf::from(name), Vec::new()));
    let tables = fill(options, &open, &mut |_, _| {})?;
    let mut files: BTreeMap<String, Vec<u8>> =
        tables.into_iter().zip(FILES).map(|(bytes, (name, _))| (options.format.file(name), bytes)).collect();
    files.insert(POLICY.to_owned(), policy(options).into_bytes());
    Ok(files)
}

/// Makes the case and writes its folder; progress is told as (parts done, requests so far).
///
/// The files are written to a hidden folder beside their own and moved when all are whole.
///
/// # Errors
/// Options that make no sense; a folder that is not empty, without `force`; anything the disk refuses.
pub fn write(
    options: &Options,
    folder: &Path,
    force: bool,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<()> {
    options.check()?;
    if !force && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::Argument(format!(
            "{} is not empty; give another folder, or --force to replace the case in it",
            folder.display()
        )));
    }
    let beside = match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(beside).map_err(|error| failed("cannot make", beside, &error))?;
    let draft = tempfile::Builder::new()
        .prefix(".generate-")
        .tempdir_in(beside)
        .map_err(|error| failed("cannot write in", beside, &error))?;
    let open = |name: &str| {
        let path = draft.path().join(name);
        let file = File::create(&path).map_err(|error| failed("cannot write", &path, &error))?;
        Ok((path, BufWriter::new(file)))
    };
    let names: Vec<String> = FILES.iter().map(|file| options.format.file(file.0)).collect();
    for (mut file, name) in fill(options, &open, progress)?.into_iter().zip(&names) {
        file.flush().map_err(|error| failed("cannot write", &draft.path().join(name), &error))?;
    }
    let path = draft.path().join(POLICY);
    fs::write(&path, policy(options)).map_err(|error| failed("cannot write", &path, &error))?;
    fs::create_dir_all(folder).map_err(|error| failed("cannot make", folder, &error))?;
    // A table stands in a folder once: what another format left there is of the case that is replaced.
    let others = Format::NAMES.iter().flat_map(|(_, format)| FILES.iter().map(|file| format.file(file.0)));
    for old in
        others.filter(|old| !names.contains(old)).map(|old| folder.join(old)).filter(|old| old.exists())
    {
        fs::remove_file(&old).map_err(|error| failed("cannot remove", &old, &error))?;
    }
    for name in names.iter().map(String::as_str).chain([POLICY]) {
        let target = folder.join(name);
        fs::rename(draft.path().join(name), &target)
            .map_err(|error| failed("cannot write", &target, &error))?;
    }
    Ok(())
}

/// Writes the tables part by part into what `open` gives for each name; returns them in the order of [`FILES`].
fn fill<W: Write + Send>(
    options: &Options,
    open: &dyn Fn(&str) -> Result<(PathBuf, W)>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<W>> {
    let parts = parts(options)?;
    let mut writers = Vec::with_capacity(FILES.len());
    for (name, header) in FILES {
        let (path, output) = open(&options.format.file(name))?;
        let mut header = header.to_vec();
        if options.dirty && name == FILES[0].0 {
            header.push(SLOT_TYPE);
        }
        writers.push(TableWriter::new(path, output, &header, options)?);
    }
    let (mut done, mut requests) = (0, 0);
    for part in parts {
        done += 1;
        requests += part.requests.len();
        for (writer, rows) in writers.iter_mut().zip(cells(part, options.dirty)) {
            rows.into_iter().try_for_each(|row| writer.row(&row))?;
        }
        progress(done, requests);
    }
    if let (true, Some(first)) = (options.dirty, writers.first_mut()) {
        first.row(&request_cells(total(requests), true))?;
    }
    writers.into_iter().map(TableWriter::finish).collect()
}

/// The rows of a table on their way out.
enum Rows<W: Write + Send> {
    /// As comma-separated values; with a blank line at the end where that is asked for, as a spreadsheet saves it.
    Csv(csv::Writer<W>, bool),
    #[cfg(feature = "parquet")]
    Parquet(ParquetTable<W>),
}

/// A table on its way out.
struct TableWriter<W: Write + Send> {
    path: PathBuf,
    rows: Rows<W>,
}

impl<W: Write + Send> TableWriter<W> {
    fn new(path: PathBuf, output: W, header: &[&str], options: &Options) -> Result<Self> {
        let told = |error: &dyn Display| failed("cannot write", &path, error);
        let rows = match options.format {
            Format::Csv => delimited(output, header, options.dirty).map_err(|error| told(&error))?,
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                let named = |table: &&Table| path.ends_with(table.parquet_file());
                let table = CASE.into_iter().find(named);
                let table =
                    table.ok_or_else(|| Error::Internal(format!("{} is no table", path.display())))?;
                // What cannot be read can only be written as text.
                let rows = ParquetTable::new(output, table, header, options.dirty);
                Rows::Parquet(rows.map_err(|error| told(&error))?)
            }
        };
        Ok(Self { path, rows })
    }

    fn row(&mut self, cells: &[String]) -> Result<()> {
        let path = &self.path;
        let told = |error: &dyn Display| failed("cannot write", path, error);
        match &mut self.rows {
            Rows::Csv(rows, _) => rows.write_record(cells).map_err(|error| told(&error)),
            #[cfg(feature = "parquet")]
            Rows::Parquet(rows) => rows.row(cells.iter().map(String::as_str)).map_err(|error| told(&error)),
        }
    }

    fn finish(self) -> Result<W> {
        let path = self.path;
        let told = |error: &dyn Display| failed("cannot write", &path, error);
        match self.rows {
            Rows::Csv(rows, blank) => {
                let mut output = rows.into_inner().map_err(|error| told(&error))?;
                if blank {
                    output.write_all(b"\r\n").map_err(|error| told(&error))?;
                }
                Ok(output)
            }
            #[cfg(feature = "parquet")]
            Rows::Parquet(rows) => rows.finish().map_err(|error| told(&error)),
        }
    }
}

fn delimited<W: Write + Send>(mut output: W, header: &[&str], dirty: bool) -> csv::Result<Rows<W>> {
    let mut builder = csv::WriterBuilder::new();
    if dirty {
        // As a spreadsheet saves it.
        output.write_all(BYTE_ORDER_MARK)?;
        builder.terminator(csv::Terminator::CRLF);
    }
    let mut rows = builder.from_writer(output);
    rows.write_record(header)?;
    Ok(Rows::Csv(rows, dirty))
}

fn request_cells(row: RequestRow, dirty: bool) -> Vec<String> {
    let slot_type = dirty.then(|| slot_type(&row).to_owned());
    let mut cells = row.cells();
    cells.extend(slot_type);
    cells
}

/// The rows of a part as cells, in the order of [`FILES`].
fn cells(part: Tables, dirty: bool) -> [Box<dyn Iterator<Item = Vec<String>>>; 5] {
    [
        Box::new(part.requests.into_iter().map(move |row| request_cells(row, dirty))),
        Box::new(part.sessions.into_iter().map(SessionRow::cells)),
        Box::new(part.slots.into_iter().map(SlotRow::cells)),
        Box::new(part.clinicians.into_iter().map(ClinicianRow::cells)),
        Box::new(part.sites.into_iter().map(SiteRow::cells)),
    ]
}
