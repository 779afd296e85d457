//! Rows as a Parquet file, written row group by row group.
//!
//! Rows are gathered column by column until a group of them is large enough, or waited long enough, written, and forgotten; what stays of a
//! group is its entry in the file's footer, so the number of groups is bounded too.

use std::{
    io::{self, Write},
    sync::{Arc, LazyLock},
};

use parking_lot::Mutex;
use parquet::{
    basic::Compression,
    column::writer::ColumnWriter,
    data_type::ByteArray,
    errors::{ParquetError, Result as Written},
    file::{
        properties::{EnabledStatistics, WriterProperties},
        writer::SerializedFileWriter,
    },
    schema::{
        parser::parse_message_type,
        types::{ColumnPath, Type},
    },
};

use super::{
    format::Unwritable,
    row::{COLUMNS, Row},
};

/// Bytes of rows that are gathered before they are written.
const ROW_GROUP_BYTES: usize = 16 * 1024 * 1024;
/// Row groups of a file: 64 GiB of rows; their entries in the footer stay below 100 MiB of memory.
const ROW_GROUPS_MAX: usize = 4_096;

/// The columns of [`COLUMNS`] as Parquet names their types.
const SCHEMA: &str = "
message aibbar_events {
    REQUIRED BYTE_ARRAY event_id (STRING);
    REQUIRED INT64 timestamp (TIMESTAMP(NANOS,true));
    REQUIRED BYTE_ARRAY event_type (STRING);
    REQUIRED BYTE_ARRAY ai_id (STRING);
    REQUIRED BYTE_ARRAY ai_version (STRING);
    OPTIONAL BYTE_ARRAY session_id (STRING);
    OPTIONAL BYTE_ARRAY request_id (STRING);
    OPTIONAL INT64 sequence;
    REQUIRED INT64 received_at (TIMESTAMP(NANOS,true));
    REQUIRED BYTE_ARRAY api_key_id (STRING);
    REQUIRED BYTE_ARRAY key_id (STRING);
    REQUIRED BYTE_ARRAY gateway (STRING);
    REQUIRED INT64 redactions;
    REQUIRED BYTE_ARRAY event (STRING);
    REQUIRED BYTE_ARRAY record (STRING);
}";

static TYPE: LazyLock<Written<Arc<Type>>> = LazyLock::new(|| parse_message_type(SCHEMA).map(Arc::new));

/// A file in the making.
pub(super) struct ParquetFile {
    writer: SerializedFileWriter<Sink>,
    /// What the writer has written and nobody has taken yet.
    written: Sink,
    columns: Vec<Column>,
    bytes: usize,
    row_groups: usize,
}

/// The values of one column that wait for their row group.
struct Column {
    values: Values,
    /// Of an optional column: for each row 1 where there is a value, else 0.
    present: Vec<i16>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Numbers(Vec<i64>),
}

/// One value of a row.
enum Cell<'a> {
    Text(Option<&'a str>),
    Number(Option<i64>),
}

impl ParquetFile {
    pub(super) fn new() -> Result<Self, ParquetError> {
        let schema = TYPE.as_ref().map_err(|error| ParquetError::General(error.to_string()))?.clone();
        let mut properties = WriterProperties::builder()
            .set_created_by(format!("gapin {}", env!("CARGO_PKG_VERSION")))
            .set_compression(Compression::SNAPPY)
            // Of each row group, so that readers skip those of other times; per page they would pile up.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true);
        for column in ["event", "record"] {
            let column = ColumnPath::from(column);
            properties = properties
                .set_column_statistics_enabled(column.clone(), EnabledStatistics::None)
                .set_column_dictionary_enabled(column, false);
        }
        let written = Sink::default();
        let writer = SerializedFileWriter::new(written.clone(), schema, Arc::new(properties.build()))?;
        Ok(Self { writer, written, columns: Vec::new(), bytes: 0, row_groups: 0 })
    }

    /// Takes a row in; what of the file is done by now is appended to `out`.
    pub(super) fn add(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let cells = [
            Cell::Text(Some(&row.event_id)),
            Cell::Number(Some(row.timestamp.unix_ns())),
            Cell::Text(Some(row.event_type)),
            Cell::Text(Some(&row.ai_id)),
            Cell::Text(Some(&row.ai_version)),
            Cell::Text(row.session_id.as_deref()),
            Cell::Text(row.request_id.as_deref()),
            Cell::Number(row.sequence.and_then(|sequence| i64::try_from(sequence).ok())),
            Cell::Number(Some(row.received_at.unix_ns())),
            Cell::Text(Some(&row.api_key_id)),
            Cell::Text(Some(&row.key_id)),
            Cell::Text(Some(&row.gateway)),
            Cell::Number(Some(count(row.redactions))),
            Cell::Text(Some(row.event)),
            Cell::Text(Some(row.record)),
        ];
        const { assert!(COLUMNS.len() == 15, "a cell for each column") };
        if self.columns.is_empty() {
            self.columns = cells.iter().map(Column::for_cell).collect();
        }
        for (column, cell) in self.columns.iter_mut().zip(&cells) {
            self.bytes += column.push(cell);
        }
        if self.bytes >= ROW_GROUP_BYTES {
            self.press(out)?;
        }
        Ok(())
    }

