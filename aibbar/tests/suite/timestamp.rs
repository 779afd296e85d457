use aibbar::Timestamp;

fn check(text: &str, unix_ns: i64) {
    assert_eq!(Timestamp::parse(text).map(Timestamp::unix_ns), Some(unix_ns), "{text}");
}

#[test]
fn reads_rfc_3339() {
    check("1970-01-01T00:00:00Z", 0);
    check("1970-01-01t00:00:00z", 0);
    check("1970-01-01T01:00:00.000000001+01:00", 1);
    check("1969-12-31T23:59:59.5-00:00", -500_000_000);
    check("2024-02-29T12:30:00.123456789-05:30", 1_709_229_600_123_456_789);
}

#[test]
fn a_leap_second_is_the_last_nanosecond_before_the_next() {
    check("2016-12-31T23:59:60Z", 1_483_228_799_999_999_999);
    check("2017-01-01T00:59:60.25+01:00", 1_483_228_799_999_999_999);
    assert_eq!(Timestamp::parse("2017-01-01T12:00:60Z"), None);
}

#[test]
fn holds_far_moments_at_the_ends() {
    check("9999-12-31T23:59:59-23:59", i64::MAX);
    check("0000-01-01T00:00:00+23:59", i64::MIN);
    assert_eq!(Timestamp::from_unix_ms(i64::MAX).unix_ns(), i64::MAX);
    assert_eq!(Timestamp::from_unix_ns(0).plus_ms(i64::MIN).unix_ns(), i64::MIN);
}

#[test]
fn refuses_everything_else() {
    for text in [
        "",
        "2024-01-01",
        "2024-01-01T00:00Z",
        "2024-01-01T00:00:00",
        "2024-01-01 00:00:00Z",
        "2024-1-1T0:0:0Z",
        "2023-02-29T00:00:00Z",
        "2024-04-31T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:61Z",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00.1234567890Z",
        "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00+00:60",
        "2024-01-01T00:00:00+0000",
        "2024-01-01T00:00:00ZZ",
        "2024-01-01T00:00:00Z\n",
        "+2024-01-01T00:00:00Z",
        "２０２４-01-01T00:00:00Z",
        "2024-01-01Té0:00:00Z",
    ] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
}

#[test]
fn is_shown_in_utc_and_read_back() {
    let at = Timestamp::parse("2026-03-01T09:30:00.120+01:00").unwrap();
    assert_eq!(at.to_string(), "2026-03-01T08:30:00.12Z");
    for unix_ns in [0, 1, -1, i64::MIN, i64::MAX, 1_700_000_000_000_000_000] {
        let at = Timestamp::from_unix_ns(unix_ns);
        assert_eq!(Timestamp::parse(&at.to_string()), Some(at));
    }
    assert_eq!(Timestamp::from_unix_ns(-1).unix_ms(), -1);
}
