//! Finds the binary under test.

use std::{env, path::PathBuf};

/// `GAPIN_BIN`, or the `gapin` that was built in the same profile and folder as this test.
pub fn gapin_path() -> PathBuf {
    if let Some(path) = env::var_os("GAPIN_BIN") {
        let path = PathBuf::from(path);
        assert!(path.is_file(), "GAPIN_BIN names no file: {}", path.display());
        return path;
    }
    let test = env::current_exe().expect("a test knows its own path");
    let built = test.ancestors().nth(2).expect("tests lie in target/<profile>/deps").join("gapin");
    assert!(
        built.is_file(),
        "there is no {}; mend it with: cargo build --workspace --exclude gapin-sdk --bins --tests",
        built.display()
    );
    built
}
