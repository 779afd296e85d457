//! In a release the files of `dist` are a part of the program: this lists them for `lib.rs`. A debug build reads them
//! where they lie, so a page that was built anew needs no compiling.

use std::{env, fs, io, path::Path};

#[allow(clippy::print_stdout)]
fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=embed/build.rs");
    println!("cargo:rustc-check-cfg=cfg(embedded)");
    if variable("PROFILE")? != "release" {
        return Ok(());
    }
    let dist = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("dist");
    // A folder that is not there counts as changed: everything would be built again each time. One that can't be made
    // is no reason to fail: the program then has no dashboard, and says so.
    let _ = fs::create_dir_all(&dist);
    println!("cargo:rerun-if-changed=dist");
    println!("cargo:rustc-cfg=embedded");
    let mut files = Vec::new();
    list(&dist, "", &mut files)?;
    files.sort();
    let list: String =
        files.iter().map(|name| format!("({name:?}, include_bytes!({:?}).as_slice()),\n", dist.join(name))).collect();
    fs::write(Path::new(&variable("OUT_DIR")?).join("files.rs"), format!("[{list}]"))
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

/// Every file of the folder, by its name from `dist` on.
fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // Vite's own notes.
        if name.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            files.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}
