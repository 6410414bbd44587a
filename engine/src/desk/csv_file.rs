//! A table as a file.

use crate::error::{Error, Result};
use crate::tables::OutputFile;

/// The file of this name with these columns and rows. Whoever fills a cell with a text guards it.
pub(super) fn csv_file<R: AsRef<[u8]>, C: AsRef<[u8]>>(
    name: &str,
    columns: &[R],
    rows: impl Iterator<Item = impl IntoIterator<Item = C>>,
) -> Result<OutputFile> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let broken =
        |error: &dyn std::fmt::Display| Error::Internal(format!("{name} cannot be written: {error}"));
    writer.write_record(columns).map_err(|error| broken(&error))?;
    for row in rows {
        writer.write_record(row).map_err(|error| broken(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| broken(&error))?;
    Ok(OutputFile { name: name.to_owned(), bytes })
}
