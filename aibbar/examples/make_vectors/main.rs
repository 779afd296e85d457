//! Writes `contract/vectors/`: what every implementation of the event format agrees on.
//!
//! Always the same files; a test fails when what is committed differs from what this writes.

use std::{fs, io, path::Path};

mod vectors;

fn main() -> io::Result<()> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/vectors"));
    fs::create_dir_all(folder)?;
    for (name, text) in vectors::files() {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}
