//! A file of the dashboard as an answer: what browsers may keep of it and for how long, and what its page may do.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{
            AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, ETAG, Encoding, Header as _, HeaderName, IF_NONE_MATCH,
            VARY,
        },
    },
};
use dashboard::Asset;

use crate::bytes_budget::in_pieces;

/// What the page may do: run its own scripts and styles, and speak with its own host, and nothing else. `'self'` of
/// `connect-src` are also the WebSockets of this host.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; \
                      connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'; object-src 'none'";

/// What every answer of the dashboard says, to keep others out of it.
const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", POLICY),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Its name says what is in it.
const KEEP_FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Long enough for a visit, short enough for the next version.
const KEEP_FOR_MINUTES: &str = "public, max-age=300";

/// It names the others, so each visit asks whether it is still the same.
const ASK_EACH_TIME: &str = "no-cache";

/// What a build without Node.js shows.
const NO_DASHBOARD: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width\">\n<title>GAPIN</title>\n<h1>GAPIN</h1>\n\
    <p>This build carries no dashboard. <code>make dashboard</code>, and building it again, makes one that does; it \
    needs Node.js and npm.</p>\n<p>The API is there: <a href=\"/api/docs\">its documentation</a>.</p>\n</html>\n";

/// A file.
pub(super) fn file(request: &HttpRequest, file: Asset) -> HttpResponse {
    let keeping = if file.immutable { KEEP_FOR_EVER } else { KEEP_FOR_MINUTES };
    answer(request, file, keeping, "Accept-Encoding")
}

/// The page. A program is told something else at the same address.
pub(super) fn page(request: &HttpRequest, page: Asset) -> HttpResponse {
    answer(request, page, ASK_EACH_TIME, "Accept, Accept-Encoding")
}

/// There should be a page here.
pub(super) fn no_dashboard() -> HttpResponse {
    let mut head = head(StatusCode::NOT_FOUND);
    head.content_type("text/html; charset=utf-8").insert_header((VARY, "Accept")).body(NO_DASHBOARD)
}

fn answer(request: &HttpRequest, asset: Asset, keeping: &'static str, differs_by: &'static str) -> HttpResponse {
    let brotli = asset.brotli.filter(|_| takes_brotli(request));
    let tag = match brotli {
        Some(_) => format!("\"{}-br\"", asset.digest),
        None => format!("\"{}\"", asset.digest),
    };
    let is_known = knows(request, &tag);
    let mut head = head(if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    head.insert_header((CACHE_CONTROL, keeping)).insert_header((VARY, differs_by)).insert_header((ETAG, tag));
    if is_known {
        return head.finish();
    }
    head.content_type(asset.content_type);
    if brotli.is_some() {
        head.insert_header((CONTENT_ENCODING, "br"));
    }
    head.body(in_pieces(brotli.unwrap_or(asset.bytes)))
}

fn head(status: StatusCode) -> HttpResponseBuilder {
    let mut head = HttpResponse::build(status);
    for (name, value) in HEADERS {
        head.insert_header((HeaderName::from_static(name), value));
    }
    head
}

fn takes_brotli(request: &HttpRequest) -> bool {
    let supported = [Encoding::identity(), Encoding::brotli()];
    let wished = AcceptEncoding::parse(request).ok().and_then(|accepted| accepted.negotiate(supported.iter()));
    wished == Some(Encoding::brotli())
}

/// Whether the browser has this very thing already.
fn knows(request: &HttpRequest, tag: &str) -> bool {
    let known = request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn brotli_goes_to_those_who_take_it() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", true),
            ("br", true),
            ("br;q=0.5, identity;q=0.1", true),
            ("gzip, deflate", false),
            ("br;q=0", false),
            ("identity", false),
        ] {
            let request = TestRequest::default().insert_header(("accept-encoding", accepted)).to_http_request();
            assert_eq!(takes_brotli(&request), expected, "{accepted}");
        }
        assert!(!takes_brotli(&TestRequest::default().to_http_request()));
    }

    #[test]
    fn what_a_browser_has_it_is_not_sent_again() {
        for (sent, expected) in [
            ("\"abc\"", true),
            ("W/\"abc\"", true),
            ("\"other\", \"abc\"", true),
            ("*", true),
            ("\"abc-br\"", false),
            ("abc", false),
        ] {
            let request = TestRequest::default().insert_header((IF_NONE_MATCH, sent)).to_http_request();
            assert_eq!(knows(&request, "\"abc\""), expected, "{sent}");
        }
    }

    /// What a policy allows by name it would allow whatever else is there.
    #[test]
    fn the_policy_allows_nothing_inline_and_nobody_else() {
        for word in ["unsafe", "http:", "https:", "*", "blob:", "data:"] {
            assert!(!POLICY.contains(word), "{word}");
        }
    }
}
