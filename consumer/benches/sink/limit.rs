//! The limit: PostgreSQL's own `COPY` of the rows that the consumer stored, into the same table in another database.

use std::path::PathBuf;

use uuid::Uuid;

use crate::system::Server;

const COLUMNS: &str = "org_id, event_id, ai_id, event_type, timestamp_ns, received_at_ns, session_id, request_id, sequence, \
     signature, event_at, event_chars, record";

pub(crate) struct Limit<'s> {
    server: &'s Server,
    folder: tempfile::TempDir,
}

impl<'s> Limit<'s> {
    pub(crate) fn new(server: &'s Server) -> Self {
        Self { server, folder: tempfile::tempdir().unwrap() }
    }

    /// Writes the rows from this id on into a file, as they lie in the table.
    pub(crate) fn take_out(&self, from: &Uuid) -> PathBuf {
        let file = self.folder.path().join("rows");
        let rows = format!("SELECT {COLUMNS} FROM aibbar_events WHERE event_id >= '{from}'");
        let copy = format!("\\copy ({rows}) to '{}' with (format binary)", file.display());
        self.server.cluster.query(&self.server.store, &copy);
        file
    }

    pub(crate) fn copy(&self, file: &std::path::Path) {
        let copy = format!("\\copy aibbar_events ({COLUMNS}) from '{}' with (format binary)", file.display());
        self.server.cluster.query(&self.server.copy, &copy);
    }
}
