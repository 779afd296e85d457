//! The compression of an export on its way, as the client wishes it.

use std::io::{self, Write};

use actix_web::{
    HttpRequest,
    http::header::{AcceptEncoding, Encoding, Header as _},
};
use flate2::{Compression, write::GzEncoder};

/// zstd's own default; its memory at this level is a few MiB, whatever the length.
const ZSTD_LEVEL: i32 = 3;

/// The content codings of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Zstd,
}

/// What passes through, compressed.
pub(super) enum Coder {
    Identity,
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Coding {
    /// What the client asks for; nothing where it does not ask, or for what there is not.
    pub(super) fn for_client(request: &HttpRequest) -> Coding {
        let supported = [Encoding::identity(), Encoding::gzip(), Encoding::zstd()];
        let wished = AcceptEncoding::parse(request).ok().and_then(|accepted| accepted.negotiate(supported.iter()));
        match wished {
            Some(wished) if wished == Encoding::gzip() => Coding::Gzip,
            Some(wished) if wished == Encoding::zstd() => Coding::Zstd,
            _ => Coding::Identity,
        }
    }

    /// As `Content-Encoding` says it.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Coding::Identity => None,
            Coding::Gzip => Some("gzip"),
            Coding::Zstd => Some("zstd"),
        }
    }

    pub(super) fn coder(self) -> io::Result<Coder> {
        Ok(match self {
            Coding::Identity => Coder::Identity,
            Coding::Gzip => Coder::Gzip(GzEncoder::new(Vec::new(), Compression::fast())),
            Coding::Zstd => Coder::Zstd(zstd::stream::write::Encoder::new(Vec::new(), ZSTD_LEVEL)?),
        })
    }
}

impl Coder {
    /// What can be sent of it by now.
    pub(super) fn pass(&mut self, plain: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Coder::Identity => Ok(plain),
            Coder::Gzip(encoder) => {
                encoder.write_all(&plain)?;
                Ok(std::mem::take(encoder.get_mut()))
            }
            Coder::Zstd(encoder) => {
                encoder.write_all(&plain)?;
                Ok(std::mem::take(encoder.get_mut()))
            }
        }
    }

    /// Appends all that passed through and was not sent yet.
    pub(super) fn press(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Coder::Identity => {}
            Coder::Gzip(encoder) => {
                encoder.flush()?;
                out.append(encoder.get_mut());
            }
            Coder::Zstd(encoder) => {
                encoder.flush()?;
                out.append(encoder.get_mut());
            }
        }
        Ok(())
    }

    /// The rest of it.
    pub(super) fn finish(self, plain: Vec<u8>) -> io::Result<Vec<u8>> {
        match self {
            Coder::Identity => Ok(plain),
            Coder::Gzip(mut encoder) => {
                encoder.write_all(&plain)?;
                encoder.finish()
            }
            Coder::Zstd(mut encoder) => {
                encoder.write_all(&plain)?;
                encoder.finish()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Read as _;

    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_client_chooses() {
        for (accepted, expected) in [
            ("gzip", Coding::Gzip),
            ("zstd", Coding::Zstd),
            ("gzip;q=0.5, zstd", Coding::Zstd),
            ("br", Coding::Identity),
            ("identity", Coding::Identity),
            ("gzip;q=0", Coding::Identity),
        ] {
            let request = TestRequest::default().insert_header(("accept-encoding", accepted)).to_http_request();
            assert_eq!(Coding::for_client(&request), expected, "{accepted}");
        }
        assert_eq!(Coding::for_client(&TestRequest::default().to_http_request()), Coding::Identity);
    }

    #[test]
    fn what_passes_through_reads_back() {
        for coding in [Coding::Identity, Coding::Gzip, Coding::Zstd] {
            let mut coder = coding.coder().unwrap();
            let mut sent = Vec::new();
            for number in 0..1_000 {
                sent.extend(coder.pass(format!("line {number}\n").into_bytes()).unwrap());
            }
            sent.extend(coder.finish(b"end".to_vec()).unwrap());
            let mut read = String::new();
            match coding {
                Coding::Identity => read = String::from_utf8(sent).unwrap(),
                Coding::Gzip => assert!(flate2::read::GzDecoder::new(&sent[..]).read_to_string(&mut read).unwrap() > 0),
                Coding::Zstd => read = String::from_utf8(zstd::stream::decode_all(&sent[..]).unwrap()).unwrap(),
            }
            assert!(read.starts_with("line 0\n") && read.ends_with("line 999\nend"), "{coding:?}");
        }
    }
}
