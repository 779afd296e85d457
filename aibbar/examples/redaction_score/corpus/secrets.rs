//! Tokens of services in the forms that programs, settings, logs and people write them in; passwords; private keys; connections.

use aibbar::Kind;

use super::{Case, Random, percent_encoded, push};

pub(crate) fn cases(random: &mut Random, cases: &mut Vec<Case>) {
    shaped(random, cases);
    named(random, cases);
    passwords(random, cases);
    connections(random, cases);
    headers(random, cases);
    private_keys(random, cases);
}

const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE36: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const HEX: &str = "0123456789abcdef";

/// Tokens that show what they are: constant parts, and so many characters of an alphabet.
#[rustfmt::skip]
const SHAPES: &[&[(&str, &str, usize)]] = &[
    &[("AKIA", BASE32, 16)], &[("ASIA", BASE32, 16)], &[("ghp_", BASE62, 36)], &[("gho_", BASE62, 36)], &[("ghs_", BASE62, 36)], &[("ghr_", BASE62, 36)],
    &[("github_pat_", BASE62, 22), ("_", BASE62, 59)], &[("glpat-", BASE64, 20)], &[("gldt-", BASE64, 20)], &[("glrt-", BASE64, 20)], &[("glptt-", HEX, 40)],
    &[("GR1348941", BASE64, 20)], &[("glcbt-", BASE62, 2), ("_", BASE64, 20)], &[("glsa_", BASE62, 32), ("_", HEX, 8)], &[("gloas-", HEX, 64)],
    &[("xoxb-", "123456789", 12), ("-", "123456789", 13), ("-", BASE62, 24)], &[("xoxp-", "123456789", 12), ("-", "123456789", 12), ("-", "123456789", 12), ("-", HEX, 32)],
    &[("xapp-1-A", CAPITALS, 10), ("-", "123456789", 13), ("-", HEX, 64)], &[("xoxe-1-", CAPITALS, 146)],
    &[("https://hooks.slack.com/services/T", CAPITALS, 10), ("/B", CAPITALS, 10), ("/", BASE62, 24)],
    &[("https://discord.com/api/webhooks/", "123456789", 18), ("/", BASE64, 68)],
    &[("sk_live_", BASE62, 24)], &[("rk_live_", BASE62, 24)], &[("sk_test_", BASE62, 40)], &[("whsec_", BASE62, 32)], &[("sk-proj-", BASE64, 58), ("T3BlbkFJ", BASE64, 58)],
    &[("sk-", BASE62, 20), ("T3BlbkFJ", BASE62, 20)], &[("sk-ant-api03-", BASE64, 93), ("AA", "", 0)], &[("hf_", BASE62, 34)], &[("gsk_", BASE62, 52)], &[("r8_", BASE62, 37)],
    &[("pplx-", BASE62, 48)], &[("xai-", BASE62, 80)], &[("AIza", BASE64, 35)], &[("GOCSPX-", BASE64, 28)], &[("ya29.", BASE64, 60)], &[("npm_", BASE62, 36)],
    &[("pypi-AgEIcHlwaS5vcmc", BASE64, 80)], &[("rubygems_", HEX, 48)], &[("dckr_pat_", BASE64, 27)], &[("SG.", BASE64, 22), (".", BASE64, 43)], &[("key-", HEX, 32)],
    &[("SK", HEX, 32)], &[("shpat_", HEX, 32)], &[("shpss_", HEX, 32)], &[("sq0atp-", BASE64, 22)], &[("EAAAE", BASE64, 40)], &[("dop_v1_", HEX, 64)], &[("dapi", HEX, 32)],
    &[("dp.pt.", BASE62, 43)], &[("dt0c01.", CAPITALS, 24), (".", CAPITALS, 64)], &[("EZAK", BASE62, 54)], &[("duffel_live_", BASE64, 43)], &[("fio-u-", BASE64, 64)],
    &[("FLWSECK_TEST-", HEX, 32), ("-X", "", 0)], &[("hvs.", BASE64, 95)], &[("hvb.", BASE64, 150)], &[("lin_api_", BASE62, 40)], &[("NRAK-", CAPITALS, 27)], &[("NRJS-", HEX, 19)],
    &[("ntn_", "123456789", 11), ("", BASE62, 35)], &[("API-", CAPITALS, 26)], &[("sha256~", BASE64, 43)], &[("pscale_tkn_", BASE64, 43)], &[("PMAK-", HEX, 24), ("-", HEX, 34)],
    &[("pnu_", BASE62, 36)], &[("pul-", HEX, 40)], &[("rdme_", BASE36, 70)], &[("tk-us-", BASE64, 48)], &[("xkeysib-", HEX, 64), ("-", BASE62, 16)], &[("sntryu_", HEX, 64)],
    &[("sm_pat_", BASE62, 16)], &[("shippo_live_", HEX, 40)], &[("sgp_", HEX, 16), ("_", HEX, 40)], &[("tfp_", BASE64, 59)], &[("AQVN", BASE64, 38)], &[("p8e-", BASE36, 32)],
    &[("LTAI", BASE62, 20)], &[("ops_eyJ", BASE62, 260)], &[("A3-", CAPITALS, 6), ("-", CAPITALS, 11), ("-", CAPITALS, 5), ("-", CAPITALS, 5), ("-", CAPITALS, 5)],
    &[("v1.0-", HEX, 24), ("-", HEX, 146)], &[("dnkey-", BASE64, 26), ("-", BASE64, 52)], &[("", HEX, 32), ("-us1", "", 0)], &[("", BASE62, 6), ("_", BASE62, 29), ("_mmk", "", 0)],
    &[("", BASE36, 14), (".atlasv1.", BASE64, 67)], &[("s-s4t2ud-", HEX, 64)], &[("", "123456789", 10), (":A", BASE64, 34)], &[("PMAT-", CAPITALS, 0), ("glft-", BASE64, 20)],
    &[("abc8Q~", BASE64, 34)], &[("CLOJARS_", BASE36, 60)], &[("AKCp", BASE62, 69)], &[("HRKU-AA", BASE64, 58)], &[("tskey-auth-", BASE62, 12), ("-", BASE62, 32)],
    &[("ico-", BASE62, 32)], &[("cfut_", BASE62, 48)], &[("ATATT3", BASE64, 186)], &[("access-production-", HEX, 8), ("-", HEX, 4), ("-", HEX, 4), ("-", HEX, 4), ("-", HEX, 12)],
    &[("pat-na1-", HEX, 8), ("-", HEX, 4), ("-", HEX, 4), ("-", HEX, 4), ("-", HEX, 12)], &[("amzn.mws.", HEX, 8), ("-", HEX, 4), ("-", HEX, 4), ("-", HEX, 4), ("-", HEX, 12)],
    &[("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ", BASE64, 60), (".", BASE64, 43)], &[("snyk_uat.", HEX, 8), (".", BASE64, 40)], &[("lsv2_pt_", HEX, 32), ("_", HEX, 10)],
];

