//! Expands compressed bodies, never beyond a bound: a bomb of zeros costs what the bound costs.
//!
//! The readers pull: each step fills one buffer of fixed size, for which room was asked before, so
//! that what is held never exceeds what was granted, whatever the input claims.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Window sizes up to 8 MiB, RFC 9659's bound for the web.
const ZSTD_WINDOW_LOG_MAX: u32 = 23;

/// What one step adds at most.
const STEP_BYTES: usize = 64 * 1024;

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// Why it was not expanded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ExpandError {
    /// It would be larger than the bound.
    TooLarge,
    /// It is not what it says, or it ends early.
    Damaged,
    /// There is no room for it now.
    NoRoom,
}

/// What `compressed` expands to, when that is at most `bytes_max`. `grant` is asked before each
/// step whether so many bytes in all may be held.
pub(super) fn expand(
    encoding: Encoding,
    compressed: &[u8],
    bytes_max: usize,
    grant: impl FnMut(usize) -> bool,
) -> Result<Vec<u8>, ExpandError> {
    match encoding {
        Encoding::Gzip => pull(MultiGzDecoder::new(compressed), bytes_max, grant),
        Encoding::Deflate if has_zlib_header(compressed) => pull(ZlibDecoder::new(compressed), bytes_max, grant),
        // RFC 9110 means zlib by "deflate"; some clients send it bare all the same.
        Encoding::Deflate => pull(DeflateDecoder::new(compressed), bytes_max, grant),
        Encoding::Brotli => pull(brotli_decompressor::Decompressor::new(compressed, 4096), bytes_max, grant),
        Encoding::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(compressed).map_err(|_| ExpandError::Damaged)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX).map_err(|_| ExpandError::Damaged)?;
            pull(decoder, bytes_max, grant)
        }
    }
}

fn pull(mut reader: impl Read, bytes_max: usize, mut grant: impl FnMut(usize) -> bool) -> Result<Vec<u8>, ExpandError> {
    let mut expanded = Vec::new();
    loop {
        if !grant(expanded.len() + STEP_BYTES) {
            return Err(ExpandError::NoRoom);
        }
        let step =
            (&mut reader).take(STEP_BYTES as u64).read_to_end(&mut expanded).map_err(|_| ExpandError::Damaged)?;
        if expanded.len() > bytes_max {
            return Err(ExpandError::TooLarge);
        }
        if step < STEP_BYTES {
            return Ok(expanded);
        }
    }
}

/// RFC 1950: method 8, and the two bytes a multiple of 31.
fn has_zlib_header(bytes: &[u8]) -> bool {
    match bytes {
        [cmf, flg, ..] => cmf & 0x0f == 8 && (u16::from(*cmf) << 8 | u16::from(*flg)) % 31 == 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;

    use super::*;

    const MIB: usize = 1024 * 1024;

    fn granted(encoding: Encoding, compressed: &[u8], bytes_max: usize) -> Result<Vec<u8>, ExpandError> {
        expand(encoding, compressed, bytes_max, |_| true)
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut w = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        w.write_all(plain).unwrap();
        w.finish().unwrap()
    }

    fn zlib(plain: &[u8]) -> Vec<u8> {
        let mut w = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        w.write_all(plain).unwrap();
        w.finish().unwrap()
    }

    fn deflate(plain: &[u8]) -> Vec<u8> {
        let mut w = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        w.write_all(plain).unwrap();
        w.finish().unwrap()
    }

    /// The empty stream, and `hello` as brotli's own tool writes it.
    const BROTLI_HELLO: &[u8] = &[0x0b, 0x02, 0x80, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x03];

    #[test]
    fn each_encoding_gives_back_what_went_in() {
        let plain = br#"{"event_type":"ai.query"}"#.repeat(100);
        for (encoding, compressed) in [
            (Encoding::Gzip, gzip(&plain)),
            (Encoding::Deflate, zlib(&plain)),
            (Encoding::Deflate, deflate(&plain)),
            (Encoding::Zstd, zstd::encode_all(plain.as_slice(), 3).unwrap()),
        ] {
            assert_eq!(granted(encoding, &compressed, plain.len()).as_deref(), Ok(plain.as_slice()), "{encoding:?}");
        }
        assert_eq!(granted(Encoding::Brotli, BROTLI_HELLO, 5).as_deref(), Ok(b"hello".as_slice()));
    }

    #[test]
    fn a_bomb_stops_at_the_bound() {
        let zeros = vec![0; 64 * MIB];
        for (encoding, bomb) in [
            (Encoding::Gzip, gzip(&zeros)),
            (Encoding::Deflate, zlib(&zeros)),
            (Encoding::Zstd, zstd::encode_all(zeros.as_slice(), 19).unwrap()),
        ] {
            assert!(bomb.len() < MIB);
            assert_eq!(granted(encoding, &bomb, MIB), Err(ExpandError::TooLarge), "{encoding:?}");
        }
        assert_eq!(granted(Encoding::Brotli, BROTLI_HELLO, 4), Err(ExpandError::TooLarge));
    }

    #[test]
    fn one_byte_over_the_bound_is_too_large_and_the_bound_itself_is_not() {
        let compressed = gzip(&[7; 1000]);
        assert_eq!(granted(Encoding::Gzip, &compressed, 999), Err(ExpandError::TooLarge));
        assert!(granted(Encoding::Gzip, &compressed, 1000).is_ok());
    }

    #[test]
    fn damage_and_early_ends_are_told() {
        let plain = b"some words that are long enough to be cut somewhere".repeat(50);
        for (encoding, compressed) in [
            (Encoding::Gzip, gzip(&plain)),
            (Encoding::Deflate, zlib(&plain)),
            (Encoding::Zstd, zstd::encode_all(plain.as_slice(), 3).unwrap()),
            (Encoding::Brotli, BROTLI_HELLO.to_vec()),
        ] {
            let cut = &compressed[..compressed.len() / 2];
            assert_eq!(granted(encoding, cut, MIB), Err(ExpandError::Damaged), "{encoding:?} cut short");
            assert_eq!(granted(encoding, b"\xff\xffplain", MIB), Err(ExpandError::Damaged), "{encoding:?} plain");
        }
    }

    #[test]
    fn a_bomb_never_holds_more_than_was_granted() {
        let bomb = gzip(&vec![0; 64 * MIB]);
        let mut asked_max = 0;
        let result = expand(Encoding::Gzip, &bomb, 64 * MIB, |bytes| {
            asked_max = bytes;
            bytes <= MIB
        });
        assert_eq!(result, Err(ExpandError::NoRoom));
        assert!(asked_max <= MIB + STEP_BYTES);
    }
}
