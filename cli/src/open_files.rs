//! How many files and connections the system lets this process have open at once.
//!
//! A connection that comes when no file can be opened any more is the smallest loss: the log and the store open files
//! too. So the gateway takes no more connections than leave room for them.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept free for the log, the store, its connections to brokers and servers, and whatever else is opened.
const KEPT_FREE: u64 = 1_024;

/// As many connections as were wanted, or as leave room for what else is opened.
pub(crate) fn room_for(connections: usize) -> usize {
    let Some(files) = raised() else { return connections };
    let room = fitting(files);
    if (connections as u64) <= room {
        return connections;
    }
    tracing::warn!(
        wanted = connections,
        taken = room,
        open_files_max = files,
        "the system allows too few open files for as many connections as are set: raise it (ulimit -n, LimitNOFILE=), \
         or set GAPIN_CONNECTIONS_MAX lower"
    );
    usize::try_from(room).unwrap_or(connections)
}

/// Half of a limit that is too small for both.
fn fitting(files: u64) -> u64 {
    files.saturating_sub(KEPT_FREE).max(files / 2).max(1)
}

/// Raises the limit as far as this process may; `None`: there is none.
fn raised() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return limit.current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_room_for_files() {
        for (files, connections) in [(1_048_576, 1_047_552), (20_000, 18_976), (1_024, 512), (1, 1)] {
            assert_eq!(fitting(files), connections, "{files}");
        }
    }
}
