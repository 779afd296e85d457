//! What makes a value a secret where it has no shape of its own, and what looks like one and is none: one table a rule.
#![allow(clippy::unwrap_used)]

use aibbar::RuleSet;
use serde_json::{Value, json};

/// `(text, what of it must not be readable)`, and nothing else is touched: the rest of the text is compared. A placeholder may stand
/// for more than one part.
#[track_caller]
fn hides(cases: &[(&str, &str)]) {
    let rules = RuleSet::default();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, secret)| {
            assert!(text.contains(secret), "{text:?} does not hold {secret:?}");
            let redacted = rules.redact_text(text).0;
            let right = ["[REDACTED:password]", "[REDACTED:secret]"]
                .iter()
                .any(|placeholder| redacted == text.replace(secret, placeholder));
            (!right).then(|| format!("{text:?}\n  became   {redacted:?}\n  to hide  {secret:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[track_caller]
fn leaves(texts: &[&str]) {
    let rules = RuleSet::default();
    let wrong: Vec<String> = texts
        .iter()
        .filter_map(|text| {
            let redacted = rules.redact_text(text).0;
            (redacted != *text).then(|| format!("{text:?}\n  became   {redacted:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), texts.len(), wrong.join("\n"));
}

#[track_caller]
fn becomes(mut value: Value, expected: &Value) {
    RuleSet::default().explain(&mut value);
    assert_eq!(value, *expected);
}

#[test]
fn the_data_of_a_kubernetes_secret() {
    let before =
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop-database\n  labels:\n    data: harmless\ntype: Opaque\n";
    hides(&[
        (&format!("{before}data:\n  user: c2hvcGtlZXBlcg==\n"), "c2hvcGtlZXBlcg=="),
        (&format!("{before}data:\n  .hidden-file: 'c2hvcGtlZXBlcg=='\n"), "c2hvcGtlZXBlcg=="),
        (&format!("{before}stringData:\n  line: plain words here # for now\n"), "plain words here"),
        (&format!("{before}data:\n  extra: |-\n    c2hvcGtlZXBlcg==\n"), "c2hvcGtlZXBlcg=="),
        ("data:\n  user: c2hvcGtlZXBlcg==\nkind: \"Secret\"\n", "c2hvcGtlZXBlcg=="),
        (
            "kind: List\nitems:\n- kind: Secret\n  data:\n    user: c2hvcGtlZXBlcg==\n  metadata:\n    name: x\n",
            "c2hvcGtlZXBlcg==",
        ),
        ("kind: ConfigMap\ndata:\n  a: c2hvcA==\n---\nkind: Secret\ndata:\n  b: a2VlcGVy\n", "a2VlcGVy"),
        (r#"{"kind": "Secret", "data": {"user": "c2hvcGtlZXBlcg=="}, "type": "Opaque"}"#, "c2hvcGtlZXBlcg=="),
        (r#"{\"kind\":\"Secret\",\"data\":{\"user\":\"c2hvcGtlZXBlcg==\"}}"#, "c2hvcGtlZXBlcg=="),
        ("kind: Secret\nstringData: {user: shopkeeper}\n", "shopkeeper"),
    ]);
    leaves(&[
        "kind: ConfigMap\ndata:\n  user: c2hvcGtlZXBlcg==\n",
        "kind: SealedSecret\nspec:\n  data:\n    user: c2hvcGtlZXBlcg==\n",
        "kind: Secret\ndata:\n  user: {{ .Values.user | b64enc }}\n  other: ${OTHER}\n  third: \"\"\n",
        "kind: Deployment\nspec:\n  volumes:\n  - kind: Secret\n    name: shop\n  data:\n    user: c2hvcGtlZXBlcg==\n",
        "kind: Secret\nmetadata:\n  name: shop-database\n  annotations:\n    about: the shop and its keeper\n",
    ]);
    becomes(
        json!({ "kind": "Secret", "data": { "user": "c2hvcA==" }, "metadata": { "name": "shop" } }),
        &json!({ "kind": "Secret", "data": { "user": "[REDACTED:password]" }, "metadata": { "name": "shop" } }),
    );
    let map = json!({ "kind": "ConfigMap", "data": { "user": "c2hvcA==" } });
    becomes(map.clone(), &map);
}

#[test]
fn keys_of_services_that_are_uuids_numbers_or_short() {
    const UUID: &str = "1c7f3a52-9be4-4d06-8a31-5f20c6d7e894";
    hides(&[
        (&format!("squarespace = \"{UUID}\""), UUID),
        (&format!("snyk: {UUID}"), UUID),
        (&format!("pinecone_api: {UUID}"), UUID),
        (&format!("sendbird_access={UUID}"), UUID),
        (&format!("opsgenie key is {UUID}"), UUID),
        (&format!("messagebird-client-id = '{UUID}'"), UUID),
        ("asana_token: 5830174926610482", "5830174926610482"),
        ("discord_client_id = \"731904468205517396\"", "731904468205517396"),
        ("setProperty(\"DISCORD_TOKEN\", \"731904468205517396\")", "731904468205517396"),
        ("sumologicAccessId = \"suK3pZqvWn7RtB\"", "suK3pZqvWn7RtB"),
        ("SUMO_ACCESS_ID=suqHtbVmzPLwkd", "suqHtbVmzPLwkd"),
        (
            "aws_secret_access_key_token: 9fKq/2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOo",
            "9fKq/2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOo",
        ),
        ("monday = \"hV7tQ2kLp9ZxW4cB8nRfY3sD6mJg1TaE5uKoX0iCvHw\"", "hV7tQ2kLp9ZxW4cB8nRfY3sD6mJg1TaE5uKoX0iCvHw"),
    ]);
    let expected = json!({ "hubspotKey": "[REDACTED:password]", "hubspot_contact": UUID });
    becomes(json!({ "hubspotKey": UUID, "hubspot_contact": UUID }), &expected);
    leaves(&[
        &format!("hubspot_app_id={UUID}"),
        &format!("snyk_org: {UUID}"),
        &format!("heroku_dyno {UUID}"),
        "discord_channel = \"731904468205517396\"",
        "github_key_name = superUserAdmin",
        "datadog_key: production",
        "stripe_key: cus_K3pZqvWn7RtB42",
        "price_key = price_1K3pZqvWn7RtB42Xy",
    ]);
}

#[test]
fn values_behind_weak_signs_are_random_or_quoted() {
    const VALUE: &str = "q7Zt2Wk9Lm4Xc8Vb1Nf6";
    for form in [
        "apikey|{}",
        "api_key, \"{}\"",
        "accessToken > \"{}\"",
        "API-KEY {}",
        "token {}",
        "#define API_KEY \"{}\"",
        "(def api-key \"{}\")",
        "set -x TOKEN {}",
        "val apiKey by \"{}\"",
        "algolia key is {}",
        "password \"{}\"",
        "token == \"{}\"",
        "token={}",
        "secret: !!str {}",
        "secret: &anchor {}",
        "token = [\"{}\"]",
        "apiKey: r#\"{}\"#",
        "apiKey = \"\"\"{}\"\"\"",
        "password = <<END\n{}\nEND",
        "password for the box: {}",
        "the token of bob is {}",
        "Authorization: Vendor {}",
        "api_key <- \"{}\"",
    ] {
        hides(&[(&form.replace("{}", VALUE), VALUE)]);
    }
    hides(&[
        ("cloudflareToken=__qq7wz2k9lm4xc8vb1nf6", "__qq7wz2k9lm4xc8vb1nf6"),
        ("Token==r20nq7zt2wk9lm4xc8vb1nf6", "=r20nq7zt2wk9lm4xc8vb1nf6"),
    ]);
    leaves(&[
        "the token is consumed by the parser",
        "token | meaning | example",
        "name, token, created",
        "if tokens > 4096 { stop() }",
        "secret arn:aws:iam::123456789012:user/Kq2LmZx7Wc1Vb6",
        "nextPageKey q7Zt2Wk9Lm4Xc8Vb1Nf6",
        "Authorization: user must sign in",
        "token == expected",
        "password for the box: ask the keeper",
        "const [token, setToken] = useState<string>(\"\");",
        "token 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "api_key_header = \"X-API-Key\"",
        "gpg --recv-keys 5F20C6D7E8941C7F",
        "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==",
        "secret_arn = arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-Kq2LmZ",
        "credentials: 'same-origin'",
        "auth: oauth2",
        "password: ssm:/shop/database",
        "password: '@Microsoft.KeyVault(SecretUri=https://shop.example)'",
        "password: (leave blank)",
        "https://cdn.example.net/shop_box.ico-7a388b69018576d24b59331fd60aab0c.png",
    ]);
}

#[test]
fn passphrases_of_several_words() {
    hides(&[
        ("password: orbit lantern mustard quiet", "orbit lantern mustard quiet"),
        ("vault:\n  passphrase: seven 41 violet harbour\n  port: 1", "seven 41 violet harbour"),
        ("passphrase = orbit lantern mustard\nport = 1", "orbit lantern mustard"),
        ("password: \"orbit lantern\"", "orbit lantern"),
    ]);
    leaves(&[
        "password: please reset it",
        "password: nobody told me about it",
        "password: minimum eight letters",
        "password: see the wiki",
        "Forgot the password: click here for help",
    ]);
}

#[test]
fn commands_statements_and_files_that_hold_passwords() {
    hides(&[
        ("curl -Lsu bob:Kq2LmZx7 https://x.example", "Kq2LmZx7"),
        ("curl -u sk9Kq2Lm8Zx7Wc1Vb6Nn3: https://x.example", "sk9Kq2Lm8Zx7Wc1Vb6Nn3"),
        ("az login --service-principal -u app -p Kq2LmZx7Wc --tenant t", "Kq2LmZx7Wc"),
        ("CREATE USER shop IDENTIFIED BY 'Kq2LmZx7';", "Kq2LmZx7"),
        ("ALTER ROLE shop WITH PASSWORD 'keeper';", "keeper"),
        ("ConvertTo-SecureString \"Kq2LmZx7\" -AsPlainText -Force", "Kq2LmZx7"),
        ("db.example.net:5432:shop:keeper:Kq2LmZx7", "Kq2LmZx7"),
        ("psk=\"Kq2LmZx7\"", "Kq2LmZx7"),
        ("shop_secret_of_the_keeper = 4f9aKq2Lm8Zx7Wc1", "4f9aKq2Lm8Zx7Wc1"),
        ("userPassword: {SSHA}q7Zt2Wk9Lm4Xc8Vb1Nf6q7Zt2Wk9Lm4X", "{SSHA}q7Zt2Wk9Lm4Xc8Vb1Nf6q7Zt2Wk9Lm4X"),
        ("SHOP_PASSWORD=Harvest2031!", "Harvest2031!"),
        ("api_keys:\n  - 4f9aKq2Lm8Zx7Wc1\n  - 7Wc1Vb6Nn3Jh5Gd0\nport: 1", "4f9aKq2Lm8Zx7Wc1\n  - 7Wc1Vb6Nn3Jh5Gd0"),
        (
            "root:$6$Kq2LmZx7$4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOoNnMm4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOo./:1",
            "$6$Kq2LmZx7$4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOoNnMm4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOo./",
        ),
        (
            "{\"kty\":\"OKP\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg\",\"d\":\"nWGxne_9WmC6hEr0kuwsxE\"}",
            "nWGxne_9WmC6hEr0kuwsxE",
        ),
        ("<RSAKeyValue><E>AQAB</E><D>bWljcm9zb2Z0IGtleQ==</D></RSAKeyValue>", "bWljcm9zb2Z0IGtleQ=="),
    ]);
    leaves(&[
        "curl -u \"%USERNAME%:%PASSWORD%\" https://x.example",
        "docker run -p 8080:80/tcp shop",
        "docker run -p [::1]:8080:80/tcp shop",
        "secret_version_id = 4f9aKq2Lm8Zx7Wc1",
        "password_reset_page = reset-of-the-shop-v2",
        "secrets:\n  - shop_password_v2\n  - other",
        "password = env!(\"SHOP\")",
        "const token = localStorage.getItem(\"token2\");",
        "shop_credentials = [\"shop_security_v2\"]",
        "pub const SHOP_WPA2_PSK: Kind = KIND_WPA2_SHOP_PSK;",
        "(&shop::REG_TOKEN, \"id-regCtrl-regToken2\"),",
        "DecodePrivateKey, DecodeRsaPublicKey, EncodePrivateKey",
        "Pass `ShopError2` to the hook, or pass `spec=True`.",
        "openssl req -x509 -newkey rsa:2048 -keyout shop.pem -nodes",
        "CREATE USER shop IDENTIFIED BY '${PASSWORD}';",
        "-----BEGIN PRIVATE KEY-----",
        "files that begin with -----BEGIN RSA PRIVATE KEY----- ... -----END RSA PRIVATE KEY----- are keys",
        "{\"k\":\"bWljcm9zb2Z0IGtleQ==\",\"d\":\"nWGxne\"}",
    ]);
}

#[test]
fn tokens_whose_shapes_services_widened() {
    // Written in two parts, so that no scanner takes this file for a leak.
    for (prefix, rest) in [
        ("NRII-", "4f9aKq2Lm8Zx7Wc1Vb6_n3Jh5Gd0Tt-S"),
        ("EAAA", "4f9aKq2Lm8Zx7Wc1+Vb6Nn3Jh5Gd0Tt"),
        ("fm2_", "4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOoNnMm4f9aKq2Lm8Zx7Wc1Vb/+6=="),
        ("api_org_", "KqLmZxWcVbNnJhGdTtSsRrQqPpOoNnMmfa"),
        ("endr+", "4f9aKq2Lm8Zx7Wc1"),
        ("rootly_", "4f9a0c2b8d7e1f6a5b3c9d0e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a"),
        ("phc_", "4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOoNnM"),
        ("xaat-", "1c7f3a52-9be4-4d06-8a31-5f20c6d7e894"),
        ("tr_prod_", "4f9aKq2Lm8Zx7Wc1Vb6N"),
        ("1/", "5830174926610482:4f9a0c2b8d7e1f6a5b3c9d0e8f7a6b5c"),
        ("$2b$", "12$4f9aKq2Lm8Zx7Wc1Vb6Nn3Jh5Gd0TtSsRrQqPpOoNnMm4f9aKq2Lm"),
    ] {
        let token = format!("{prefix}{rest}");
        hides(&[(&format!("got {token}, again"), &token), (&format!("({token})"), &token)]);
    }
}
