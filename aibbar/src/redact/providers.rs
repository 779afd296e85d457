//! Names of services whose keys have no shape of their own: a random value next to such a name is taken for one.

/// One word, as it stands among the words of a name: `okta` in `OKTA_PROD`, and `newrelic` in `new-relic`. Sorted.
#[rustfmt::skip]
pub(super) const PROVIDERS: &[&str] = &[
    "adafruit", "adobe", "airbrake", "airtable", "alchemy", "algolia", "alibaba", "aliyun", "amplitude", "anthropic", "apify",
    "appcenter", "artifactory", "asana", "assemblyai", "atlassian", "auth0", "authress", "aws", "axiom", "azure", "beamer",
    "bintray", "bitbucket", "bitly", "bittrex", "braintree", "branchio", "bugsnag", "buildkite", "buttercms", "calendly",
    "circleci", "clerk", "clickhouse", "clickup", "cloudant", "cloudconvert", "cloudflare", "cloudinary", "cloudsmith",
    "codacy", "codeclimate", "codecov", "cohere", "coinbase", "confluence", "confluent", "contentful", "contribsys",
    "coveralls", "customerio", "databricks", "datadog", "deepgram", "deepl", "deepseek", "digitalocean", "discogs", "discord",
    "disqus", "docusign", "doppler", "droneci", "dropbox", "duffel", "dynatrace", "easypost", "elastic", "elevenlabs", "etsy",
    "eventbrite", "facebook", "fastly", "figma", "finicity", "finnhub", "firebase", "flickr", "flutterwave", "flyio",
    "foursquare", "frameio", "freemius", "freshbooks", "freshdesk", "gcp", "gemini", "geocodio", "giphy", "gitea", "github",
    "gitlab", "gitter", "gocardless", "grafana", "groq", "harness", "heroku", "honeybadger", "honeycomb", "hubspot",
    "huggingface", "infracost", "infura", "instagram", "intercom", "intra42", "ipinfo", "ipstack", "jenkins", "jfrog", "jira",
    "kickbox", "klaviyo", "kraken", "kucoin", "langfuse", "langsmith", "launchdarkly", "linear", "linkedin", "linode",
    "loggly", "logz", "looker", "mailchimp", "mailerlite", "mailgun", "mailjet", "mandrill", "mapbox", "mattermost", "maxmind",
    "meraki", "messagebird", "mistral", "mixpanel", "mollie", "monday", "mongodb", "neon", "netlify", "newrelic", "newsapi",
    "newyorktimes", "nexmo", "ngrok", "notion", "npm", "nuget", "nytimes", "okta", "onesignal", "onfido", "openai", "opencage",
    "openrouter", "openweather", "opsgenie", "pagerduty", "paypal", "paystack", "perplexity", "pinecone", "pingdom", "plaid",
    "planetscale", "plivo", "posthog", "postmark", "prefect", "privateai", "pulumi", "pusher", "pypi", "rapidapi", "razorpay",
    "readme", "reddit", "replicate", "rollbar", "rootly", "rubygems", "salesforce", "sanity", "sauce", "scalingo", "segment",
    "sendbird", "sendgrid", "sendinblue", "sentry", "settlemint", "shippo", "shodan", "shopify", "sidekiq", "slack", "snyk",
    "sonar", "sonarcloud", "sonarqube", "sourcegraph", "splunk", "spotify", "square", "squarespace", "stabilityai",
    "statuspage", "stripe", "sumo", "sumologic", "supabase", "tailscale", "tatum", "telegram", "telnyx", "tencent",
    "terraform", "tinify", "tomtom", "travis", "travisci", "trello", "twilio", "twitch", "twitter", "typeform", "uploadcare",
    "vault", "vercel", "virustotal", "vonage", "vultr", "wandb", "weatherapi", "webex", "webflow", "xray", "yandex", "yelp",
    "youtube", "zapier", "zendesk", "zenscrape", "zoho", "zoom", "zoominfo",
];
