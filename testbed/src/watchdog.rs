//! What ends a service whose test process is gone.
//!
//! A test process may end in ways that run no destructor: `exit` with its statics alive, a panic that
//! aborts, SIGKILL. So every service has a watchdog: a shell that reads from a pipe whose other end
//! only the test process holds. Whatever ends the test process closes the pipe; the watchdog then
//! ends the service's process group and removes its folder. It sits in a process group of its own,
//! so Ctrl-C reaches it as little as the service.

use std::{
    io::Write,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

/// Reads the id of the group to end, one a line (`0`: none), and acts when the pipe closes.
/// The polite signal comes first, so that a service can give back what outlives it (shared memory).
const SCRIPT: &str = r#"
group=0
while read -r line; do group=$line; done
if [ "$group" != 0 ]; then
    kill -s "$1" -- "-$group" 2>/dev/null
    tries=0
    while kill -s 0 -- "-$group" 2>/dev/null && [ "$tries" -lt 50 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -s KILL -- "-$group" 2>/dev/null
fi
rm -rf -- "$2"
"#;

pub(crate) struct Watchdog {
    shell: Child,
    pipe: Option<ChildStdin>,
}

impl Watchdog {
    /// From now on `folder` goes when this process goes.
    pub(crate) fn over(folder: &Path, polite_signal: &str) -> Watchdog {
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "testbed-watchdog", polite_signal])
            .arg(folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("every Unix has sh(1)");
        let pipe = shell.stdin.take();
        Watchdog { shell, pipe }
    }

    /// From now on this process group goes when this process goes.
    pub(crate) fn guard(&mut self, process_group: u32) {
        self.tell(process_group);
    }

    /// The group has ended by other means, and its id may be another's soon.
    pub(crate) fn release(&mut self) {
        self.tell(0);
    }

    fn tell(&mut self, process_group: u32) {
        let pipe = self.pipe.as_mut().expect("the pipe stays open until drop");
        writeln!(pipe, "{process_group}").expect("the watchdog reads until its pipe closes");
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.shell.wait();
    }
}
