//! A batch as it is sent: signed, one event on each line, compressed.

use std::io::Write as _;

use aibbar::Signer;
use bytes::Bytes;
use flate2::write::GzEncoder;
#[cfg(feature = "zstd")]
use parking_lot::Mutex;

use super::super::{
    Compression,
    queue::{Entry, SIGNATURE_BYTES},
};

/// The cheapest: batches are many small likenesses, which every level finds.
const GZIP_LEVEL: u32 = 1;

pub(in crate::recorder) struct Prepared {
    pub(in crate::recorder) entries: Vec<Entry>,
    pub(super) body: Bytes,
    pub(super) encoding: Option<&'static str>,
}

/// Needs nothing but the secret, so it can be at work while another batch is under way.
pub(in crate::recorder) struct Preparer {
    signer: Signer,
    compression: Compression,
    compress_bytes_min: usize,
    /// Made once: its tables cost more than a small batch.
    #[cfg(feature = "zstd")]
    zstd: Mutex<Option<zstd::bulk::Compressor<'static>>>,
}

impl Preparer {
    pub(in crate::recorder) fn new(signer: Signer, compression: Compression, compress_bytes_min: usize) -> Self {
        Self {
            signer,
            compression,
            compress_bytes_min,
            #[cfg(feature = "zstd")]
            zstd: Mutex::new(zstd::bulk::Compressor::new(ZSTD_LEVEL).ok()),
        }
    }

    pub(in crate::recorder) fn prepare(&self, entries: Vec<Entry>) -> Prepared {
        let bytes = entries.iter().map(|entry| entry.payload.len() + SIGNATURE_BYTES).sum();
        let mut lines = Vec::with_capacity(bytes);
        for entry in &entries {
            if entry.is_signed() {
                lines.extend_from_slice(&entry.payload);
                lines.push(b'\n');
            } else {
                self.write_signed(&mut lines, &entry.payload);
            }
        }
        lines.pop();
        let (body, encoding) = self.compressed(lines);
        Prepared { entries, body: body.into(), encoding }
    }

    fn write_signed(&self, out: &mut Vec<u8>, canonical: &[u8]) {
        let mut hex = [0; 64];
        let signature = self.signer.sign(canonical);
        // Without the brace at the end. Of a damaged file there may be nothing, which the gateway refuses.
        out.extend_from_slice(canonical.split_last().map_or(canonical, |(_, open)| open));
        out.extend_from_slice(br#","signature":""#);
        // 32 bytes are 64 digits.
        if hex::encode_to_slice(signature.0, &mut hex).is_ok() {
            out.extend_from_slice(&hex);
        }
        out.extend_from_slice(b"\"}\n");
    }

    fn compressed(&self, lines: Vec<u8>) -> (Vec<u8>, Option<&'static str>) {
        if lines.len() < self.compress_bytes_min {
            return (lines, None);
        }
        let compressed = match self.compression {
            Compression::None => return (lines, None),
            Compression::Gzip => gzip(&lines).map(|body| (body, Some("gzip"))),
            #[cfg(feature = "zstd")]
            Compression::Zstd => match &mut *self.zstd.lock() {
                Some(zstd) => zstd.compress(&lines).map(|body| (body, Some("zstd"))),
                None => return (lines, None),
            },
        };
        // Memory is all that it could lack; plain is as right.
        compressed.unwrap_or((lines, None))
    }
}

#[cfg(feature = "zstd")]
const ZSTD_LEVEL: i32 = 1;

fn gzip(lines: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(lines.len() / 4), flate2::Compression::new(GZIP_LEVEL));
    encoder.write_all(lines)?;
    encoder.finish()
}
