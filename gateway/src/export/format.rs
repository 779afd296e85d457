//! The formats of an export, and what writes them page by page. Pure.

use aibbar::NotARecord;
use parquet::errors::ParquetError;

use super::{csv, parquet_file::ParquetFile, row::Row};

/// The formats there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Ndjson,
    Csv,
    Parquet,
}

impl Format {
    pub(super) fn parse(text: &str) -> Option<Format> {
        match text {
            "ndjson" => Some(Format::Ndjson),
            "csv" => Some(Format::Csv),
            "parquet" => Some(Format::Parquet),
            _ => None,
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Format::Ndjson => "application/x-ndjson",
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// A name to save it under.
    pub(super) fn disposition(self) -> &'static str {
        match self {
            Format::Ndjson => "attachment; filename=\"aibbar-events.ndjson\"",
            Format::Csv => "attachment; filename=\"aibbar-events.csv\"",
            Format::Parquet => "attachment; filename=\"aibbar-events.parquet\"",
        }
    }

    /// Whether it is compressed by itself, so that doing it again is for nothing.
    pub(super) fn is_compressed(self) -> bool {
        self == Format::Parquet
    }

    pub(super) fn writer(self) -> Result<Writer, Unwritable> {
        Ok(match self {
            Format::Ndjson => Writer::Ndjson,
            Format::Csv => Writer::Csv { has_head: false },
            Format::Parquet => Writer::Parquet(Box::new(ParquetFile::new()?)),
        })
    }
}

/// What makes one format of records.
pub(super) enum Writer {
    Ndjson,
    Csv { has_head: bool },
    Parquet(Box<ParquetFile>),
}

/// Why an export can't go on. Shows nothing of a record.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritable {
    #[error("what is stored is {0}")]
    Record(#[from] NotARecord),
    #[error("Parquet can't be written: {0}")]
    Parquet(#[from] ParquetError),
    #[error("the file has {0} row groups, as many as one may have; export a shorter time at once")]
    TooManyRowGroups(usize),
}

impl Writer {
    /// Takes these records in; answers what of the file there is by now.
    pub(super) fn add(&mut self, records: &[String]) -> Result<Vec<u8>, Unwritable> {
        let mut out = Vec::new();
        match self {
            Writer::Ndjson => {
                out.reserve(records.iter().map(|record| record.len() + 1).sum());
                for record in records {
                    out.extend_from_slice(record.as_bytes());
                    out.push(b'\n');
                }
            }
            Writer::Csv { has_head } => {
                if !std::mem::replace(has_head, true) {
                    csv::head(&mut out);
                }
                for record in records {
                    csv::row(&mut out, &Row::of(record)?);
                }
            }
            Writer::Parquet(file) => {
                for record in records {
                    file.add(&Row::of(record)?, &mut out)?;
                }
            }
        }
        Ok(out)
    }

    /// Appends what was taken in and waits for more to be written with.
    pub(super) fn press(&mut self, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        match self {
            Writer::Parquet(file) => file.press(out),
            Writer::Ndjson | Writer::Csv { .. } => Ok(()),
        }
    }

    /// The rest of the file.
    pub(super) fn finish(self) -> Result<Vec<u8>, Unwritable> {
        match self {
            Writer::Parquet(file) => file.finish(),
            Writer::Csv { has_head: false } => {
                let mut out = Vec::new();
                csv::head(&mut out);
                Ok(out)
            }
            Writer::Ndjson | Writer::Csv { .. } => Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::export::row::tests::record;

    #[test]
    fn lines_are_the_records_as_they_are() {
        let records = [record(1, "a", None), record(2, "b", None)];
        let mut writer = Format::Ndjson.writer().unwrap();
        let mut out = writer.add(&records[..1]).unwrap();
        out.extend(writer.add(&records[1..]).unwrap());
        out.extend(writer.finish().unwrap());
        assert_eq!(String::from_utf8(out).unwrap(), format!("{}\n{}\n", records[0], records[1]));
    }

    #[test]
    fn a_head_stands_once_even_over_nothing() {
        let mut writer = Format::Csv.writer().unwrap();
        let mut out = writer.add(&[record(1, "a", None)]).unwrap();
        out.extend(writer.add(&[record(2, "b", None)]).unwrap());
        out.extend(writer.finish().unwrap());
        let csv = String::from_utf8(out).unwrap();
        assert_eq!((csv.matches("event_id,timestamp").count(), csv.matches("\r\n").count()), (1, 3));
        let empty = Format::Csv.writer().unwrap().finish().unwrap();
        assert!(empty.starts_with(b"event_id,timestamp"));
    }
}
