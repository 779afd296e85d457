//! The file in the making: records become its format, and that is compressed. Pure.

use super::{
    coding::{Coder, Coding},
    format::{Format, Unwritable, Writer},
};

/// A file that is not at its end.
pub(super) struct File {
    writer: Writer,
    coder: Coder,
}

/// Why a file can't be written on. Shows nothing of a record.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    #[error(transparent)]
    Format(#[from] Unwritable),
    #[error("it can't be compressed: {0}")]
    Coding(#[from] std::io::Error),
}

impl File {
    pub(super) fn begin(format: Format, coding: Coding) -> Result<File, FileError> {
        Ok(File { writer: format.writer()?, coder: coding.coder()? })
    }

    /// Takes these records in; answers what of the file there is by now. Formats and compression gather what is small;
    /// pressed, they let go of all that they have, so that of any record there are bytes.
    pub(super) fn add(&mut self, records: &[String], pressed: bool) -> Result<Vec<u8>, FileError> {
        let mut plain = self.writer.add(records)?;
        if pressed {
            self.writer.press(&mut plain)?;
        }
        let mut bytes = self.coder.pass(plain)?;
        if pressed {
            self.coder.press(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// The rest of the file.
    pub(super) fn finish(self) -> Result<Vec<u8>, FileError> {
        Ok(self.coder.finish(self.writer.finish()?)?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Read as _;

    use bytes::Bytes;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};

    use super::*;
    use crate::export::row::tests::record;

    const FORMATS: [(Format, Coding); 7] = [
        (Format::Ndjson, Coding::Identity),
        (Format::Ndjson, Coding::Gzip),
        (Format::Ndjson, Coding::Zstd),
        (Format::Csv, Coding::Identity),
        (Format::Csv, Coding::Gzip),
        (Format::Csv, Coding::Zstd),
        (Format::Parquet, Coding::Identity),
    ];

    fn expand(coding: Coding, bytes: &[u8]) -> Vec<u8> {
        match coding {
            Coding::Identity => bytes.to_vec(),
            Coding::Gzip => {
                let mut plain = Vec::new();
                flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
                plain
            }
            Coding::Zstd => zstd::stream::decode_all(bytes).unwrap(),
        }
    }

    fn records_in(format: Format, plain: Vec<u8>) -> usize {
        match format {
            Format::Ndjson => plain.iter().filter(|byte| **byte == b'\n').count(),
            Format::Csv => plain.windows(2).filter(|two| two == b"\r\n").count() - 1,
            Format::Parquet => {
                SerializedFileReader::new(Bytes::from(plain)).unwrap().get_row_iter(None).unwrap().count()
            }
        }
    }

    #[test]
    fn what_is_pressed_has_bytes_of_every_record_and_is_whole_at_the_end() {
        for (format, coding) in FORMATS {
            let mut file = File::begin(format, coding).unwrap();
            let mut sent = Vec::new();
            for number in 0..20 {
                let pressed = file.add(&[record(number, "little", None)], true).unwrap();
                assert!(!pressed.is_empty(), "{format:?} in {coding:?} says nothing of record {number}");
                sent.extend(pressed);
            }
            sent.extend(file.add(&[record(20, "more", None)], false).unwrap());
            sent.extend(file.finish().unwrap());
            assert_eq!(records_in(format, expand(coding, &sent)), 21, "{format:?} in {coding:?}");
        }
    }

    #[test]
    fn what_is_not_pressed_is_gathered_where_that_makes_it_smaller() {
        for (format, coding) in FORMATS.into_iter().filter(|(_, coding)| *coding != Coding::Identity) {
            let mut file = File::begin(format, coding).unwrap();
            file.add(&[record(0, "the head of gzip leaves at once", None)], true).unwrap();
            assert!(file.add(&[record(1, "little", None)], false).unwrap().is_empty(), "{format:?} in {coding:?}");
        }
    }
}
