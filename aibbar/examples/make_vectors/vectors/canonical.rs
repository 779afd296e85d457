//! JSON texts and their canonical form.

use aibbar::{canonical, json};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Canonical {
    name: &'static str,
    why: &'static str,
    json: String,
    canonical: String,
}

fn pair(name: &'static str, why: &'static str, text: &str) -> Canonical {
    let value = json::parse(text.as_bytes()).expect("a canonical vector is JSON");
    let canonical = String::from_utf8(canonical::to_vec(&value)).expect("the canonical form is UTF-8");
    Canonical { name, why, json: text.to_owned(), canonical }
}

pub(super) fn all() -> Vec<Canonical> {
    vec![
        pair("literals", "no white space is left", " [ null , true , false , { } , [ ] , \"\" ] "),
        pair(
            "order-ascii",
            "members by UTF-16 unit: digits, upper case, lower case",
            r#"{"b":1,"a":2,"B":3,"10":4,"9":5,"":6,"_":7,"aa":8}"#,
        ),
        pair(
            "order-surrogates",
            "U+1F600 (D83D DE00) before U+FB33, though after it in UTF-8 and by code point",
            r#"{"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"\u0080":4}"#,
        ),
        pair(
            "order-prefix",
            "a name before every longer one that begins with it, a NUL before all others",
            r#"{"ab":1,"a":2,"a\u0000":3}"#,
        ),
        pair("order-inside", "at every depth, also inside arrays", r#"[{"b":{"d":1,"c":2},"a":[{"f":1,"e":2}]}]"#),
        pair("order-numeric-names", "names that look like array indices are sorted as text", r#"{"2":1,"10":2,"1":3}"#),
        pair(
            "escapes-needed",
            "the short escapes where there are any, \\u00xx in lower case elsewhere",
            r#""\u0000\u0001\u0008\u0009\u000a\u000b\u000c\u000d\u001b\u001f\u0022\u005c""#,
        ),
        pair(
            "escapes-not-needed",
            "everything else stands for itself",
            r#""\/\u007f\u0080\u00e9\u2028\u2029\ufeff\uffff\ud83d\ude00""#,
        ),
        pair("not-normalised", "combining characters are left as they are", r#"["\u00e9","e\u0301"]"#),
        pair("integers", "integers as they are; minus zero is zero", "[0,-0,1,-1,9007199254740991,-9007199254740991]"),
        pair(
            "doubles-that-are-integers",
            "no point and no exponent below 1e21",
            "[1.0,-0.0,1e2,1E20,123456789012345680000.0,999999999999999900000.0]",
        ),
        pair("doubles-large", "an exponent with its sign from 1e21", "[1e21,1.5e+22,1.7976931348623157e308]"),
        pair(
            "doubles-small",
            "an exponent below 1e-6",
            "[0.000001,1.5e-6,1e-7,1.25e-7,5e-324,2.2250738585072014e-308]",
        ),
        pair(
            "doubles-shortest",
            "the fewest digits that read back as the same double",
            "[0.1,0.30000000000000004,333333333.33333329,1e-999,9007199254740993.0,4.50,2e-3]",
        ),
        pair(
            "doubles-tie",
            "of two equally near decimals the even one",
            "[1424953923781206.25,5e-324,9007199254740992.5,4503599627370497.5,2251799813685248.25,2251799813685248.75]",
        ),
        pair(
            "doubles-powers-of-two",
            "where the doubles below lie closer than those above",
            "[9.5367431640625e-7,1.8446744073709552e19,4.4501477170144023e-308,9.007199254740993e15]",
        ),
    ]
}