fn shaped(random: &mut Random, cases: &mut Vec<Case>) {
    const PLACES: &[&str] = &[
        "{}",
        "use {} for it",
        "curl -H 'X-Thing: {}' https://x.example",
        "{\"v\":\"{}\"}",
        "{\"v\":\"{\\\"w\\\":\\\"{}\\\"}\"}",
        "x={};",
        "login with `{}`.",
        "// {}",
        "<v>{}</v>",
        "- {}\n",
        "|a|{}|b|",
        "https://x.example/?t={}&u=1",
        "[\"{}\", 1]",
    ];
    for shape in SHAPES {
        for _ in 0..2 {
            let token: String = shape
                .iter()
                .map(|(constant, alphabet, length)| format!("{constant}{}", random.text(alphabet, *length)))
                .collect();
            // A token of digits alone, or of letters alone, is one in a million: not what the rules are for.
            let token =
                if token.ends_with(['-', '_', '.']) { format!("{}4", &token[..token.len() - 1]) } else { token };
            for _ in 0..3 {
                let place = random.of(PLACES);
                push(Kind::Secret, &place.replace("{}", &token), &token, cases);
            }
            push(Kind::Secret, &format!("seen: {}", percent_encoded(&token)), &percent_encoded(&token), cases);
        }
    }
}

