//! Headers as bytes: for each, the length of its name, its name, the length of its value, its value.

use std::borrow::Cow;

use bytes::Bytes;

/// The bytes that stand for these headers.
pub(super) fn encode(headers: &[(Cow<'static, str>, Bytes)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(encoded_bytes(headers));
    for (name, value) in headers {
        push(&mut out, name.as_bytes());
        push(&mut out, value);
    }
    out
}

/// How many bytes that makes.
pub(super) fn encoded_bytes(headers: &[(Cow<'static, str>, Bytes)]) -> usize {
    headers.iter().map(|(name, value)| 8 + name.len() + value.len()).sum()
}

fn push(out: &mut Vec<u8>, part: &[u8]) {
    // A record is bounded to far below 4 GiB before it comes here.
    out.extend_from_slice(&(part.len() as u32).to_le_bytes());
    out.extend_from_slice(part);
}

/// The headers that these bytes stand for; `None` when they stand for none.
pub(super) fn decode(mut bytes: &[u8]) -> Option<Vec<(String, Bytes)>> {
    let mut headers = Vec::new();
    while !bytes.is_empty() {
        let name = String::from_utf8(take(&mut bytes)?.to_vec()).ok()?;
        headers.push((name, Bytes::copy_from_slice(take(&mut bytes)?)));
    }
    Some(headers)
}

fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *bytes = rest;
    Some(part)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_encoded_is_decoded() {
        let headers: Vec<(Cow<'static, str>, Bytes)> = vec![
            ("org".into(), Bytes::from_static(b"\x00\xff")),
            ("empty".into(), Bytes::new()),
            ("org".into(), "again".into()),
        ];
        let expected: Vec<_> = headers.iter().map(|(n, v)| (String::from(n.as_ref()), v.clone())).collect();
        assert_eq!(decode(&encode(&headers)).unwrap(), expected);
        assert_eq!(encode(&headers).len(), encoded_bytes(&headers));
        assert_eq!(decode(&[]).unwrap(), Vec::new());
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused_without_panic(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }
    }
}
