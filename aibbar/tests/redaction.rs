//! What is hidden in a text, and what stays: one table a kind.
#![allow(clippy::unwrap_used)]

use aibbar::{Kind, RuleSet};

/// `(text, what it becomes)`. `…` in the expectation would be read literally: the whole text is compared.
#[track_caller]
fn check(rules: &RuleSet, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, expected)| {
            let (redacted, _) = rules.redact_text(text);
            (redacted != *expected).then(|| format!("{text:?}\n  became   {redacted:?}\n  expected {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[track_caller]
fn check_untouched(rules: &RuleSet, texts: &[&str]) {
    let cases: Vec<(&str, &str)> = texts.iter().map(|text| (*text, *text)).collect();
    check(rules, &cases);
}

fn rules() -> RuleSet {
    RuleSet::default()
}

#[test]
fn email_addresses() {
    check(
        &rules(),
        &[
            ("bob@example.com", "[REDACTED:email]"),
            ("Mail bob.smith+news@mail.example.co.uk, please.", "Mail [REDACTED:email], please."),
            ("<bob@example.com>;'eve@example.org'", "<[REDACTED:email]>;'[REDACTED:email]'"),
            ("mailto:bob@example.com?subject=hi", "mailto:[REDACTED:email]?subject=hi"),
            ("https://x.com/?email=bob@example.com&n=1", "https://x.com/?email=[REDACTED:email]&n=1"),
            ("jürgen@müller.de", "[REDACTED:email]"),
            ("用户@例子.广告", "[REDACTED:email]"),
            ("юзер@екзампл.ком", "[REDACTED:email]"),
            ("संपर्क@डाटामेल.भारत", "[REDACTED:email]"),
            ("user@xn--80ak6aa92e.com", "[REDACTED:email]"),
            ("a@xn--d1acufc.xn--p1ai", "[REDACTED:email]"),
            ("x_y-z%w@163.com", "[REDACTED:email]"),
            ("o'brien@example.ie", "[REDACTED:email]"),
            ("bob@example.com.", "[REDACTED:email]."),
            ("bob@example.com...then", "[REDACTED:email]...then"),
            ("BOB@EXAMPLE.COM", "[REDACTED:email]"),
            ("\"bob smith\"@example.com wrote", "[REDACTED:email] wrote"),
            ("Contact:bob@example.museum\nnext", "Contact:[REDACTED:email]\nnext"),
            ("bob@sub-domain.example.travel/eve@x.io", "[REDACTED:email]/[REDACTED:email]"),
            ("**bob@example.com**", "**[REDACTED:email]**"),
            ("bob@example.com,eve@example.com", "[REDACTED:email],[REDACTED:email]"),
        ],
    );
    check_untouched(
        &rules(),
        &[
            "a@b",
            "@bob",
            "bob@",
            "my email is info@presidio.",
            "git@github.com:owner/name.git",
            "ssh://git@github.com/owner/name",
            "react@18.2.0 and @types/node@20.1.0-beta.rc",
            "logo@2x.png",
            "user@localhost",
            "5 apples @ 3.50",
            "meet @ noon.today",
            "@media (min-width: 10px)",
            "@Override.public",
            "strict-uri-encode@npm:2.0.0",
        ],
    );
}

#[test]
fn telephone_numbers() {
    check(
        &rules(),
        &[
            ("+14155552671", "[REDACTED:phone]"),
            ("+1 (415) 555-2671", "[REDACTED:phone]"),
            ("call +44 20 7946 0958 now", "call [REDACTED:phone] now"),
            ("+44 (0)20 7946 0958", "[REDACTED:phone]"),
            ("+49 30 901820", "[REDACTED:phone]"),
            ("+49-89-636-48018", "[REDACTED:phone]"),
            ("+33 1 42 68 53 00", "[REDACTED:phone]"),
            ("+91 98765 43210", "[REDACTED:phone]"),
            ("+81-3-1234-5678", "[REDACTED:phone]"),
            ("+86 138 0013 8000", "[REDACTED:phone]"),
            ("+55 11 91234-5678", "[REDACTED:phone]"),
            ("+7 (495) 123-45-67", "[REDACTED:phone]"),
            ("+61 2 9374 4000", "[REDACTED:phone]"),
            ("+972-9-762-5400", "[REDACTED:phone]"),
            ("+380 44 123 4567", "[REDACTED:phone]"),
            ("+358 9 1234567", "[REDACTED:phone]"),
            ("+65 6521 8000", "[REDACTED:phone]"),
            ("tel:+1-201-555-0123", "tel:[REDACTED:phone]"),
            ("0049 30 901820", "[REDACTED:phone]"),
            ("(415) 555-2671", "[REDACTED:phone]"),
            ("(415)555-0132", "[REDACTED:phone]"),
            ("415-555-2671", "[REDACTED:phone]"),
            ("415.555.2671", "[REDACTED:phone]"),
            ("1-800-555-0199", "[REDACTED:phone]"),
            ("My number is 415 555 2671.", "My number is [REDACTED:phone]."),
            ("020 7946 0958", "[REDACTED:phone]"),
            ("(030) 123456", "[REDACTED:phone]"),
            ("Tel. 030 901820", "Tel. [REDACTED:phone]"),
            ("06 12 34 56 78", "[REDACTED:phone]"),
            ("My Israeli number is 09-7625400", "My Israeli number is [REDACTED:phone]"),
            ("0151 23456789", "[REDACTED:phone]"),
            ("phone: 4155552671", "phone: [REDACTED:phone]"),
            ("Phone 555-1234", "Phone [REDACTED:phone]"),
            ("Mobile: 07700900123, office", "Mobile: [REDACTED:phone], office"),
            ("phone=%2B14155552671", "phone=[REDACTED:phone]"),
            ("电话：+86 138 0013 8000", "电话：[REDACTED:phone]"),
        ],
    );
    check_untouched(
        &rules(),
        &[
            "2024-05-15 15:00:00",
            "01-02-2024 10:30",
            "15.05.2024 12 30",
            "2024-05-15T15:00:00.123456+01:00",
            "1715785200",
            "1715785200123",
            "order 4155552671",
            "flight HAT001 and HAT271, 8 passengers",
            "ISBN 978-0-306-40615-7",
            "0-306-40615-2",
            "$1,234,567.89",
            "$4155552671",
            "10.0.0.1 and 192.168.100.200",
            "version 1.22.333.4444",
            "37.7749, -122.4194",
            "100 200 3000",
            "550e8400-e29b-41d4-a716-446655440000",
            "12345678-1234-1234-1234-123456789012",
            "+15% and +5000",
            "1 + 2 = 3",
            "UTC+0530 GMT+1000",
            "113-1234567-1234567",
            "A-415-555-2671",
            "gift_card_4155552671",
            "3.14159265358979",
            "12:34:56.789012",
            "range 1000000-2000000",
            "4f:3a:12:00:11:22",
        ],
    );
}

#[test]
fn social_security_numbers() {
    check(
        &rules(),
        &[
            ("123-45-6789", "[REDACTED:ssn]"),
            ("SSN: 536-22-1234.", "SSN: [REDACTED:ssn]."),
            ("abc 078 05 1121 abc", "abc [REDACTED:ssn] abc"),
            ("078.05.1123", "[REDACTED:ssn]"),
            ("My SSN is 536221234", "My SSN is [REDACTED:ssn]"),
            ("social security number 536221234", "social security number [REDACTED:ssn]"),
        ],
    );
    check_untouched(
        &rules(),
        &[
            "000-12-3456",
            "666-12-3456",
            "912-12-3456",
            "123-00-6789",
            "123-45-0000",
            "078-05-1120",
            "536221234",
            "0780511201",
            "693-09.4444",
            "536-22-12345",
            "1536-22-1234",
            "A-536-22-1234",
            "order 536221234",
        ],
    );
}

#[test]
fn payment_cards() {
    check(
        &rules(),
        &[
            ("4111111111111111", "[REDACTED:credit_card]"),
            ("4111 1111 1111 1111", "[REDACTED:credit_card]"),
            ("4012-8888-8888-1881 exp 12/27", "[REDACTED:credit_card] exp 12/27"),
            ("371449635398431", "[REDACTED:credit_card]"),
            ("3714 496353 98431", "[REDACTED:credit_card]"),
            ("5555555555554444", "[REDACTED:credit_card]"),
            ("2223003122003222", "[REDACTED:credit_card]"),
            ("6011000400000000", "[REDACTED:credit_card]"),
            ("3528000700000000", "[REDACTED:credit_card]"),
            ("6759649826438453", "[REDACTED:credit_card]"),
            ("30569309025904", "[REDACTED:credit_card]"),
            ("6200000000000005", "[REDACTED:credit_card]"),
            ("4917610000000000003", "[REDACTED:credit_card]"),
            ("my credit card: 122000000000003", "my credit card: [REDACTED:credit_card]"),
            ("Visa:4111111111111111,cvc", "Visa:[REDACTED:credit_card],cvc"),
            ("12 4111 1111 1111 1111", "12 [REDACTED:credit_card]"),
        ],
    );
    check_untouched(
        &rules(),
        &[
            "4012-8888-8888-1882",
            "36168002586008",
            "1748503543012",
            "0000000000000000",
            "1234567890123456",
            "1715785200123456",
            "9783161484100",
            "4111-1111-1111-1111-1111-1111",
            "0.4111111111111111",
            "a4111111111111111",
            "550e8400-e29b-4111-8111-111111111111",
        ],
    );
}

#[test]
fn bank_accounts() {
    check(
        &rules(),
        &[
            ("DE89370400440532013000", "[REDACTED:iban]"),
            ("IBAN: DE89 3704 0044 0532 0130 00, thanks", "IBAN: [REDACTED:iban], thanks"),
            ("GB82 WEST 1234 5698 7654 32", "[REDACTED:iban]"),
            ("AL47 2121 1009 0000 0002 3569 8741", "[REDACTED:iban]"),
            ("FR1420041010050500013M02606", "[REDACTED:iban]"),
            ("NO9386011117947", "[REDACTED:iban]"),
            ("MT84MALT011000012345MTLCAST001S", "[REDACTED:iban]"),
            ("gb82west12345698765432", "[REDACTED:iban]"),
        ],
    );
    check_untouched(
        &rules(),
        &[
            "DE88370400440532013000",
            "AL47 212A 1009 0000 0002 3569 8741",
            "DE893704004405320130001",
            "ZZ89370400440532013000",
            "XDE89370400440532013000",
            "AB12 3456 7890 1234",
            // Numbers of a UUID can add up to an account.
            "00000000-0000-ee99-7da7-00a18e58a37d",
        ],
    );
}

#[test]
fn ip_addresses_when_they_are_switched_on() {
    check_untouched(&rules(), &["10.0.0.1", "2001:db8::1"]);
    check(
        &rules().with(Kind::IpAddress, true),
        &[
            ("from 192.168.0.1:8080", "from [REDACTED:ip_address]:8080"),
            ("10.0.0.0/8 via fe80::1%eth0", "[REDACTED:ip_address] via [REDACTED:ip_address]"),
            ("http://[2001:db8::1]/path", "http://[[REDACTED:ip_address]]/path"),
            ("src=:: dst=::1", "src=[REDACTED:ip_address] dst=[REDACTED:ip_address]"),
            ("::ffff:192.0.2.1", "[REDACTED:ip_address]"),
        ],
    );
    check_untouched(
        &rules().with(Kind::IpAddress, true),
        &[
            "1.2.3",
            "256.1.1.1",
            "version 1.2.3.4",
            "std::cout",
            "x :: Int",
            "12:34:56",
            "aa:bb:cc:dd:ee:ff",
            "300.168.1.1",
        ],
    );
}

#[test]
fn tokens_of_known_shape() {
    // Written in two parts, so that no scanner takes this file for a leak.
    let tokens = [
        ("sk-", "proj-4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0Tt_Ss-Rr"),
        ("sk-", "ant-api03-4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOoNnMm-AA"),
        ("sk-", "4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOoNnMm1234"),
        ("AKIA", "QYLPMN5HHHFPZAM2"),
        ("ghp_", "4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQq"),
        ("github_", "pat_11ABCDEFG0q2Lm8Zx7Wc1V_b6Nn3Jh5Gd0TtSsRrQqPpOoNnMm4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSs"),
        ("glpat-", "Kq2Lm8Zx7Wc1Vb6Nn3Jh"),
        ("xoxb-", "263594206564-2343594206564-FGqddMF8t08v8N7Oq4i57vs1"),
        ("sk_", "live_4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh"),
        ("rk_", "live_4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh"),
        ("AIza", "ZILPsdu6RQ_FYxaAp572ViC2wSWe6LQ_j-p"),
        ("GOCSPX-", "4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0"),
        ("ya29.", "a0AfH6SMBx4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQq"),
        ("sk_", "4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0Tt"),
        ("npm_", "6279zyif3la6xf22e056fzbqdzntxaec24zo"),
        ("SG.", "4f9aKq2Lm8Zx7Wc1Vb6Nn3.Jh5Gd0TtSsRrQqPpOoNnMm4f9aKq2Lm8Zx7Wc1Vb6N"),
        ("hf_", "4faKqLmZxWcVbNnJhGdTtSsRrQqPpOo3Nn"),
        ("dop_v1_", "4f9a0c2b8d7e1f6a5b3c9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a"),
        (
            "eyJ",
            "hbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        ),
    ];
    for (prefix, rest) in tokens {
        for (before, after) in [("", ""), ("see ", "."), ("\"", "\""), ("x=", "&y=1"), ("(", ")")] {
            check(
                &rules(),
                &[(&format!("{before}{prefix}{rest}{after}"), &format!("{before}[REDACTED:secret]{after}"))],
            );
        }
    }
    check(
        &rules(),
        &[
            ("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1", "[REDACTED:secret]"),
            ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "Authorization: Basic [REDACTED:secret]"),
            ("authorization: Bearer abc123def456", "authorization: Bearer [REDACTED:secret]"),
            ("curl -H 'Authorization: token 4f9aKq2Lm8Zx'", "curl -H 'Authorization: token [REDACTED:secret]'"),
            ("sent Bearer 4f9aKq2Lm8Zx7Wc1 along", "sent Bearer [REDACTED:secret] along"),
            ("postgres://app:hunter2@db.example.com:5432/x", "postgres://app:[REDACTED:secret]@db.example.com:5432/x"),
            ("redis://:p%40ss@10.0.0.1:6379", "redis://:[REDACTED:secret]@10.0.0.1:6379"),
            ("mongodb+srv://u:p@ss@h.example.net/?w=1", "mongodb+srv://u:[REDACTED:secret]@h.example.net/?w=1"),
        ],
    );
    check_untouched(
        &rules(),
        &[
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "sk-learn and sk-circle-fade-dot-animation",
            "task_scheduled and risk_analysis",
            "postgres://localhost/db and https://example.com/a:b@c",
            "postgres://user:${PASSWORD}@host/db",
            "s.AcceptanceTimeoutSeconds",
            "Bearer of bad news, Basic economy, Basic Authentication",
            "eyJ is how they begin",
            "TODAYINASIAASACKOFRICEFELLOVER",
        ],
    );
}

#[test]
fn private_keys() {
    let key = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    for label in
        ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
    {
        let pem = format!("-----BEGIN {label}-----\n{key}\n-----END {label}-----");
        check(
            &rules(),
            &[
                (&format!("a\n{pem}\nb"), "a\n[REDACTED:secret]\nb"),
                (&format!("{{\"k\":\"{}\"}}", pem.replace('\n', "\\n")), "{\"k\":\"[REDACTED:secret]\"}"),
                (&format!("cut: -----BEGIN {label}-----\n{key}"), "cut: [REDACTED:secret]"),
            ],
        );
    }
    check_untouched(
        &rules(),
        &["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----"],
    );
}

#[test]
fn passwords_by_their_names() {
    check(
        &rules(),
        &[
            ("password=hunter2", "password=[REDACTED:password]"),
            ("password: hunter2", "password: [REDACTED:password]"),
            ("Password: correcthorse", "Password: [REDACTED:password]"),
            ("dbPassword = \"s3cr3t!\";", "dbPassword = \"[REDACTED:password]\";"),
            (
                "{\"user\": \"bob\", \"password\": \"two words\"}",
                "{\"user\": \"bob\", \"password\": \"[REDACTED:password]\"}",
            ),
            ("'api_key': 'abc123'", "'api_key': '[REDACTED:password]'"),
            ("X-Api-Key: 4f9aKq2Lm8", "X-Api-Key: [REDACTED:password]"),
            ("api_key <- \"4f9aKq2Lm8Zx7Wc1\"", "api_key <- \"[REDACTED:password]\""),
            ("db_password <- 'hunter2'", "db_password <- '[REDACTED:password]'"),
            (
                "const HEROKU_KEY = \"832d2129-a846-4e27-99f4-7004b6ad53ef\"",
                "const HEROKU_KEY = \"[REDACTED:password]\"",
            ),
            ("hubspotKey: 832d2129-a846-4e27-99f4-7004b6ad53ef", "hubspotKey: [REDACTED:password]"),
            ("?user=bob&api_key=abc123&page=2", "?user=bob&api_key=[REDACTED:password]&page=2"),
            ("<password>hunter2</password>", "<password>[REDACTED:password]</password>"),
            ("password => 'hunter2'", "password => '[REDACTED:password]'"),
            ("mysql --password hunter2 --host db", "mysql --password [REDACTED:password] --host db"),
            ("--password=hunter2", "--password=[REDACTED:password]"),
            ("export DB_PASS=hunter2;", "export DB_PASS=[REDACTED:password];"),
            (
                "Server=db;User Id=sa;Password=hunter2;Timeout=5",
                "Server=db;User Id=sa;Password=[REDACTED:password];Timeout=5",
            ),
            ("password%3Dhunter2%26x%3D1", "password%3D[REDACTED:password]%26x%3D1"),
            (r#"{\"password\":\"hunter2\"}"#, r#"{\"password\":\"[REDACTED:password]\"}"#),
            (
                r#"{\"a\":\"{\\\"password\\\":\\\"hunter2\\\"}\"}"#,
                r#"{\"a\":\"{\\\"password\\\":\\\"[REDACTED:password]\\\"}\"}"#,
            ),
            ("my password is hunter2.", "my password is [REDACTED:password]."),
            ("API key: 4f9aKq2Lm8Zx", "API key: [REDACTED:password]"),
            ("**Password:** hunter2", "**Password:** [REDACTED:password]"),
            ("config[\"password\"] = \"hunter2\"", "config[\"password\"] = \"[REDACTED:password]\""),
            ("client_secret: 'x9Kq-22'", "client_secret: '[REDACTED:password]'"),
            ("access_token=4f9aKq2Lm8Zx&state=1", "access_token=[REDACTED:password]&state=1"),
            ("var token string = \"w3eq1-_rye4_2ik31\"", "var token string = \"[REDACTED:password]\""),
            ("PIN: 4711", "PIN: [REDACTED:password]"),
            ("your verification code is 482913", "your verification code is [REDACTED:password]"),
            ("passwort: geheim99", "passwort: [REDACTED:password]"),
            ("пароль: hunter2", "пароль: [REDACTED:password]"),
        ],
    );
    check_untouched(
        &rules(),
        &[
            "tokens_used: 512, max_tokens=4096, total_tokens: 12",
            "token_count=99 tokenizer=cl100k_base",
            "password: required",
            "The password must contain 8 characters.",
            "Forgot password? Reset it here: https://example.com/reset",
            "password=${DB_PASSWORD}",
            "password = os.environ['DB_PASSWORD']",
            "password: <your password>",
            "password = None",
            "api_key=YOUR_API_KEY",
            "token: string",
            "PREFECT_API_KEY = \"pnu_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\"",
            "secret: ********",
            "\"token\": \"Hello\", \"logprob\": -0.31",
            "passengers: Bob, passport: checked",
            "keyboard: qwerty99",
            "primary_key=order_17",
            "hasPassword=true1",
            "next_page_token=4f9aKq2Lm8Zx",
            "the secret: nobody knows",
            "PWD=/home/bob",
            "error code: 40412",
            "token = self.get_token(1)",
        ],
    );
}

#[test]
fn evidence_stays() {
    check_untouched(
        &rules().with(Kind::IpAddress, true),
        &[
            "01890a5d-ac96-774b-bcce-b302099a8057",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "d41d8cd98f00b204e9800998ecf8427e",
            "2026-11-21T04:33:51.123456789+01:00",
            "2024-05-15 15:00:00 EST",
            "v1.22.333-rc.4+build.5",
            "gpt-4-turbo-2024-04-09",
            "$1,299.00 / EUR 1.299,00 / 12 345 678,90",
            "ISBN 978-3-16-148410-0 and 3-16-148410-X",
            "order 100200300400 of user mia_li_3668",
            "flight HAT243 from JFK to SEA, seat 12C",
            "certificate_7504069 and gift_card_1234567",
            "1715785200 1715785200123 1715785200123456",
            "SGVsbG8gd29ybGQsIHRoaXMgaXMgb3JkaW5hcnkgdGV4dCBpbiBiYXNlNjQ=",
            "trace 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "HMAC-SHA256",
            "arn:aws:s3:::bucket/key",
            "stripe_customer = \"cus_NffrFeUfNV2Hib4f9a\"",
            "primary_key: 832d2129-a846-4e27-99f4-7004b6ad53ef",
            "idempotency-key: 832d2129-a846-4e27-99f4-7004b6ad53ef",
            "if token <- 1 { retry() }",
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "12 Main Street, 94107-1234 San Francisco",
            "50.1109, 8.6821 at 112 m",
            "Luhn 79927398713",
            "[REDACTED:email] [REDACTED:credit_card]",
            "password=[REDACTED:password]",
            "",
        ],
    );
}

#[test]
fn escapes_do_not_hide_anything() {
    check(
        &rules(),
        &[
            ("a%40example.com", "[REDACTED:email]"),
            ("email%3Dbob%2540example.com", "email%3D[REDACTED:email]"),
            (r#"{\"email\": \"a@x.com\"}"#, r#"{\"email\": \"[REDACTED:email]\"}"#),
            (r"bob\u0040example.com", "[REDACTED:email]"),
            (r"4111%201111%201111%201111", "[REDACTED:credit_card]"),
            ("{\"email\": \"a@x.com\"}", "{\"email\": \"[REDACTED:email]\"}"),
        ],
    );
}

#[test]
fn a_kind_that_is_off_stays() {
    for kind in Kind::ALL {
        let text = "bob@example.com +14155552671 123-45-6789 4111111111111111 DE89370400440532013000 10.0.0.1 \
                    ghp_4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQq password=hunter2";
        let all = rules().with(Kind::IpAddress, true);
        let (_, found) = all.redact_text(text);
        assert_eq!(found, Kind::ALL);
        let (redacted, found) = all.with(kind, false).redact_text(text);
        assert!(!found.contains(&kind), "{kind:?}: {redacted}");
        assert!(!redacted.contains(kind.placeholder()), "{kind:?}: {redacted}");
    }
}