/// How a value stands beside its name: `N` is the name in capitals, `n` in small letters, `c` with humps.
const FORMS: &[&str] = &[
    "{c}=\"{v}\"",
    "{c} = \"{v}\"",
    "{c}={v}",
    "{c} = {v}",
    "{\n    \"{n}\": \"{v}\"\n}",
    "{\"config.ini\": \"{N}={v}\\nBACKUP_ENABLED=true\"}",
    "<{c}>\n    {v}\n</{c}>",
    "<{c}>{v}</{c}>",
    "{n}: {v}",
    "{n}: '{v}'",
    "{n}: \"{v}\"",
    "string {c} = \"{v}\";",
    "var {c} string = \"{v}\"",
    "{c} := \"{v}\"",
    "{c} := `{v}`",
    "String {c} = \"{v}\";",
    "let {c}: string = '{v}';",
    "var {c} = \"{v}\"",
    "const {c} = '{v}'",
    "{c} = '{v}'",
    "${c} .= \"{v}\";",
    "${c} ??= '{v}';",
    "{N} ?= {v}",
    "{N} ::= {v}",
    "{N}+={v}",
    "export {N}={v}",
    "set {N}={v}",
    "$env:{N} = \"{v}\"",
    "ENV {N} {v}",
    "ENV {N}={v}",
    "- name: {N}\n  value: {v}",
    "- name: {N}\n  value: \"{v}\"",
    "{\"name\": \"{N}\", \"value\": \"{v}\"}",
    "<add key=\"{c}\" value=\"{v}\" />",
    "--{k} {v}",
    "--{k}={v}",
    "-{c} {v}",
    "?{n}={v}&page=2",
    "https://x.example/?a=1&{n}={v}",
    "curl -d '{n}={v}' https://x.example",
    "X-{K}: {v}",
    "headers[\"X-{K}\"] = \"{v}\"",
    "req.set('X-{K}', '{v}')",
    "define('{N}', '{v}');",
    "os.environ[\"{N}\"] = \"{v}\"",
    "config.{n} = '{v}'",
    ":{n} => \"{v}\"",
    "{n} => '{v}',",
    "# {n}: {v}",
    "// {N}={v}",
    "/* {N} = {v} */",
    "INFO {n}={v} user=bob",
    "\"{N}={v}\"",
    "{\\\"{n}\\\":\\\"{v}\\\"}",
    "{n}%3D{v}%26x%3D1",
    "`{N}={v}`",
    "| {n}: {v} |",
    "{N}: |\n  {v}\n",
    "{N}: >-\n  {v}\n",
    "[db]\n{n} = {v}\n",
    "{n}\t=\t{v}",
    "the {n} is {v}",
    "&quot;{n}&quot;:&quot;{v}&quot;",
    "static final String {N} = \"{v}\";",
    "private readonly string _{c} = \"{v}\";",
    "{c}: Some(\"{v}\".to_owned()),",
    "let {c} = @\"{v}\";",
];

/// Services whose keys have no shape, as their names stand in settings.
const SERVICES: &[&str] = &[
    "adafruit",
    "adobe",
    "algolia",
    "asana",
    "bittrex",
    "cloudflare",
    "codecov",
    "cohere",
    "coinbase",
    "confluent",
    "contentful",
    "datadog",
    "discord",
    "droneci",
    "dropbox",
    "etsy",
    "facebook",
    "fastly",
    "finnhub",
    "flickr",
    "freshbooks",
    "gitter",
    "intercom",
    "jfrog",
    "kraken",
    "kucoin",
    "launchdarkly",
    "linkedin",
    "looker",
    "mailgun",
    "mattermost",
    "messagebird",
    "netlify",
    "nytimes",
    "okta",
    "plaid",
    "rapidapi",
    "sendbird",
    "sentry",
    "snyk",
    "sonar",
    "squarespace",
    "sumologic",
    "travis",
    "trello",
    "twitch",
    "twitter",
    "typeform",
    "yandex",
    "zendesk",
    "acme",
    "internal",
];

