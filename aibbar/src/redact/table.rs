//! The rules as data: token shapes, names, country lengths, issuers, and the words that tell one number from another.

/// A token that begins with a prefix of its own.
pub(super) struct Token {
    pub(super) prefix: &'static str,
    /// What follows the prefix, as an anchored pattern over bytes; every repetition is bounded.
    pub(super) body: &'static str,
    /// At least so many bits a character, from prefix to end: `ghp_xxxxxxxx…` in a manual is no token.
    pub(super) entropy: f32,
    /// A body without a digit is a word of somebody's program.
    pub(super) digit: bool,
}

const fn token(prefix: &'static str, body: &'static str) -> Token {
    Token { prefix, body, entropy: 2.5, digit: false }
}

impl Token {
    /// A shape so plain that only randomness tells it from a name.
    const fn random(mut self) -> Self {
        self.entropy = 3.0;
        self.digit = true;
        self
    }

    /// A shape so special that it needs no more.
    const fn certain(mut self) -> Self {
        self.entropy = 0.0;
        self
    }
}

/// Every token shape. Where two rules share a prefix the first that matches wins; the order is otherwise of no meaning.
#[rustfmt::skip]
pub(super) const TOKENS: &[Token] = &[
    // Models
    token("sk-", r"(?:ant|proj|svcacct|service|admin|None|or|lf|kimi|cp)-[A-Za-z0-9_-]{16,200}").random(), // Anthropic, OpenAI, OpenRouter, Langfuse
    token("sk-", r"[A-Za-z0-9]{20,100}").random(),                                // OpenAI (older), DeepSeek, others
    token("hf_", r"[A-Za-z0-9]{30,40}").random(),
    token("api_org_", r"[A-Za-z0-9]{30,40}").random(),                            // Hugging Face
    token("r8_", r"[A-Za-z0-9]{37}").random(),                                    // Replicate
    token("gsk_", r"[A-Za-z0-9]{40,60}").random(),                                // Groq
    token("xai-", r"[A-Za-z0-9]{60,100}").random(),
    token("pplx-", r"[A-Za-z0-9]{40,60}").random(),
    token("nvapi-", r"[A-Za-z0-9_-]{60,80}").random(),
    token("fw_", r"[A-Za-z0-9]{22,32}").random(),                                 // Fireworks
    token("tgp_v1_", r"[A-Za-z0-9_-]{40,60}").random(),                           // Together
    token("lsv2_", r"(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}").random(),              // LangSmith
    token("pcsk_", r"[A-Za-z0-9_]{50,80}").random(),                              // Pinecone
    token("tvly-", r"[A-Za-z0-9-]{28,60}").random(),                              // Tavily
    // GAPIN and Stripe write alike
    token("sk_", r"(?:live|test|prod)_[A-Za-z0-9]{10,110}").random(),
    token("rk_", r"(?:live|test|prod)_[A-Za-z0-9]{10,110}").random(),
    token("sk_", r"[A-Za-z0-9]{24,64}").random(),
    token("whsec_", r"[A-Za-z0-9+/]{24,64}={0,2}").random(),
    // Clouds
    token("AKIA", r"[A-Z2-7]{16}"),
    token("ASIA", r"[A-Z2-7]{16}"),
    token("ABIA", r"[A-Z2-7]{16}"),
    token("ACCA", r"[A-Z2-7]{16}"),
    token("A3T", r"[A-Z0-9][A-Z2-7]{16}"),
    token("ABSK", r"[A-Za-z0-9+/]{109,269}={0,2}").random(),                      // Amazon Bedrock
    token("bedrock-api-key-", r"[A-Za-z0-9+/]{20,500}={0,2}").random(),
    token("AIza", r"[A-Za-z0-9_-]{35}").random(),
    token("GOCSPX-", r"[A-Za-z0-9_-]{28}").random(),
    token("ya29.", r"[A-Za-z0-9_-]{20,500}").random(),
    token("1//0", r"[A-Za-z0-9_-]{40,200}").random(),                             // Google refresh token
    token("LTAI", r"[A-Za-z0-9]{12,22}").random(),                                // Alibaba
    token("AKID", r"[A-Za-z0-9]{32}").random(),                                   // Tencent
    token("dop_v1_", r"[0-9a-f]{64}"),
    token("doo_v1_", r"[0-9a-f]{64}"),
    token("dor_v1_", r"[0-9a-f]{64}"),
    token("HRKU-", r"[A-Za-z0-9_-]{36,64}").random(),
    token("dapi", r"[0-9a-f]{32}(?:-[0-9])?").random(),                           // Databricks
    token("v1.0-", r"[0-9a-f]{24}-[0-9a-f]{146}").random(),                       // Cloudflare origin CA
    token("fio-u-", r"[A-Za-z0-9_=-]{64}").random(),
    token("FlyV1 ", r"fm[12][ar]?_[A-Za-z0-9+/=,_-]{100,500}"),
    token("fo1_", r"[A-Za-z0-9_-]{43}").random(),
    token("ocid1.", r"credential\.[a-z0-9.]{40,120}").random(),
    // Code and packages
    token("ghp_", r"[A-Za-z0-9]{36,255}"),
    token("gho_", r"[A-Za-z0-9]{36,255}"),
    token("ghu_", r"[A-Za-z0-9]{36,255}"),
    token("ghs_", r"[A-Za-z0-9]{36,255}"),
    token("ghr_", r"[A-Za-z0-9]{36,255}"),
    token("github_pat_", r"[A-Za-z0-9_]{36,255}"),
    token("glpat-", r"[A-Za-z0-9_-]{20,64}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7,9})?"),
    token("gldt-", r"[A-Za-z0-9_-]{20,64}"),
    token("glcbt-", r"(?:[A-Za-z0-9]{1,5}_)?[A-Za-z0-9_-]{20,64}"),
    token("glptt-", r"[A-Za-z0-9_-]{20,64}"),
    token("glrt-", r"[A-Za-z0-9_.-]{20,64}"),
    token("glrtr-", r"[A-Za-z0-9_.-]{20,64}"),
    token("glagent-", r"[A-Za-z0-9_-]{50,64}"),
    token("gloas-", r"[A-Za-z0-9_-]{64}"),
    token("glsoat-", r"[A-Za-z0-9_-]{20,64}"),
    token("glimt-", r"[A-Za-z0-9_-]{20,64}"),
    token("glft-", r"[A-Za-z0-9_-]{20,64}"),
    token("glffct-", r"[A-Za-z0-9_-]{20,64}"),
    token("GR1348941", r"[A-Za-z0-9_-]{20}"),
    token("_gitlab_session=", r"[0-9a-z]{32}"),
    token("ATBB", r"[A-Za-z0-9]{32}").random(),                                   // Bitbucket
    token("ATATT3", r"[A-Za-z0-9_=-]{100,250}").random(),                         // Atlassian
    token("ATCTT3", r"[A-Za-z0-9_=-]{100,250}").random(),
    token("npm_", r"[A-Za-z0-9]{36}").random(),
    token("pypi-", r"AgE[A-Za-z0-9_-]{50,500}"),
    token("rubygems_", r"[0-9a-f]{48}"),
    token("cio", r"[A-Za-z0-9]{32}").random(),                                    // crates.io
    token("oy2", r"[a-z0-9]{43}").random(),                                       // NuGet
    token("CLOJARS_", r"[A-Za-z0-9]{60}").random(),
    token("dckr_pat_", r"[A-Za-z0-9_-]{27,36}"),
    token("dckr_oat_", r"[A-Za-z0-9_-]{27,36}"),
    token("cmVmd", r"[A-Za-z0-9]{59}").random(),                                  // Artifactory reference token
    token("AKCp", r"[A-Za-z0-9]{69}").random(),                                   // Artifactory API key
    token("sonar_", r"[A-Za-z0-9]{40}").random(),
    token("sqp_", r"[0-9a-f]{40}"),
    token("sqa_", r"[0-9a-f]{40}"),
    token("squ_", r"[0-9a-f]{40}"),
    token("CCIPAT_", r"[A-Za-z0-9_]{40,80}").random(),
    token("bkua_", r"[0-9a-f]{40}"),
    token("sgp_", r"(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"),                      // Sourcegraph
    token("vc", r"[a-z]_[A-Za-z0-9]{24,60}").random(),                            // Vercel
    token("nfp_", r"[A-Za-z0-9]{36,60}").random(),                                // Netlify
    token("rnd_", r"[A-Za-z0-9]{28,40}").random(),                                // Render
    token("tk-us-", r"[A-Za-z0-9_-]{48}").random(),                               // Scalingo
    // Talk
    token("xoxb-", r"[0-9]{8,14}-[0-9A-Za-z-]{18,100}"),
    token("xoxp-", r"[0-9A-Za-z-]{20,250}").random(),
    token("xoxe-", r"[0-9A-Za-z-]{20,250}").random(),
    token("xoxe.", r"xox[bp]-[0-9]-[0-9A-Za-z]{160,170}").random(),
    token("xoxa-", r"(?:[0-9]-)?[0-9A-Za-z-]{10,250}").random(),
    token("xoxr-", r"(?:[0-9]-)?[0-9A-Za-z-]{10,250}").random(),
    token("xoxs-", r"[0-9A-Za-z-]{10,250}").random(),
    token("xoxo-", r"[0-9A-Za-z-]{10,250}").random(),
    token("xoxc-", r"[0-9A-Za-z-]{10,250}").random(),
    token("xoxd-", r"[0-9A-Za-z%-]{20,250}").random(),
    token("xapp-", r"[0-9]-[A-Z0-9]{8,14}-[0-9]{8,16}-[0-9a-f]{30,70}"),
    token("hooks.slack.com/", r"(?:services|workflows|triggers)/[A-Za-z0-9+/]{40,90}"),
    token("discord.com/api/webhooks/", r"[0-9]{17,20}/[A-Za-z0-9_-]{60,80}"),
    token("discordapp.com/api/webhooks/", r"[0-9]{17,20}/[A-Za-z0-9_-]{60,80}"),
    token(".webhook.office.com/", r"webhookb2/[A-Za-z0-9-]{36}@[A-Za-z0-9-]{36}/IncomingWebhook/[A-Za-z0-9]{32}/[A-Za-z0-9-]{36}"),
    token("SG.", r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,50}").random(),         // SendGrid
    token("key-", r"[0-9a-f]{32}").random(),                                      // Mailgun
    token("xkeysib-", r"[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    token("xsmtpsib-", r"[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    token("SK", r"[0-9a-f]{32}").random(),                                        // Twilio
    token("re_", r"[A-Za-z0-9]{6,12}_[A-Za-z0-9]{20,30}").random(),               // Resend
    token("EAA", r"[A-Za-z0-9]{100,400}").random(),                               // Facebook
    token("AAAAAAAAAAAAAAAAAAAAA", r"[A-Za-z0-9%]{40,100}").random(),             // Twitter
    // Commerce
    token("shpat_", r"[0-9a-fA-F]{32}"),
    token("shpca_", r"[0-9a-fA-F]{32}"),
    token("shppa_", r"[0-9a-fA-F]{32}"),
    token("shpss_", r"[0-9a-fA-F]{32}"),
    token("shptka_", r"[0-9a-fA-F]{32}"),
    token("EAAA", r"[A-Za-z0-9_-]{22,60}").random(),                              // Square
    token("sq0atp-", r"[A-Za-z0-9_-]{22,60}"),
    token("sq0csp-", r"[A-Za-z0-9_-]{22,60}"),
    token("sq0idp-", r"[A-Za-z0-9_-]{22,60}"),
    token("access_token$production$", r"[0-9a-z]{16}\$[0-9a-f]{32}"),             // Braintree
    token("live_", r"[A-Za-z0-9_=-]{40}").random(),                               // GoCardless
    token("EZAK", r"[A-Za-z0-9]{54}").random(),                                   // EasyPost
    token("EZTK", r"[A-Za-z0-9]{54}").random(),
    token("shippo_", r"(?:live|test)_[0-9a-fA-F]{40}"),
    token("FLWSECK_TEST-", r"[0-9a-zA-Z-]{12,40}"),
    token("FLWPUBK_TEST-", r"[0-9a-zA-Z-]{32}-X"),
    token("FLWSECK-", r"[0-9a-zA-Z-]{32}-X"),
    token("duffel_", r"(?:test|live)_[A-Za-z0-9_=-]{43}"),
    token("rzp_live_", r"[A-Za-z0-9]{14}"),
    // Data and running
    token("hvs.", r"[A-Za-z0-9_-]{24,300}"),                                      // Vault
    token("hvb.", r"[A-Za-z0-9_-]{24,500}"),
    token("hvr.", r"[A-Za-z0-9_-]{24,300}"),
    token("s.", r"[A-Za-z0-9]{24}").random(),
    token("AGE-SECRET-KEY-1", r"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}").certain(),
    token("dp.", r"(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}"), // Doppler
    token("dt0c01.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),                              // Dynatrace
    token("glsa_", r"[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}"),                            // Grafana
    token("glc_", r"[A-Za-z0-9+/]{32,400}={0,2}").random(),
    token("eyJrIjoi", r"[A-Za-z0-9]{70,400}={0,3}"),                              // Grafana (older)
    token("NRAK-", r"[A-Za-z0-9]{27}"),
    token("NRJS-", r"[0-9a-f]{19,20}"),
    token("NRII-", r"[A-Za-z0-9-]{32}"),
    token("NRRA-", r"[0-9a-f]{42}"),
    token("pul-", r"[0-9a-f]{40}"),
    token("pnu_", r"[A-Za-z0-9]{36}"),
    token("rdme_", r"[a-z0-9]{70}"),
    token("sntrys_", r"eyJ[A-Za-z0-9+/=_-]{40,300}"),
    token("sntryu_", r"[0-9a-f]{64}"),
    token("ntn_", r"[0-9]{11}[A-Za-z0-9]{35}"),
    token("secret_", r"[A-Za-z0-9]{43}").random(),                                // Notion (older)
    token("lin_api_", r"[A-Za-z0-9]{40}").random(),
    token("pat", r"[A-Za-z0-9]{14}\.[0-9a-f]{64}").random(),                      // Airtable
    token("pat.", r"[A-Za-z0-9]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}"),          // Harness
    token("sat.", r"[A-Za-z0-9]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}"),
    token("pscale_tkn_", r"[A-Za-z0-9_=.-]{32,64}"),
    token("pscale_oauth_", r"[A-Za-z0-9_=.-]{32,64}"),
    token("pscale_pw_", r"[A-Za-z0-9_=.-]{32,64}"),
    token("sbp_", r"[0-9a-f]{40}"),                                               // Supabase
    token("sb_secret_", r"[A-Za-z0-9_-]{30,50}").random(),
    token("PMAK-", r"[0-9a-f]{24}-[0-9a-f]{34}"),                                 // Postman
    token("ddp_", r"[A-Za-z0-9]{36}").random(),                                   // Datadog
    token("phx_", r"[A-Za-z0-9]{40,60}").random(),                                // PostHog
    token("pk.", r"[A-Za-z0-9]{60,100}\.[A-Za-z0-9]{22}").random(),               // Mapbox
    token("sk.", r"eyJ[A-Za-z0-9]{57,100}\.[A-Za-z0-9_-]{22}").random(),
    token("sm_aat_", r"[A-Za-z0-9]{16}").random(),                                // SettleMint
    token("sm_pat_", r"[A-Za-z0-9]{16}").random(),
    token("sm_sat_", r"[A-Za-z0-9]{16}").random(),
    token("fpk_", r"[A-Za-z0-9]{32,64}").random(),
    token("p8e-", r"[A-Za-z0-9]{32}").random(),
    token("CFPAT-", r"[A-Za-z0-9_-]{43}").random(),                               // Contentful
    token("figd_", r"[A-Za-z0-9_-]{40}").random(),
    token("aio_", r"[A-Za-z0-9]{28}").random(),                                   // Adafruit
    token("ops_", r"eyJ[A-Za-z0-9+/]{250,2000}={0,3}"),                           // 1Password
    token("A3-", r"[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}"),
    token("xox", r"[abp]-[0-9]{9,14}-[0-9A-Za-z-]{18,200}"),
    token("tskey-", r"[a-z]{3,6}-[A-Za-z0-9]{10,24}(?:-[A-Za-z0-9]{20,60})?").random(), // Tailscale
    token("PRIVATE-TOKEN: ", r"[A-Za-z0-9_-]{20,64}"),
    token("SWMTKN-1-", r"[a-z0-9]{40,60}-[a-z0-9]{20,30}"),
    // Telegram: the bot's number, then the token
    token(":AA", r"[A-Za-z0-9_-]{32,34}").random(),
];

/// Keys that their owners published in manuals and demonstrations, and that therefore hide nothing.
pub(super) const PUBLISHED: &[&str] = &[
    "AIzaSyAnLA7NfeLquW1tJFpx_eQCxoX-oo6YyIs",
    "AIzaSyCkEhVjf3pduRDt6d1yKOMitrUEke8agEM",
    "AIzaSyDMAScliyLx7F0NPDEJi1QmyCgHIAODrlU",
    "AIzaSyD3asb-2pEZVqMkmL6M9N6nHZRR_znhrh0",
    "AIzayDNSXIbFmlXbIE6mCzDLQAqITYefhixbX4A",
    "AIzaSyAdOS2zB6NCsk1pCdZ4-P6GBdi_UUPwX7c",
    "AIzaSyASWm6HmTMdYWpgMnjRBjxcQ9CKctWmLd4",
];

/// What the last word of a name is, or ends with, when its value is a password.
pub(super) const PASSWORD_NAMES: &[&str] = &[
    "password",
    "passwd",
    "passwrd",
    "passphrase",
    "passcode",
    "pwd",
    "passwort",
    "kennwort",
    "contraseña",
    "contrasena",
    "senha",
    "wachtwoord",
    "lösenord",
    "hasło",
    "motdepasse",
    "passe",
    "пароль",
    "密码",
    "密碼",
    "パスワード",
    "비밀번호",
];

/// The same for secrets that are not passwords. `key` and `token` are too plain to stand here: see below.
pub(super) const SECRET_NAMES: &[&str] = &[
    "secret",
    "secrets",
    "credential",
    "credentials",
    "authorization",
    "apikey",
    "apikeys",
    "secretkey",
    "accesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "authkey",
    "masterkey",
    "accountkey",
    "sharedkey",
    "passwords",
    "passkey",
    "appkey",
];

/// A `key` is a secret when the word before it is one of these.
pub(super) const SECRET_KEYS: &[&str] = &[
    "api",
    "apim",
    "secret",
    "access",
    "private",
    "signing",
    "encryption",
    "auth",
    "master",
    "account",
    "shared",
    "hmac",
    "aes",
    "subscription",
    "functions",
    "admin",
    "deploy",
    "service",
    "license",
    "session",
    "wallet",
    "ssh",
    "storage",
    "webhook",
];

/// A `token` is none when the word before it is one of these: a piece of text, a mark in it, or a place in a list.
pub(super) const PLAIN_TOKENS: &[&str] = &[
    "next",
    "page",
    "prev",
    "previous",
    "continuation",
    "cancellation",
    "cancel",
    "eos",
    "bos",
    "pad",
    "unk",
    "sep",
    "cls",
    "mask",
    "stop",
    "end",
    "start",
    "begin",
    "special",
    "first",
    "last",
    "max",
    "min",
    "total",
    "prompt",
    "completion",
    "input",
    "output",
    "cached",
    "reasoning",
    "audio",
    "image",
    "text",
    "per",
    "each",
    "design",
    "syntax",
    "lexer",
    "parser",
    "word",
    "top",
    "non",
    "sync",
    "delta",
];

/// `tokens` are secrets only when the word before says so: a language model counts `tokens`.
pub(super) const SECRET_TOKENS: &[&str] =
    &["access", "refresh", "auth", "api", "bearer", "session", "secret", "user", "device", "push", "id"];

/// Names whose value is short and often of digits only.
pub(super) const PIN_NAMES: &[&str] = &["pin", "otp", "totp", "cvv", "cvc", "cvv2", "cvc2", "csc"];

/// A `code` is one of those when the word before it is one of these.
pub(super) const PIN_CODES: &[&str] = &[
    "security",
    "verification",
    "auth",
    "authentication",
    "recovery",
    "backup",
    "otp",
    "pin",
    "login",
    "2fa",
    "mfa",
    "sms",
];

/// `pass` and `pw` are passwords unless the word before makes something else of them.
pub(super) const OTHER_PASSES: &[&str] = &[
    "boarding", "season", "bus", "ski", "day", "all", "hall", "by", "first", "second", "third", "two", "multi",
    "single", "mountain",
];

/// First words of names that tell something about a secret and do not hold it: `hasPassword`, `no_token`.
pub(super) const PREDICATES: &[&str] = &[
    "is", "has", "had", "was", "no", "non", "not", "without", "needs", "requires", "require", "should", "can", "allow",
    "allows", "enable", "enabled", "disable", "use", "uses", "forgot", "missing", "invalid", "valid",
];

/// Last words of names that leave the meaning with the word before: `password_confirmation`, `tokenValue`.
pub(super) const QUALIFIERS: &[&str] = &[
    "value",
    "values",
    "confirm",
    "confirmation",
    "plain",
    "plaintext",
    "cleartext",
    "raw",
    "string",
    "str",
    "text",
    "current",
    "old",
    "new",
    "prod",
    "production",
    "staging",
    "dev",
    "test",
    "live",
    "base64",
    "b64",
    "encoded",
    "header",
    "hash",
    "env",
    "var",
    "data",
    "field",
];

/// What the last word of a name is when its value is a telephone number; before `number`, `no` and the like too.
pub(super) const PHONE_NAMES: &[&str] = &[
    "phone",
    "telephone",
    "cellphone",
    "smartphone",
    "mobile",
    "mobil",
    "tel",
    "cell",
    "fax",
    "msisdn",
    "whatsapp",
    "handy",
    "telefon",
    "telefono",
    "teléfono",
    "telefone",
    "téléphone",
    "telephone",
    "celular",
    "portable",
    "landline",
    "homephone",
    "workphone",
    "mobilephone",
    "phonenumber",
    "mobilenumber",
    "телефон",
    "电话",
    "手机",
    "電話",
];

/// Words that make a number after them a telephone number, whatever it looks like.
pub(super) const PHONE_WORDS: &[&str] = &[
    "phone",
    "phones",
    "telephone",
    "cellphone",
    "mobile",
    "mobil",
    "tel",
    "cell",
    "fax",
    "msisdn",
    "whatsapp",
    "telefon",
    "telefono",
    "teléfono",
    "telefone",
    "téléphone",
    "celular",
    "handy",
    "landline",
    "телефон",
    "phone number",
    "hotline",
];

/// Words that let a national number stand without them being proof.
pub(super) const CALL_WORDS: &[&str] = &[
    "call",
    "calling",
    "dial",
    "text",
    "sms",
    "reach",
    "ring",
    "contact",
    "number",
    "numbers",
    "rufnummer",
    "anruf",
    "appelez",
    "us",
    "uk",
];

/// Words that make nine digits a social security number.
pub(super) const SSN_WORDS: &[&str] =
    &["ssn", "ssns", "social security", "social-security", "ss#", "soc sec", "social"];

/// Words that make digits a card number, where their shape alone is too plain.
pub(super) const CARD_WORDS: &[&str] =
    &["card", "cards", "credit", "debit", "visa", "mastercard", "amex", "cc", "pan", "uatp", "kreditkarte", "carte"];

/// Words that make four numbers with dots a version.
pub(super) const VERSION_WORDS: &[&str] =
    &["version", "versions", "ver", "release", "build", "v", "firmware", "driver"];

/// A range of issuer numbers, by their first six digits, and the lengths of its cards.
pub(super) struct Issuer {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) lengths: &'static [u8],
}

const fn issuer(first: u32, last: u32, lengths: &'static [u8]) -> Issuer {
    Issuer { first, last, lengths }
}

/// Who may issue cards, by ISO/IEC 7812 ranges.
#[rustfmt::skip]
pub(super) const ISSUERS: &[Issuer] = &[
    issuer(220000, 220499, &[16, 17, 18, 19]),            // Mir
    issuer(222100, 272099, &[16]),                        // Mastercard
    issuer(300000, 305999, &[14, 16, 17, 18, 19]),        // Diners Club
    issuer(308800, 310299, &[16, 17, 18, 19]),            // JCB
    issuer(309500, 309599, &[14, 16, 17, 18, 19]),        // Diners Club
    issuer(333700, 334999, &[16]),                        // JCB
    issuer(340000, 349999, &[15]),                        // American Express
    issuer(352800, 358999, &[16, 17, 18, 19]),            // JCB
    issuer(360000, 369999, &[14, 15, 16, 17, 18, 19]),    // Diners Club
    issuer(370000, 379999, &[15]),                        // American Express
    issuer(380000, 399999, &[14, 16, 17, 18, 19]),        // Diners Club
    issuer(400000, 499999, &[13, 16, 19]),                // Visa
    issuer(500000, 509999, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro, RuPay, Elo, Verve, Dankort
    issuer(510000, 559999, &[16]),                        // Mastercard
    issuer(560000, 589999, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    issuer(601100, 601199, &[16, 17, 18, 19]),            // Discover
    issuer(606282, 606282, &[16]),                        // Hipercard
    issuer(608000, 608999, &[16]),                        // RuPay
    issuer(620000, 629999, &[16, 17, 18, 19]),            // UnionPay
    issuer(630400, 630499, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    issuer(636000, 639999, &[16, 17, 18, 19]),            // InterPayment, InstaPayment, Maestro
    issuer(644000, 659999, &[16, 17, 18, 19]),            // Discover, RuPay, Troy
    issuer(670000, 679999, &[12, 13, 14, 15, 16, 17, 18, 19]), // Maestro
    issuer(810000, 829999, &[16, 17, 18, 19]),            // UnionPay, RuPay
    issuer(860000, 860099, &[16]),                        // UzCard
    issuer(979200, 979299, &[16]),                        // Troy
    issuer(986000, 986099, &[16]),                        // Humo
];

/// How the digits of a card are grouped when they are grouped.
pub(super) const CARD_GROUPS: &[&[u8]] = &[
    &[4, 4, 4, 4],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 3],
    &[4, 4, 4, 1],
    &[8, 8],
    &[6, 10],
    &[4, 4, 4],
    &[8, 4, 4],
    &[6, 13],
];

/// Length of the IBANs of each country (SWIFT's registry, and countries that use the form without being in it).
#[rustfmt::skip]
pub(super) const IBAN_LENGTHS: &[([u8; 2], u8)] = &[
    (*b"AD", 24), (*b"AE", 23), (*b"AL", 28), (*b"AO", 25), (*b"AT", 20), (*b"AZ", 28), (*b"BA", 20), (*b"BE", 16), (*b"BF", 28),
    (*b"BG", 22), (*b"BH", 22), (*b"BI", 27), (*b"BJ", 28), (*b"BR", 29), (*b"BY", 28), (*b"CF", 27), (*b"CG", 27), (*b"CH", 21),
    (*b"CI", 28), (*b"CM", 27), (*b"CR", 22), (*b"CV", 25), (*b"CY", 28), (*b"CZ", 24), (*b"DE", 22), (*b"DJ", 27), (*b"DK", 18),
    (*b"DO", 28), (*b"DZ", 26), (*b"EE", 20), (*b"EG", 29), (*b"ES", 24), (*b"FI", 18), (*b"FK", 18), (*b"FO", 18), (*b"FR", 27),
    (*b"GA", 27), (*b"GB", 22), (*b"GE", 22), (*b"GI", 23), (*b"GL", 18), (*b"GQ", 27), (*b"GR", 27), (*b"GT", 28), (*b"GW", 25),
    (*b"HN", 28), (*b"HR", 21), (*b"HU", 28), (*b"IE", 22), (*b"IL", 23), (*b"IQ", 23), (*b"IR", 26), (*b"IS", 26), (*b"IT", 27),
    (*b"JO", 30), (*b"KM", 27), (*b"KW", 30), (*b"KZ", 20), (*b"LB", 28), (*b"LC", 32), (*b"LI", 21), (*b"LT", 20), (*b"LU", 20),
    (*b"LV", 21), (*b"LY", 25), (*b"MA", 28), (*b"MC", 27), (*b"MD", 24), (*b"ME", 22), (*b"MG", 27), (*b"MK", 19), (*b"ML", 28),
    (*b"MN", 20), (*b"MR", 27), (*b"MT", 31), (*b"MU", 30), (*b"MZ", 25), (*b"NE", 28), (*b"NI", 28), (*b"NL", 18), (*b"NO", 15),
    (*b"OM", 23), (*b"PK", 24), (*b"PL", 28), (*b"PS", 29), (*b"PT", 25), (*b"QA", 29), (*b"RO", 24), (*b"RS", 22), (*b"RU", 33),
    (*b"SA", 24), (*b"SC", 31), (*b"SD", 18), (*b"SE", 24), (*b"SI", 19), (*b"SK", 24), (*b"SM", 27), (*b"SN", 28), (*b"SO", 23),
    (*b"ST", 25), (*b"SV", 28), (*b"TD", 27), (*b"TG", 28), (*b"TL", 23), (*b"TN", 24), (*b"TR", 26), (*b"UA", 29), (*b"VA", 22),
    (*b"VG", 24), (*b"XK", 20), (*b"YE", 30),
];

/// Last labels that are those of files and not of hosts: `logo@2x.png` is no address.
pub(super) const FILE_ENDINGS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "bmp", "css", "js", "mjs", "ts", "tsx", "jsx", "html", "htm",
    "json", "yaml", "yml", "xml", "txt", "pdf", "csv", "tgz", "gz", "tar", "so", "dll", "exe", "class", "jar", "war",
    "service", "lock",
];
