//! The files that were there when the program was built.

use std::{collections::HashMap, sync::LazyLock};

use bytes::Bytes;

use crate::{Asset, BROTLI, is_name};

static FILES: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/files.rs"));

static ASSETS: LazyLock<HashMap<&'static str, Asset>> = LazyLock::new(|| {
    let bytes: HashMap<&str, Bytes> = FILES.iter().map(|(name, bytes)| (*name, Bytes::from_static(bytes))).collect();
    let assets = FILES.iter().filter(|(name, _)| is_name(name)).map(|(name, file)| {
        let brotli = bytes.get(format!("{name}{BROTLI}").as_str()).cloned();
        (*name, Asset::new(name, Bytes::from_static(file), brotli))
    });
    assets.collect()
});

pub(crate) fn has(name: &str) -> bool {
    ASSETS.contains_key(name)
}

pub(crate) fn asset(name: &str) -> Option<Asset> {
    ASSETS.get(name).cloned()
}