    /// Appends the rows that wait, as a group of their own.
    pub(super) fn press(&mut self, out: &mut Vec<u8>) -> Result<(), Unwritable> {
        if self.bytes > 0 {
            self.write_group()?;
        }
        self.written.move_into(out);
        Ok(())
    }

    /// The rest of the file, with its footer.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Unwritable> {
        let mut out = Vec::new();
        self.press(&mut out)?;
        self.writer.finish()?;
        self.written.move_into(&mut out);
        Ok(out)
    }

    fn write_group(&mut self) -> Result<(), Unwritable> {
        if self.row_groups == ROW_GROUPS_MAX {
            return Err(Unwritable::TooManyRowGroups(ROW_GROUPS_MAX));
        }
        let mut group = self.writer.next_row_group()?;
        for column in std::mem::take(&mut self.columns) {
            let mut into = group
                .next_column()?
                .ok_or_else(|| ParquetError::General("the schema has fewer columns than a row".to_owned()))?;
            column.write(into.untyped())?;
            into.close()?;
        }
        group.close()?;
        self.writer.flush().map_err(ParquetError::from)?;
        self.row_groups += 1;
        self.bytes = 0;
        Ok(())
    }
}

impl Column {
    fn for_cell(cell: &Cell<'_>) -> Column {
        let values = match cell {
            Cell::Text(_) => Values::Texts(Vec::new()),
            Cell::Number(_) => Values::Numbers(Vec::new()),
        };
        Column { values, present: Vec::new() }
    }

    /// Answers what it takes of memory, in bytes.
    fn push(&mut self, cell: &Cell<'_>) -> usize {
        let (is_there, bytes) = match (&mut self.values, cell) {
            (Values::Texts(texts), Cell::Text(Some(text))) => {
                texts.push(ByteArray::from(text.as_bytes().to_vec()));
                (true, text.len() + size_of::<ByteArray>())
            }
            (Values::Numbers(numbers), Cell::Number(Some(number))) => {
                numbers.push(*number);
                (true, size_of::<i64>())
            }
            _ => (false, 0),
        };
        self.present.push(i16::from(is_there));
        bytes + size_of::<i16>()
    }

    fn write(&self, into: &mut ColumnWriter<'_>) -> Written<()> {
        match (into, &self.values) {
            (ColumnWriter::ByteArrayColumnWriter(into), Values::Texts(texts)) => {
                let present = (into.get_descriptor().max_def_level() > 0).then_some(self.present.as_slice());
                into.write_batch(texts, present, None)?;
            }
            (ColumnWriter::Int64ColumnWriter(into), Values::Numbers(numbers)) => {
                let present = (into.get_descriptor().max_def_level() > 0).then_some(self.present.as_slice());
                into.write_batch(numbers, present, None)?;
            }
            _ => return Err(ParquetError::General("a column is of another type in the schema".to_owned())),
        }
        Ok(())
    }
}

/// Where the writer writes to, and where it is taken from.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn move_into(&self, out: &mut Vec<u8>) {
        out.append(&mut self.0.lock());
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bytes::Bytes;
    use parquet::{
        file::reader::{FileReader as _, SerializedFileReader},
        record::Field,
    };

    use super::*;
    use crate::export::row::tests::record;

    #[test]
    fn the_schema_has_the_columns_in_order() {
        let schema = TYPE.as_ref().unwrap();
        let names: Vec<_> = schema.get_fields().iter().map(|field| field.name()).collect();
        assert_eq!(names, COLUMNS);
    }

    #[test]
    fn rows_leave_in_groups_and_read_back() {
        // Large enough for three groups.
        let filler = "x".repeat(200 * 1024);
        let records: Vec<String> =
            (0..200).map(|number| record(number, &filler, (number % 2 == 0).then_some("even"))).collect();
        let mut file = ParquetFile::new().unwrap();
        let mut out = Vec::new();
        let mut held_max = 0;
        for record in &records {
            file.add(&Row::of(record).unwrap(), &mut out).unwrap();
            held_max = held_max.max(file.bytes);
        }
        assert!(held_max < ROW_GROUP_BYTES + 512 * 1024, "{held_max} bytes were held");
        assert!(!out.is_empty(), "a group leaves before the end");
        out.extend(file.finish().unwrap());

        let reader = SerializedFileReader::new(Bytes::from(out)).unwrap();
        assert_eq!(reader.num_row_groups(), 3);
        let mut read = 0;
        for (row, text) in reader.get_row_iter(None).unwrap().zip(&records) {
            let row = row.unwrap();
            let fields: Vec<(&String, &Field)> = row.get_column_iter().collect();
            let expected = Row::of(text).unwrap();
            assert_eq!(fields[0].1, &Field::Str(expected.event_id.clone()));
            let session = expected.session_id.clone().map_or(Field::Null, Field::Str);
            assert_eq!(fields[5].1, &session);
            assert_eq!(fields[7].1, &Field::Long(7));
            assert_eq!(fields[13].1, &Field::Str(expected.event.to_owned()));
            read += 1;
        }
        assert_eq!(read, records.len());
    }

    #[test]
    fn a_file_of_no_rows_is_one() {
        let reader = SerializedFileReader::new(Bytes::from(ParquetFile::new().unwrap().finish().unwrap())).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
        assert_eq!(reader.metadata().file_metadata().schema().get_fields().len(), COLUMNS.len());
    }
}
