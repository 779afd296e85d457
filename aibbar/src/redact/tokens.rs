//! The shapes of tokens, as data: one row a shape.

/// A token that begins with a prefix of its own.
pub(super) struct Token {
    pub(super) prefix: &'static str,
    /// What follows the prefix, as an anchored pattern over bytes; every repetition is bounded.
    pub(super) body: &'static str,
    /// At least so many bits a character, from prefix to end: `ghp_xxxxxxxx…` in a manual is no token.
    pub(super) entropy: f32,
    /// A body without a digit is a word of somebody's program.
    pub(super) digit: bool,
    /// Fewest and most characters of a word that stand before the prefix and belong to the token: some carry their mark inside.
    pub(super) ahead: (u8, u8),
    /// It may be of any length: the body is what must be there, and the token goes on as long as the characters of base64 do.
    pub(super) long: bool,
    /// It does not follow a point either: `icon.ico-4f9a….png` is a file.
    pub(super) apart: bool,
}

const fn token(prefix: &'static str, body: &'static str) -> Token {
    Token { prefix, body, entropy: 2.5, digit: false, ahead: (0, 0), long: false, apart: false }
}

impl Token {
    /// A shape so plain that only randomness tells it from a name.
    const fn random(mut self) -> Self {
        self.entropy = 3.0;
        self.digit = true;
        self
    }

    /// A prefix that files end with too.
    const fn apart(mut self) -> Self {
        self.apart = true;
        self
    }

    /// A shape of any length: its body is only the least that must be there.
    const fn long(mut self) -> Self {
        self.long = true;
        self
    }

    /// A prefix that nothing else has: only a manual's `xxxx` is no token. Some of them have no digit by chance.
    const fn varied(mut self) -> Self {
        self.entropy = 3.0;
        self
    }

    /// So random as no words are, with a digit or, by chance, without.
    const fn dense(mut self) -> Self {
        self.entropy = 4.0;
        self
    }

    /// The prefix is not the beginning: so many characters stand before it.
    const fn behind(mut self, fewest: u8, most: u8) -> Self {
        self.ahead = (fewest, most);
        self
    }

    /// A shape so special that it needs no more.
    const fn certain(mut self) -> Self {
        self.entropy = 0.0;
        self
    }
}

/// What follows the first two characters of a Discord token.
const DISCORD: &str = r"[A-Za-z0-9_-]{21,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}";