fn fill(form: &str, name: &str, value: &str) -> String {
    let humps = |joint: &str| {
        let mut words = name.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |name, word| name + joint + &word[..1].to_uppercase() + &word[1..])
    };
    let headed = name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<Vec<_>>().join("-");
    form.replace("{c}", &humps(""))
        .replace("{n}", name)
        .replace("{N}", &name.to_uppercase())
        .replace("{k}", &name.replace('_', "-"))
        .replace("{K}", &headed)
        .replace("{v}", value)
}

fn named(random: &mut Random, cases: &mut Vec<Case>) {
    const NOUNS: &[&str] = &[
        "token",
        "api_key",
        "secret",
        "client_secret",
        "access_token",
        "secret_key",
        "api_token",
        "auth_token",
        "access_key",
        "password",
    ];
    for service in SERVICES {
        for form in FORMS {
            let value = match random.within(0, 5) {
                0 => random.text(BASE36, 32),
                1 => random.text(BASE62, 40),
                2 => random.hex(32),
                3 => random.hex(64),
                4 => random.text(BASE36, 20),
                _ => random.uuid(),
            };
            let name = format!("{service}_{}", random.of(NOUNS));
            push(Kind::Password, &fill(form, &name, &value), &value, cases);
        }
        // Without a word for a key the name of the service has to do; a UUID next to it is no key then.
        if !matches!(*service, "acme" | "internal") {
            for form in ["{n}: {v}", "{N}=\"{v}\"", "{\"{n}\":\"{v}\"}", "{n}_prod = '{v}'", "{n}_key = {v}"] {
                let value = random.text(BASE36, 32);
                push(Kind::Password, &fill(form, service, &value), &value, cases);
            }
        }
    }
}

fn passwords(random: &mut Random, cases: &mut Vec<Case>) {
    const NAMES: &[&str] = &[
        "password",
        "db_password",
        "passwd",
        "user_pwd",
        "passphrase",
        "smtp_pass",
        "admin_password",
        "passwort",
        "kennwort",
        "contraseña",
        "senha",
    ];
    for name in NAMES {
        for form in FORMS {
            let value = match random.within(0, 3) {
                0 => format!("hunter{}", random.digits(3)),
                1 => random.text(BASE62, 12),
                2 => format!("{}!{}", random.text("abcdefghijkmnopqrstuvwxyz", 6), random.digits(2)),
                _ => format!("{}-{}-{}", random.text(BASE36, 4), random.text(BASE36, 4), random.digits(4)),
            };
            // How a header or an option is called is plain letters.
            if name.is_ascii() || !form.contains("{K}") && !form.contains("{k}") {
                push(Kind::Password, &fill(form, name, &value), &value, cases);
            }
        }
    }
    for text in [
        "my password is {}",
        "Password: {}",
        "pw: {}",
        "user bob / pass: {}",
        "The passphrase is \"{}\".",
        "log in with bob and password {}9x!",
    ] {
        if !text.contains("and password") {
            push(Kind::Password, &text.replace("{}", "tr0ub4dor&3"), "tr0ub4dor&3", cases);
        }
    }
}

