//! The limits as header fields: the usual `X-RateLimit-*`, and those of draft-ietf-httpapi-ratelimit-headers-10.

use std::io::Write;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use super::{Left, Quota};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// Longer than any value: two policies with three numbers of 20 digits and their names.
const VALUE_BYTES_MAX: usize = 192;

impl Quota {
    /// Adds the fields; none where there is no limit. `X-RateLimit-*` tell of requests where these are limited, else of events.
    pub fn write(&self, unix_ms: u64, headers: &mut HeaderMap) {
        let Some(first) = self.minute.or(self.day) else { return };
        headers.insert(LIMIT, HeaderValue::from(first.limit));
        headers.insert(REMAINING, HeaderValue::from(first.remaining));
        headers.insert(RESET, HeaderValue::from((unix_ms + first.reset_in_ms).div_ceil(1_000)));
        let policy = value(
            self,
            |to, minute| write!(to, "\"minute\";q={};w=60", minute.limit),
            |to, day| write!(to, "\"day\";q={};qu=\"events\";w=86400", day.limit),
        );
        let state = value(
            self,
            |to, minute| write!(to, "\"minute\";r={};t={}", minute.remaining, minute.reset_in_ms.div_ceil(1_000)),
            |to, day| write!(to, "\"day\";r={};t={}", day.remaining, day.reset_in_ms.div_ceil(1_000)),
        );
        for (name, value) in [(POLICY, policy), (STATE, state)] {
            if let Some(value) = value {
                headers.insert(name, value);
            }
        }
    }
}

/// A list of structured fields of the limits that there are, written in place.
fn value(
    quota: &Quota,
    minute: impl Fn(&mut &mut [u8], Left) -> std::io::Result<()>,
    day: impl Fn(&mut &mut [u8], Left) -> std::io::Result<()>,
) -> Option<HeaderValue> {
    let mut text = [0; VALUE_BYTES_MAX];
    let mut rest = text.as_mut_slice();
    if let Some(left) = quota.minute {
        minute(&mut rest, left).ok()?;
    }
    if quota.minute.is_some() && quota.day.is_some() {
        rest.write_all(b", ").ok()?;
    }
    if let Some(left) = quota.day {
        day(&mut rest, left).ok()?;
    }
    let length = VALUE_BYTES_MAX - rest.len();
    HeaderValue::from_bytes(&text[..length]).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MINUTE: Left = Left { limit: 1_000, remaining: 990, reset_in_ms: 59_200 };
    const DAY: Left = Left { limit: 100_000, remaining: 7, reset_in_ms: 3_600_000 };

    #[track_caller]
    fn check(quota: Quota, expected: &[(&str, &str)]) {
        let mut headers = HeaderMap::new();
        quota.write(1_700_000_000_100, &mut headers);
        let mut told: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        told.sort_unstable();
        assert_eq!(told, expected);
    }

    #[test]
    fn both_limits_are_told() {
        check(
            Quota { minute: Some(MINUTE), day: Some(DAY) },
            &[
                ("ratelimit", r#""minute";r=990;t=60, "day";r=7;t=3600"#),
                ("ratelimit-policy", r#""minute";q=1000;w=60, "day";q=100000;qu="events";w=86400"#),
                ("x-ratelimit-limit", "1000"),
                ("x-ratelimit-remaining", "990"),
                ("x-ratelimit-reset", "1700000060"),
            ],
        );
    }

    #[test]
    fn one_limit_is_told_alone_and_none_not_at_all() {
        check(
            Quota { minute: None, day: Some(DAY) },
            &[
                ("ratelimit", r#""day";r=7;t=3600"#),
                ("ratelimit-policy", r#""day";q=100000;qu="events";w=86400"#),
                ("x-ratelimit-limit", "100000"),
                ("x-ratelimit-remaining", "7"),
                ("x-ratelimit-reset", "1700003601"),
            ],
        );
        check(Quota::default(), &[]);
    }

    #[test]
    fn the_largest_numbers_fit() {
        let huge = Left { limit: u64::MAX, remaining: u64::MAX, reset_in_ms: 86_400_000 };
        let mut headers = HeaderMap::new();
        Quota { minute: Some(huge), day: Some(huge) }.write(0, &mut headers);
        assert_eq!(headers.len(), 5);
    }
}