/// Every token shape. Where two rules share a prefix the first that matches wins; the order is otherwise of no meaning.
#[rustfmt::skip]
pub(super) const TOKENS: &[Token] = &[
    // Models
    token("sk-", r"(?:ant|proj|svcacct|service|admin|None|or|lf|kimi|cp)-[A-Za-z0-9_-]{16,200}").random(), // Anthropic, OpenAI, OpenRouter, Langfuse
    token("sk-", r"[A-Za-z0-9]{20,100}").random(),                                // OpenAI (older), DeepSeek, others
    token("hf_", r"[A-Za-z]{34}").dense(),                                        // Hugging Face: letters alone
    token("hf_", r"[A-Za-z0-9]{30,40}").random(),
    token("api_org_", r"[A-Za-z]{34}").dense(),
    token("api_org_", r"[A-Za-z0-9]{30,40}").random(),                            // Hugging Face
    token("r8_", r"[A-Za-z0-9]{37}").random(),                                    // Replicate
    token("gsk_", r"[A-Za-z0-9]{40,60}").random(),                                // Groq
    token("xai-", r"[A-Za-z0-9]{60,100}").random(),
    token("nvapi-", r"[A-Za-z0-9_-]{60,80}").random(),
    token("fw_", r"[A-Za-z0-9]{22,32}").random(),                                 // Fireworks
    token("tgp_v1_", r"[A-Za-z0-9_-]{40,60}").random(),                           // Together
    token("lsv2_", r"(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}").random(),              // LangSmith
    token("pcsk_", r"[A-Za-z0-9_]{50,80}").random(),                              // Pinecone
    token("tvly-", r"[A-Za-z0-9-]{28,60}").random(),                              // Tavily
    token("pplx-", r"[A-Za-z0-9]{30,70}").random(),
    token("jina_", r"[A-Za-z0-9_-]{50,70}").random(),
    token("voyage-", r"[A-Za-z0-9]{40,50}").random(),
    token("co_", r"[A-Za-z0-9]{38,42}").random(),                                 // Cohere
    token("T3BlbkFJ", r"[A-Za-z0-9_-]{20,80}").behind(10, 110).random(),         // OpenAI, whatever stands before
    token("sk-or-", r"v1-[0-9a-f]{64}"),
    token("csk-", r"[a-z0-9]{40,60}").random(),                                   // Cerebras
    token("wandb_", r"v1_[A-Za-z0-9_-]{40,100}").random(),
    token("sess-", r"[A-Za-z0-9]{40}").random(),
    token("ico-", r"[A-Za-z0-9]{32}").random().apart(),                                  // Infracost
    // GAPIN and Stripe write alike
    token("sk_", r"(?:live|test|prod)_[A-Za-z0-9]{24,110}").varied(),
    token("rk_", r"(?:live|test|prod)_[A-Za-z0-9]{24,110}").varied(),
    token("sk_", r"(?:live|test|prod)_[A-Za-z0-9]{10,110}").random(),
    token("rk_", r"(?:live|test|prod)_[A-Za-z0-9]{10,110}").random(),
    token("sk_", r"[A-Za-z0-9]{30}").dense(),  // an API key of GAPIN's own
    token("rt_", r"[A-Za-z0-9_-]{43}").dense(), // its refresh tokens, and those of its letters
    token("ve_", r"[A-Za-z0-9_-]{43}").dense(),
    token("pr_", r"[A-Za-z0-9_-]{43}").dense(),
    token("iv_", r"[A-Za-z0-9_-]{43}").dense(),
    token("sk_", r"[A-Za-z0-9]{24,64}").random(),
    token("ss_", r"[0-9a-f]{64}"), // a signing secret of GAPIN's own
    token("whsec_", r"[A-Za-z0-9+/]{24,64}={0,2}").random(),
    // Clouds
    token("AKIA", r"[A-Z2-7]{16}"),
    token("ASIA", r"[A-Z2-7]{16}"),
    token("ABIA", r"[A-Z2-7]{16}"),
    token("ACCA", r"[A-Z2-7]{16}"),
    token("A3T", r"[A-Z0-9][A-Z2-7]{16}"),
    token("ABSK", r"[A-Za-z0-9+/]{109}").long().random(),                      // Amazon Bedrock
    token("bedrock-api-key-", r"[A-Za-z0-9+/]{20}").long().random(),
    token("AIza", r"[A-Za-z0-9_-]{35}").random(),
    token("GOCSPX-", r"[A-Za-z0-9_-]{28}").random(),
    token("ya29.", r"[A-Za-z0-9_-]{20}").long().random(),
    token("1//0", r"[A-Za-z0-9_-]{40}").long().random(),                             // Google refresh token
    token("LTAI", r"[A-Za-z0-9]{12,22}").random(),                                // Alibaba
    token("AKID", r"[A-Za-z0-9]{32}").random(),                                   // Tencent
    token("dop_v1_", r"[0-9a-f]{64}"),
    token("doo_v1_", r"[0-9a-f]{64}"),
    token("dor_v1_", r"[0-9a-f]{64}"),
    token("HRKU-", r"[A-Za-z0-9_-]{36,64}").random(),
    token("dapi", r"[0-9a-f]{32}(?:-[0-9])?").random(),                           // Databricks
    token("v1.0-", r"[0-9a-f]{24}-[0-9a-f]{146}").random(),                       // Cloudflare origin CA
    token("fio-u-", r"[A-Za-z0-9_=-]{64}").random(),
    token("FlyV1 ", r"fm[12][ar]?_[A-Za-z0-9+/=,_-]{100}").long(),
    token("fm1", r"[ar]_[A-Za-z0-9+/]{60}").long().random(),
    token("fm2_", r"[A-Za-z0-9+/]{60}").long().random(),
    token("fo1_", r"[A-Za-z0-9_-]{43}").random(),
    token("Q~", r"[A-Za-z0-9_~.-]{31,34}").behind(4, 4).random(),                 // Azure Entra
    token("sha256~", r"[A-Za-z0-9_-]{43}").random(),                              // OpenShift
    token("dnkey-", r"[A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52}"),                    // Defined Networking
    token("tskey-", r"(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,32}-[A-Za-z0-9]{8,64}").random(),
    token(".atlasv1.", r"[A-Za-z0-9=_-]{60,70}").behind(14, 14),                  // Terraform Cloud
    token("amzn.mws.", r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    token("AQVN", r"[A-Za-z0-9_-]{35,38}").random(),                              // Yandex
    token("YC", r"[A-Za-z0-9_-]{38}").random(),
    token("t1.", r"[A-Z0-9a-z_-]{5,400}={0,2}\.[A-Z0-9a-z_-]{86}={0,2}").random(),
    token("4b1d", r"[A-Za-z0-9]{38}").random(),                                   // ClickHouse
    token("v1.", r"0-[0-9a-f]{24}-[0-9a-f]{146}"),
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
    token("_mmk", "").behind(36, 36).random(),                                    // MaxMind
    token("API-", r"[A-Z0-9]{26}").random(),                                      // Octopus Deploy
    token("glrt-", r"t[0-9]_[A-Za-z0-9_-]{20,64}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7,9})?"),
    token("s-s4t2", r"(?:ud|af)-[0-9a-fA-F]{64}"),                                // 42
    token("snyk_", r"(?:uat|sat)\.[0-9a-f]{8}\.[A-Za-z0-9_.-]{20,200}"),
    token("cfut_", r"[A-Za-z0-9_-]{40,60}").random(),                             // Cloudflare
    token("ATTA", r"[0-9a-f]{64,72}").random(),                                   // Trello
    token("authress_", r"[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][A-Za-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}"),
    token("scauth_", r"[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][A-Za-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}"),
    token("sc_", r"[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][A-Za-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}"),
    token("ext_", r"[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][A-Za-z0-9-]{10,32}\.[A-Za-z0-9+/_=-]{30,120}"),
    token("ATBB", r"[A-Za-z0-9]{32}").random(),                                   // Bitbucket
    token("ATATT3", r"[A-Za-z0-9_=-]{100}").long().random(),                         // Atlassian
    token("ATCTT3", r"[A-Za-z0-9_=-]{100}").long().random(),
    token("npm_", r"[A-Za-z0-9]{36}").random(),
    token("pypi-", r"AgE[A-Za-z0-9_-]{50}").long(),
    token("rubygems_", r"[0-9a-f]{48}"),
    token("cio", r"[A-Za-z0-9]{32}").random(),                                    // the Rust package index
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
    token("xoxe-", r"[0-9A-Za-z-]{20,260}").random(),
    token("xoxp-", r"[0-9A-Za-z-]{20,250}").random(),
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
    token("webhook.office.com/", r"webhookb2/[A-Za-z0-9-]{36}@[A-Za-z0-9-]{36}/IncomingWebhook/[A-Za-z0-9]{32}/[A-Za-z0-9-]{36}"),
    token("outlook.office.com/webhook/", r"[A-Za-z0-9-]{36}@[A-Za-z0-9-]{36}/IncomingWebhook/[A-Za-z0-9]{32}/[A-Za-z0-9-]{36}"),
    token("hooks.zapier.com/hooks/catch/", r"[0-9]{5,12}/[A-Za-z0-9]{5,12}").certain(),
    token(".logic.azure.com", r"(?::443)?/workflows/[0-9a-f]{32}/[A-Za-z0-9%&=:.?/_-]{20,200}sig=[A-Za-z0-9_-]{40,50}"),
    token("discord.com/api/v", r"[0-9]{1,2}/webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}"),
    token("xoxe.", r"xox[bp]-[0-9]-[0-9A-Za-z]{100,260}").random(),
    token("xoxe-", r"[0-9]-[0-9A-Za-z]{100,260}").random(),
    token("-us", r"[0-9]{1,2}").behind(32, 32).random(),                          // Mailchimp
    token("pubkey-", r"[0-9a-f]{32}").random(),
    token("MD", DISCORD).random(),                                              // Discord: the number of an account in base64, and more
    token("MT", DISCORD).random(),
    token("Mj", DISCORD).random(),
    token("Mz", DISCORD).random(),
    token("ND", DISCORD).random(),
    token("NT", DISCORD).random(),
    token("Nj", DISCORD).random(),
    token("Nz", DISCORD).random(),
    token("OD", DISCORD).random(),
    token("OT", DISCORD).random(),
    token("|", r"[0-9A-Za-z_-]{27,40}").behind(15, 16).random(),                  // Facebook
    token("IGQV", r"[A-Za-z0-9_-]{60}").long().random(),                             // Instagram
    token("SG.", r"[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,50}").random(),         // SendGrid
    token("SG.", r"[A-Za-z0-9=_.-]{65}[A-Za-z0-9=_-]").random(),
    token("key-", r"[0-9a-f]{32}").random().apart(),                                      // Mailgun
    token("xkeysib-", r"[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    token("xsmtpsib-", r"[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    token("SK", r"[0-9a-f]{32}").random(),                                        // Twilio
    token("re_", r"[A-Za-z0-9]{6,12}_[A-Za-z0-9]{20,30}").random(),               // Resend
    token("EAA", r"[A-Za-z0-9]{100}").long().random(),                               // Facebook
    token("AAAAAAAAAAAAAAAAAAAAA", r"[A-Za-z0-9%]{40,100}").random(),             // Twitter
    // Commerce
    token("shpat_", r"[0-9a-fA-F]{32}"),
    token("shpca_", r"[0-9a-fA-F]{32}"),
    token("shppa_", r"[0-9a-fA-F]{32}"),
    token("shpss_", r"[0-9a-fA-F]{32}"),
    token("shptka_", r"[0-9a-fA-F]{32}"),
    token("EAAA", r"[A-Za-z0-9_+-]{22,60}").random(),                              // Square
    token("sq0atp-", r"[A-Za-z0-9_-]{22,60}"),
    token("sq0csp-", r"[A-Za-z0-9_-]{22,60}"),
    token("sq0idp-", r"[A-Za-z0-9_-]{22,60}"),
    token("access_token$production$", r"[0-9a-z]{16}\$[0-9a-f]{32}"),             // Braintree
    token("access_token$sandbox$", r"[0-9a-z]{16}\$[0-9a-f]{32}"),
    token("live_", r"[A-Za-z0-9_=-]{40}").random(),                               // GoCardless
    token("EZAK", r"[A-Za-z0-9]{54}").random(),                                   // EasyPost
    token("EZTK", r"[A-Za-z0-9]{54}").random(),
    token("shippo_", r"(?:live|test)_[0-9a-fA-F]{40}"),
    token("FLWSECK_TEST-", r"[0-9a-zA-Z-]{12,40}"),
    token("FLWPUBK_TEST-", r"[0-9a-zA-Z-]{32}-X"),
    token("FLWSECK-", r"[0-9a-zA-Z-]{32}-X"),
    token("duffel_", r"(?:test|live)_[A-Za-z0-9_=-]{43}"),
    token("access-", r"(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), // Plaid
    token("live_", r"(?:pub_)?[0-9a-f]{31,35}").random(),                         // Lob
    token("test_", r"(?:pub_)?[0-9a-f]{31,35}").random(),
    token("tfp_", r"[A-Za-z0-9_.=-]{40,70}").random(),                            // Typeform
    token("rzp_test_", r"[A-Za-z0-9]{14}").random(),
    token("whsec_", r"[A-Za-z0-9]{32}").random(),
    token("pk_", r"(?:live|test)_[A-Za-z0-9]{24,110}").random(),
    token("pat-", r"(?:na|eu|ap)[0-9]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), // HubSpot
    token("APP_USR-", r"[0-9]{10,20}-[0-9]{6}-[0-9a-f]{32}(?:-[0-9]{5,12})?"),    // Mercado Pago
    token("rzp_live_", r"[A-Za-z0-9]{14}"),
    // Data and running
    token("hvs.", r"[A-Za-z0-9_-]{24}").long(),                                      // Vault
    token("hvb.", r"[A-Za-z0-9_-]{24}").long(),
    token("hvr.", r"[A-Za-z0-9_-]{24}").long(),
    token("s.", r"[A-Za-z0-9]{24}").random(),
    token("AGE-SECRET-KEY-1", r"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}").certain(),
    token("dp.", r"(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}"), // Doppler
    token("dt0c01.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),                              // Dynatrace
    token("glsa_", r"[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}"),                            // Grafana
    token("glc_", r"[A-Za-z0-9+/]{32}").long().random(),
    token("eyJrIjoi", r"[A-Za-z0-9+/]{70}").long(),                              // Grafana (older)
    token("NRAK-", r"[A-Za-z0-9]{27}"),
    token("NRJS-", r"[0-9a-f]{19,20}"),
    token("NRII-", r"[A-Za-z0-9_-]{32}"),
    token("NRRA-", r"[0-9a-f]{42}"),
    token("pul-", r"[0-9a-f]{40}"),
    token("pnu_", r"[A-Za-z0-9]{36}"),
    token("rdme_", r"[a-z0-9]{70}"),
    token("sntrys_", r"eyJ[A-Za-z0-9+/=_-]{40}").long(),
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
    token("ops_", r"eyJ[A-Za-z0-9+/]{200}").long(),                           // 1Password
    token("A3-", r"[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}"),
    token("xox", r"[abp]-[0-9]{9,14}-[0-9A-Za-z-]{18,200}"),
    token("tskey-", r"[a-z]{3,6}-[A-Za-z0-9]{10,24}(?:-[A-Za-z0-9]{20,60})?").random(), // Tailscale
    token("sl.", r"[A-Za-z0-9=_-]{130,152}").random(),                            // Dropbox
    token("AAAAAAAAAA", r"[A-Za-z0-9_=-]{43}").behind(11, 11).random(),
    token("glsa_", r"[A-Za-z0-9]{20,60}_[0-9A-Fa-f]{8}"),
    token("ZXlK", r"[A-Za-z0-9+/_=-]{60}").long().random(),                          // a JSON Web Token in base64
    token("b3BlbnNzaC1rZXktdjE", r"[A-Za-z0-9+/=\s]{40,500}").certain(),          // an OpenSSH key without its frame
    token("LS0tLS1CRUdJTi", r"[A-Za-z0-9+/=]{60}").long(),                          // `-----BEGIN` in base64
    token("PRIVATE-TOKEN: ", r"[A-Za-z0-9_-]{20,64}"),
    token("SWMTKN-1-", r"[a-z0-9]{40,60}-[a-z0-9]{20,30}"),
    token("endr+", r"[A-Za-z0-9-]{16}").random(),                                 // Endor Labs
    token("rootly_", r"[0-9a-f]{64}"),
    token("phc_", r"[A-Za-z0-9]{40,60}").random(),                                // PostHog
    token("xaat-", r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), // Axiom
    token("xapt-", r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    token("signkey-", r"(?:prod|test|branch)-[0-9a-f]{64}"),                      // Inngest
    token("tr_", r"(?:prod|dev|stg|preview)_[A-Za-z0-9]{20,30}").random(),        // Trigger.dev
    token("api_", r"(?:live|sandbox)(?:_us|_ca)?\.[A-Za-z0-9_-]{11}\.[A-Za-z0-9_-]{32}").random(), // Onfido
    token("1/", r"[0-9]{16}:[0-9a-f]{32}").random(),                              // Asana
    token("AAAA", r"[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{100}").long().random(),  // Firebase messaging
    token("$6$", r"(?:rounds=[0-9]{4,9}\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{86}"), // crypt: SHA-512, SHA-256, Apache, bcrypt, Argon2
    token("{SSHA}", r"[A-Za-z0-9+/]{28,80}={0,2}"),                               // LDAP
    token("{SHA}", r"[A-Za-z0-9+/]{27}="),
    token("$5$", r"(?:rounds=[0-9]{4,9}\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{43}"),
    token("$apr1$", r"[A-Za-z0-9./]{1,8}\$[A-Za-z0-9./]{22}"),
    token("$2a$", r"[0-9]{2}\$[A-Za-z0-9./]{53}"),
    token("$2b$", r"[0-9]{2}\$[A-Za-z0-9./]{53}"),
    token("$2y$", r"[0-9]{2}\$[A-Za-z0-9./]{53}"),
    token("$argon2", r"(?:id|i|d)\$v=[0-9]{2}\$m=[0-9]{1,8},t=[0-9]{1,4},p=[0-9]{1,4}\$[A-Za-z0-9+/]{8,64}\$[A-Za-z0-9+/]{16,128}"),
    // Telegram: the bot's number, then the token
    token(":A", r"[A-Za-z0-9_-]{33,35}").behind(5, 16).random(),
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
    "AIzaSyANUvH9H9BsUccjsu2pCmEkOPjjaXeDQgY",
    "AIzaSyA5_iVawFQ8ABuTZNUdcwERLJv_a_p4wtM",
    "AIzaSyA4UrcGxgwQFTfaI3no3t7Lt1sjmdnP5sQ",
    "AIzaSyDSb51JiIcB6OJpwwMicseKRhhrOq1cS7g",
    "AIzaSyBF2RrAIm4a0mO64EShQfqfd2AFnzAvvuU",
    "AIzaSyBcE-OOIbhjyR83gm4r2MFCu4MJmprNXsw",
    "AIzaSyB8qGxt4ec15vitgn44duC5ucxaOi4FmqE",
    "AIzaSyA8vmApnrHNFE0bApF4hoZ11srVL_n0nvY",
];