fn connections(random: &mut Random, cases: &mut Vec<Case>) {
    const URLS: &[&str] = &[
        "postgres://app:{}@db.example:5432/x",
        "postgresql+asyncpg://app:{}@db/x?sslmode=require",
        "mysql://root:{}@localhost/x",
        "mongodb+srv://u:{}@c0.example.net/?w=1",
        "redis://:{}@cache:6379/0",
        "rediss://default:{}@cache.example:6380",
        "amqp://guest:{}@rabbit:5672/vhost",
        "https://bob:{}@git.example/x.git",
        "ftp://u:{}@files.example/",
        "jdbc:postgresql://db/x?user=app&password={}",
        "jdbc:oracle:thin:scott/{}@//db:1521/orcl",
        "Server=db;Database=x;User Id=sa;Password={};Encrypt=True",
        "Data Source=db;uid=sa;pwd={};",
        "host=db user=app password={} dbname=x",
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey={}==;EndpointSuffix=core.windows.net",
        "Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={}=",
        "https://x.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig={}%3D",
        "smtp://u:{}@mail.example:587",
        "curl -u bob:{} https://x.example",
        "curl --user 'bob:{}' https://x.example",
        "mysql -u root -p{} x",
        "sshpass -p {} ssh example",
        "redis-cli -h cache -a {} ping",
        "docker login -u bob -p {} registry.example",
        "PGPASSWORD={} psql -h db",
        "machine x.example login bob password {}",
    ];
    for url in URLS {
        for place in ["{}", "{\"url\":\"{}\"}", "DSN='{}'", "connecting to {} failed"] {
            let value = random.text(BASE62, 43);
            push(Kind::Secret, &place.replace("{}", &url.replace("{}", &value)), &value, cases);
        }
    }
}

fn headers(random: &mut Random, cases: &mut Vec<Case>) {
    const HEADERS: &[&str] = &[
        "Authorization: Bearer {}",
        "authorization: bearer {}",
        "Authorization: Basic {}=",
        "Authorization: Token {}",
        "Authorization: token {}",
        "Authorization: {}",
        "Authorization: ApiKey {}",
        "Authorization: Digest username=\"bob\", response=\"{}\"",
        "Authorization: AWS4-HMAC-SHA256 Credential=x/y, Signature={}",
        "Proxy-Authorization: Basic {}",
        "X-Api-Key: {}",
        "X-Auth-Token: {}",
        "Ocp-Apim-Subscription-Key: {}",
        "PRIVATE-TOKEN: {}",
        "Cookie: theme=dark; sessionid={}; lang=en",
        "Set-Cookie: sid={}; Path=/; HttpOnly",
        "X-Amz-Security-Token: {}",
        "?X-Amz-Expires=60&X-Amz-Signature={}",
    ];
    for header in HEADERS {
        for place in ["{}", "curl -H '{}' https://x.example", "GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "> {}\n"] {
            let value = random.text(BASE62, 39);
            push(Kind::Secret, &place.replace("{}", &header.replace("{}", &value)), &value, cases);
        }
        if let Some((name, value)) = header.split_once(": ").filter(|(_, value)| !value.contains('"')) {
            let token = random.text(BASE62, 39);
            let value = value.replace("{}", &token);
            push(Kind::Secret, &format!("{{\"{name}\": \"{value}\"}}"), &token, cases);
            push(Kind::Secret, &format!("headers = {{'{name}': '{value}'}}"), &token, cases);
        }
    }
}

fn private_keys(random: &mut Random, cases: &mut Vec<Case>) {
    for label in [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "DSA PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ] {
        let lines: Vec<String> = (0..6).map(|_| random.text(BASE62, 64)).collect();
        for (joint, frame) in
            [("\n", "{}"), ("\\n", "{\"key\":\"{}\"}"), ("\r\n", "key: |\n{}"), ("\\\\n", "\"{\\\"k\\\":\\\"{}\\\"}\"")]
        {
            let body = lines.join(joint);
            let pem = format!("-----BEGIN {label}-----{joint}{body}{joint}-----END {label}-----");
            push(Kind::Secret, &frame.replace("{}", &pem), &body, cases);
            let cut = format!("-----BEGIN {label}-----{joint}{body}");
            push(Kind::Secret, &frame.replace("{}", &cut), &body, cases);
        }
    }
    let lines = (0..4).map(|_| random.text(BASE62, 64)).collect::<Vec<_>>().join("\n");
    push(
        Kind::Secret,
        &format!("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 4\n{lines}\nPrivate-MAC: x"),
        &lines,
        cases,
    );
}
