//! What lies on the disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The bytes of every file under this folder, one after the other.
pub fn bytes_under(folder: &Path) -> Vec<u8> {
    // A file may go while it is looked at, as SQLite's do: then it holds nothing any more.
    files_under(folder).into_iter().flat_map(|path| fs::read(path).unwrap_or_default()).collect()
}

/// Takes the write lock of the SQLite file under this folder whose name begins so, as a backup or a person at
/// work may; it is given back when the connection is dropped.
pub fn lock_sqlite_under(folder: &Path, name_begins: &str) -> rusqlite::Connection {
    let is_the_file = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(name_begins) && [".db", ".sqlite", ".sqlite3"].iter().any(|end| name.ends_with(end))
    };
    let path = files_under(folder).into_iter().find(|path| is_the_file(path));
    let path = path.unwrap_or_else(|| panic!("no SQLite file {name_begins}* in {}", folder.display()));
    let connection = rusqlite::Connection::open(path).expect("the file can be opened");
    connection.busy_timeout(crate::WAIT_MAX).expect("SQLite can wait");
    connection.execute_batch("BEGIN IMMEDIATE").expect("the write lock comes free");
    connection
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}
