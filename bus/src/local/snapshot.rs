//! A copy of a folder's log as it is at one moment, made beside whoever has it open.

use std::path::{Path, PathBuf};

use super::file::{open_to_read, path};
use crate::LogError;

/// Writes the log of this folder, as it is now, into another folder that has none, and answers with the file; `None`
/// where there is no log. Only reads the one, also while another process appends to it; blocks on the disk. The file is
/// whole once this answers, and not yet synced.
///
/// The copy is made by one read of one moment (`VACUUM INTO`): one by SQLite's backup API begins anew with each append
/// of another process, and under load never ends.
///
/// # Errors
/// [`LogError::Unavailable`] when either can't be used.
pub fn copy_folder(dir: &Path, into: &Path) -> Result<Option<PathBuf>, LogError> {
    let (from, to) = (path(dir), path(into));
    if !from.exists() {
        return Ok(None);
    }
    let shown = to.to_string_lossy();
    open_to_read(&from)?
        .execute("VACUUM INTO ?1", (&shown,))
        .map_err(|error| LogError::Unavailable(format!("{} can't be copied to {shown}: {error}", from.display())))?;
    Ok(Some(to))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{
        EventLog, NewRecord, TopicSpec,
        local::{LocalLog, LocalSettings, peek_folder},
    };

    #[tokio::test]
    async fn a_copy_is_of_one_moment_and_a_log_like_any_other() {
        let (dir, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let settings = LocalSettings { gives_back_disk: true, ..LocalSettings::default() };
        let log = LocalLog::open(dir.path(), settings.clone()).unwrap();
        log.ensure_topic(&TopicSpec { name: "t".into(), partitions: 2, retention: None, compacted: false })
            .await
            .unwrap();
        let append = async |log: &LocalLog, text: &'static str| {
            let record = NewRecord { key: "k".into(), payload: text.into(), headers: Vec::new() };
            for outcome in log.append("t", vec![record]).await {
                outcome.unwrap();
            }
        };
        append(&log, "before").await;
        assert!(copy_folder(dir.path(), into.path()).unwrap().is_some_and(|file| file.exists()));
        append(&log, "after").await;

        let read = |dir: &Path| {
            let mut payloads = Vec::new();
            peek_folder(dir, "t", |record| payloads.push(record.payload.to_vec())).unwrap();
            payloads
        };
        assert_eq!(read(into.path()), [b"before".to_vec()]);
        let copy = LocalLog::open(into.path(), settings).unwrap();
        append(&copy, "later").await;
        assert_eq!(read(into.path()), [b"before".to_vec(), b"later".to_vec()]);
        assert_eq!(read(dir.path()), [b"before".to_vec(), b"after".to_vec()]);
    }

    #[test]
    fn where_no_log_is_there_is_none_to_copy_and_what_is_there_is_not_written_over() {
        let (dir, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        assert_eq!(copy_folder(dir.path(), into.path()).unwrap(), None);
        drop(LocalLog::open(dir.path(), LocalSettings::default()).unwrap());
        copy_folder(dir.path(), into.path()).unwrap().unwrap();
        assert!(copy_folder(dir.path(), into.path()).unwrap_err().to_string().contains("exists"));
    }
}
