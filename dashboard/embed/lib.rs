//! The dashboard's page as files: what `npm run build` left in `dist`, each with its brotli form where it has one.
//!
//! In a release they are a part of the program. A debug build reads them where they lie in the checkout. This crate
//! knows nothing of HTTP, and answers for a file of `dist` or for nothing: a name has no way out of the folder.

#[cfg(embedded)]
mod embedded;

use std::{
    fs,
    hash::{DefaultHasher, Hasher as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;

/// The page itself, which every address of the dashboard shows.
pub const PAGE: &str = "index.html";

/// Files in here are named after what is in them: one that changes has another name.
const HASHED: &str = "assets/";

/// Beside `x.js` lies `x.js.br`, the same compressed.
const BROTLI: &str = ".br";

/// Folders within folders that a name may lead through.
const DEPTH_MAX: usize = 4;

/// Where the files are.
#[derive(Clone, Debug)]
pub struct Dashboard(Source);

#[derive(Clone, Debug)]
enum Source {
    Folder(Arc<Path>),
    #[cfg(embedded)]
    Program,
}

/// A file of the dashboard.
#[derive(Clone, Debug)]
pub struct Asset {
    /// What is in it.
    pub bytes: Bytes,
    /// The same compressed, where that was made.
    pub brotli: Option<Bytes>,
    /// What it is, as `Content-Type` says it.
    pub content_type: &'static str,
    /// Another as soon as anything in it is another.
    pub digest: String,
    /// Whether what is under this name is the same for ever.
    pub immutable: bool,
}

impl Dashboard {
    /// The one that was built with this program.
    #[cfg(embedded)]
    pub fn built_in() -> Self {
        Self(Source::Program)
    }

    /// The one that was built with this program.
    #[cfg(not(embedded))]
    pub fn built_in() -> Self {
        Self::in_folder(concat!(env!("CARGO_MANIFEST_DIR"), "/dist"))
    }

    /// One that lies in this folder, read anew each time.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        let folder: PathBuf = folder.into();
        Self(Source::Folder(folder.into()))
    }

    /// Whether there is one: a build without Node.js has none.
    pub fn is_there(&self) -> bool {
        self.has(PAGE)
    }

    /// Whether it has a file of this name.
    pub fn has(&self, name: &str) -> bool {
        is_name(name)
            && match &self.0 {
                Source::Folder(folder) => folder.join(name).is_file(),
                #[cfg(embedded)]
                Source::Program => embedded::has(name),
            }
    }

    /// The file of this name: `index.html`, `assets/index-B3f1.js`.
    pub fn asset(&self, name: &str) -> Option<Asset> {
        if !is_name(name) {
            return None;
        }
        match &self.0 {
            Source::Folder(folder) => {
                let read = |name: &str| fs::read(folder.join(name)).ok().map(Bytes::from);
                Some(Asset::new(name, read(name)?, read(&format!("{name}{BROTLI}"))))
            }
            #[cfg(embedded)]
            Source::Program => embedded::asset(name),
        }
    }
}

impl Asset {
    fn new(name: &str, bytes: Bytes, brotli: Option<Bytes>) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(&bytes);
        let digest = format!("{:016x}", hasher.finish());
        Self { content_type: content_type(name), immutable: name.starts_with(HASHED), bytes, brotli, digest }
    }
}

/// Whether this is the name of a file that may be asked for. No segment begins with a dot, and none holds what a path
/// could be made of.
fn is_name(name: &str) -> bool {
    let is_plain = |segment: &str| {
        !segment.is_empty()
            && !segment.starts_with('.')
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    name.split('/').count() <= DEPTH_MAX && name.split('/').all(is_plain) && !name.ends_with(BROTLI)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn built() -> (tempfile::TempDir, Dashboard) {
        let around = tempfile::tempdir().unwrap();
        let dist = around.path().join("dist");
        fs::create_dir_all(dist.join("assets")).unwrap();
        for (name, text) in [
            ("index.html", "<!doctype html>"),
            ("assets/index-B3f1.js", "let it = 1"),
            ("assets/index-B3f1.js.br", "compressed"),
            (".hidden", "secret"),
            ("../beside.txt", "secret"),
        ] {
            fs::write(dist.join(name), text).unwrap();
        }
        (around, Dashboard::in_folder(dist))
    }

    #[test]
    fn a_file_comes_with_what_is_known_of_it() {
        let (_around, dashboard) = built();
        assert!(dashboard.is_there());
        let page = dashboard.asset(PAGE).unwrap();
        assert_eq!((&page.bytes[..], page.brotli, page.immutable), (&b"<!doctype html>"[..], None, false));
        assert_eq!(page.content_type, "text/html; charset=utf-8");
        let script = dashboard.asset("assets/index-B3f1.js").unwrap();
        assert_eq!(script.brotli.as_deref(), Some(&b"compressed"[..]));
        assert!(script.immutable && script.content_type.starts_with("text/javascript"));
        assert_ne!(script.digest, page.digest);
        assert_eq!(script.digest, dashboard.asset("assets/index-B3f1.js").unwrap().digest);
    }

    #[test]
    fn nothing_but_a_file_of_the_folder_is_answered() {
        let (around, dashboard) = built();
        let absolute = around.path().join("beside.txt");
        for name in [
            "",
            "/",
            ".",
            "..",
            "../beside.txt",
            "assets/../../beside.txt",
            "assets/..%2f..%2fbeside.txt",
            "..\\beside.txt",
            ".hidden",
            "assets",
            "assets/",
            "/index.html",
            "index.html\0",
            "assets/index-B3f1.js.br",
            "missing.js",
            "a/b/c/d/e.js",
            absolute.to_str().unwrap(),
        ] {
            assert!(dashboard.asset(name).is_none() && !dashboard.has(name), "{name:?}");
        }
    }

    #[test]
    fn where_nothing_was_built_there_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!Dashboard::in_folder(folder.path()).is_there());
        assert!(!Dashboard::in_folder(folder.path().join("nowhere")).is_there());
    }
}
