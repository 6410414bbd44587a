//! One table of a case, as far as it could be read.

#[cfg(feature = "arrow")]
use super::arrow::FrameTable;
use super::delimited::Delimited;
use super::fhir;
use super::header::{Header, Keep};
use super::log::Log;
#[cfg(feature = "parquet")]
use super::parquet::ParquetFile;
use super::schema::Table;
use super::sheet::{Progress, Row};
use super::source::Source;
use crate::issue::{Code, Issue};
use crate::model::InputFile;

/// A table as far as it could be read.
pub enum Loaded<T> {
    /// There is no such file.
    Absent,
    /// There is, and the log says what is wrong with it.
    Broken,
    /// Its rows.
    Rows(Vec<T>, Header),
}

impl<T> Loaded<T> {
    /// What was read, and of which file.
    fn of(read: Option<(InputFile, Header, Vec<T>)>, files: &mut Vec<InputFile>) -> Self {
        match read {
            None => Self::Broken,
            Some((file, header, rows)) => {
                files.push(file);
                Self::Rows(rows, header)
            }
        }
    }

    /// The rows, if the table could be read.
    pub fn rows(&self) -> Option<&[T]> {
        match self {
            Self::Rows(rows, _) => Some(rows),
            Self::Absent | Self::Broken => None,
        }
    }

    /// The rows; none if the table could not be read.
    pub fn into_rows(self) -> Vec<T> {
        match self {
            Self::Rows(rows, _) => rows,
            Self::Absent | Self::Broken => Vec::new(),
        }
    }
}

/// How the tables of a case are read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// Where they come from.
    pub source: &'a Source<'a>,
    /// The book, where it is one of FHIR.
    pub book: Option<&'a fhir::Book>,
    /// Bytes of a text file to be read at a time; the result does not depend on it.
    pub piece: usize,
    /// Who wants to know how far reading is.
    pub progress: Progress<'a>,
}

impl Reading<'_> {
    /// Opens and reads one table.
    pub fn load<T: Send>(
        &self,
        table: &'static Table,
        keep: &[String],
        log: &mut Log,
        files: &mut Vec<InputFile>,
        each: impl Fn(&Row<'_>, &mut Log) -> Option<T> + Sync,
    ) -> Loaded<T> {
        if let Some(book) = self.book.filter(|_| fhir::Book::has(table)) {
            return book.load(table, log, self.progress, each);
        }
        let keep = Keep::Named(keep);
        #[cfg(feature = "arrow")]
        if let Source::Frames(frames) = self.source {
            let Some(frame) = frames.get(table) else { return Loaded::Absent };
            let read = FrameTable { table, frame }.read(keep, log, self.progress, each);
            return Loaded::of(log.read(read), files);
        }
        let parquet = table.parquet_file();
        let text = self.source.open(table.file, log);
        let binary = self.source.open(&parquet, log);
        let read = match (text, binary) {
            (None, None) => return Loaded::Absent,
            (Some(_), Some(_)) => {
                let expected = format!("either {} or {parquet}", table.file);
                log.problems.push(Issue::new(Code::TableTwice, &parquet, expected).value("both of them"));
                None
            }
            (Some(Err(_)), None) | (None, Some(Err(_))) => None,
            (Some(Ok(input)), None) => {
                let file = Delimited { table, name: table.file, input, piece: self.piece };
                let read = file.read(keep, log, self.progress, each);
                log.read(read)
            }
            #[cfg(feature = "parquet")]
            (None, Some(Ok(input))) => {
                let file = ParquetFile { table, name: &parquet, input };
                let read = file.read(keep, log, self.progress, each);
                log.read(read)
            }
            #[cfg(not(feature = "parquet"))]
            (None, Some(Ok(_))) => {
                let issue = Issue::new(Code::ParquetUnreadable, &parquet, format!("a file {}", table.file));
                let help =
                    "This build reads CSV only: save the table as CSV UTF-8, or use a build with Parquet.";
                log.problems.push(issue.value("a Parquet file").help(help));
                None
            }
        };
        Loaded::of(read, files)
    }
}
