//! Objects, their canonical form without `signature`, and their signature.

use aibbar::{Signature, SigningSecret, canonical};
use serde::Serialize;

use super::{SECRET, object, query_with};

#[derive(Serialize)]
pub(super) struct Signed {
    name: &'static str,
    why: &'static str,
    secret: String,
    json: String,
    canonical: String,
    signature: String,
}

fn signed(name: &'static str, why: &'static str, secret: &str, json: &str) -> Signed {
    let object = object(json);
    let canonical = canonical::to_vec_without(&object, "signature");
    Signed {
        name,
        why,
        secret: secret.to_owned(),
        json: json.to_owned(),
        canonical: String::from_utf8(canonical).expect("the canonical form is UTF-8"),
        signature: Signature::of(&object, &SigningSecret::new(secret)).to_string(),
    }
}

pub(super) fn all() -> Vec<Signed> {
    let event = query_with(r#","query":{"prompt":"hi"}"#);
    vec![
        signed("event", "a whole event", SECRET, &event),
        signed("empty-object", "the least that can be signed", SECRET, "{}"),
        signed("without-signature", "an event not signed yet", SECRET, r#"{"b":1,"a":2}"#),
        signed(
            "with-signature",
            "the same signature: the member is left out, whatever it holds",
            SECRET,
            r#"{"b":1,"signature":{"x":[1]},"a":2}"#,
        ),
        signed(
            "signature-inside",
            "only the outermost member of that name is left out",
            SECRET,
            r#"{"b":{"signature":1},"signature":2}"#,
        ),
        signed(
            "signature-algorithm",
            "signature_algorithm is signed",
            SECRET,
            r#"{"signature":"","signature_algorithm":"HMAC-SHA256"}"#,
        ),
        signed("signature-escaped", "the name is what it stands for", SECRET, r#"{"a":1,"signatur\u0065":2}"#),
        signed("secret-hex", "a secret that looks like hex is not decoded", "00112233445566778899aabbccddeeff", &event),
        signed("secret-base64", "nor one that looks like Base64", "bm90LWEtc2VjcmV0", &event),
        signed("secret-unicode", "a secret is its UTF-8 bytes", "nicht-geheim-é-😀", &event),
        signed("secret-white-space", "nothing is trimmed", " not a secret\n", &event),
        signed("secret-64-bytes", "as long as a block of SHA-256", &"k".repeat(64), &event),
        signed("secret-65-bytes", "longer than a block: HMAC hashes it first", &"k".repeat(65), &event),
        signed("secret-1-byte", "short", "k", &event),
        signed(
            "numbers",
            "numbers are signed as ECMAScript writes them",
            SECRET,
            r#"{"n":[1.0,-0,1E22,1e20,1e-7,1424953923781206.25]}"#,
        ),
        signed("order", "members are signed in the order of their UTF-16 units", SECRET, "{\"\u{fb33}\":1,\"😀\":2}"),
    ]
}
