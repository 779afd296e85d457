//! A disk that is small enough to be filled.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    installed::running_as_root,
    process::{Kind, ServiceProcess},
};

/// Mounts the disk and holds it. A second one lies over the folder of shared memory, so that what a killed program
/// leaves there goes with it.
const HOLD: &str = r#"
mount -t tmpfs -o "size=$2,mode=0755" tmpfs "$1" && mount -t tmpfs tmpfs /dev/shm && echo mounted && exec sleep infinity
"#;
const MOUNTED: &str = "mounted";
const BALLAST: &str = "ballast";
const BALLAST_STEP_BYTES: usize = 64 * 1024;

/// A tmpfs of so many bytes, in a mount namespace of its own: nothing of it is left on the machine, however the test
/// ends, and what it holds outlives the processes that write there.
pub struct SmallDisk {
    holder: ServiceProcess,
    path: PathBuf,
}

impl SmallDisk {
    /// Mounts one. A machine that does not let it be mounted is a failure, with what mends it.
    pub fn mount(bytes: u64) -> SmallDisk {
        let mut holder = ServiceProcess::new(Kind { name: "disk", stop_signal: "TERM", discard_signal: "KILL" });
        let path = holder.folder().join("disk");
        fs::create_dir(&path).expect("the folder is writable");
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private"]);
        if !running_as_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["sh", "-c", HOLD, "sh"]).arg(&path).arg(bytes.to_string());
        if let Err(error) = holder.start(&mut command, |said| said.contains(MOUNTED)) {
            panic!(
                "a small disk can't be mounted here ({}); mend it by running the tests as root, or by letting users \
                 make namespaces: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
                error.log.trim()
            );
        }
        SmallDisk { holder, path }
    }

    /// Where it is, for processes that see it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is written before a program and its arguments so that it sees the disk.
    pub fn prefix(&self) -> Vec<OsString> {
        let holder = self.holder.id().expect("the holder runs as long as the disk is there");
        let mut prefix = vec!["nsenter".into(), format!("--mount=/proc/{holder}/ns/mnt").into()];
        if !running_as_root() {
            prefix.extend([format!("--user=/proc/{holder}/ns/user").into(), "--preserve-credentials".into()]);
        }
        prefix.push("--".into());
        prefix
    }

    /// The disk as this process, which does not see it, reaches it.
    pub fn from_outside(&self) -> PathBuf {
        let holder = self.holder.id().expect("the holder runs as long as the disk is there");
        let inside = self.path.strip_prefix("/").expect("the folder's path begins at the root");
        Path::new("/proc").join(holder.to_string()).join("root").join(inside)
    }

    /// Writes to it until it is full.
    pub fn fill(&self) {
        let opened = OpenOptions::new().create(true).append(true).open(self.from_outside().join(BALLAST));
        let mut file: File = opened.expect("a file can be opened there");
        let mut step = BALLAST_STEP_BYTES;
        while step > 0 {
            match file.write(&vec![0; step]) {
                Ok(_) => {}
                // The last bytes too: nothing may find room between two steps.
                Err(error) if error.kind() == ErrorKind::StorageFull => step /= 2,
                Err(error) => panic!("the disk can't be filled: {error}"),
            }
        }
    }

    /// Takes away what it was filled with.
    pub fn make_room(&self) {
        fs::remove_file(self.from_outside().join(BALLAST)).expect("it was filled");
    }
}
