//! A test on a disk that can be filled: the test binary runs the one test again where the disk is seen.

use std::{
    env, fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
};

use testbed::SmallDisk;

/// Set for the process that sees the disk: where it is.
const DISK: &str = "BUS_TEST_DISK";
const BALLAST: &str = "ballast";
const BALLAST_STEP_BYTES: usize = 64 * 1024;

/// The disk, for the process that sees it; otherwise runs this test on a disk of so many bytes.
pub(crate) fn on_a_disk_of(bytes: u64, test: &str) -> Option<PathBuf> {
    if let Some(disk) = env::var_os(DISK) {
        return Some(disk.into());
    }
    let disk = SmallDisk::mount(bytes);
    let mut prefix = disk.prefix().into_iter();
    let mut command = Command::new(prefix.next().unwrap());
    command.args(prefix).arg(env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]);
    let ended = command.env(DISK, disk.path()).output().unwrap();
    let said = [ended.stdout, ended.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    assert!(ended.status.success() && said[0].contains("1 passed"), "{}\n{}", said[0], said[1]);
    None
}

/// Writes to the disk until it is full, to the last byte.
pub(crate) fn fill(disk: &Path) {
    let mut file = fs::OpenOptions::new().create(true).append(true).open(disk.join(BALLAST)).unwrap();
    let mut step = BALLAST_STEP_BYTES;
    while step > 0 {
        match file.write(&vec![0; step]) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::StorageFull => step /= 2,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Takes away what it was filled with.
pub(crate) fn make_room(disk: &Path) {
    fs::remove_file(disk.join(BALLAST)).unwrap();
}
