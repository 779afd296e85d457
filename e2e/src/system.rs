//! A whole GAPIN in either shape, on services of its own.

use std::{
    ffi::OsString,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

use aibbar::SigningSecret;
use serde_json::json;
use testbed::{Kafka, Postgres, Redis, Smtp, free_port};
use uuid::Uuid;

use crate::{
    Client, Mailbox, Organisation, Person, Shape,
    gapin::{Gapin, Ran, command},
};

/// Any 32 bytes: the secrets that it seals live as long as a test.
const MASTER_KEY: &str = "6761702d696e2d7465737473206f6e6c79206e6f74206120736563726574210a";

/// Who the system is to its mail server.
const SMTP_USER: &str = "gapin";
const SMTP_PASSWORD: &str = "letters-of-a-test";

/// Who the system is to its database and its Redis. Both let anyone on this machine in, with any password.
const DATABASE_PASSWORD: &str = "rows-of-a-test-7f3a9c";
const REDIS_PASSWORD: &str = "counts-of-a-test-51be2d";

/// GAPIN, running.
pub struct System {
    /// How it is run.
    pub shape: Shape,
    /// Where its gateway answers.
    pub url: String,
    /// `gapin dev`, or `gapin gateway`.
    pub gateway: Gapin,
    /// More of `gapin gateway`, on the same services; none in the embedded shape.
    pub more_gateways: Vec<Gapin>,
    /// `gapin consumer`; none in the embedded shape, where `gapin dev` does their work.
    pub consumers: Vec<Gapin>,
    /// What it stands on; `None` in the embedded shape.
    pub services: Option<Services>,
    /// Where its e-mail arrives; `None` when it can send none.
    mail: Option<Smtp>,
    prefix: Vec<OsString>,
    settings: Vec<(String, String)>,
    organisations_made: AtomicU32,
}

/// What a system stands in, beside what it is.
#[derive(Default)]
pub struct Surroundings {
    /// Written before every `gapin` and its arguments: what gives it a disk or a clock of its own.
    pub prefix: Vec<OsString>,
    /// Settings besides; they win over those that follow from the rest.
    pub settings: Vec<(String, String)>,
    /// The services of a system at scale; `None`: new ones.
    pub services: Option<Services>,
    /// How many consumers a system at scale has.
    pub consumers: usize,
}

/// The services of a system at scale.
pub struct Services {
    /// The log.
    pub kafka: Kafka,
    /// The store.
    pub postgres: Postgres,
    /// The store's database, as settings take it.
    pub database_url: String,
    /// Limits and cache invalidation.
    pub redis: Redis,
}

impl Services {
    fn start() -> Services {
        Self::with_kafka(Kafka::start)
    }

    /// New ones, for load tests.
    pub fn start_for_load() -> Services {
        Self::with_kafka(Kafka::start_for_load)
    }

    fn with_kafka(start: fn() -> Kafka) -> Services {
        let kafka = std::thread::spawn(start);
        let postgres = Postgres::start();
        let redis = Redis::start();
        let database_url = postgres.database().replacen("postgres@", &format!("postgres:{DATABASE_PASSWORD}@"), 1);
        let kafka = kafka.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Services { kafka, postgres, database_url, redis }
    }

    /// Runs SQL in the store's database.
    pub fn sql(&self, sql: &str) -> String {
        self.postgres.query(self.database_name(), sql)
    }

    /// The name of the store's database.
    pub fn database_name(&self) -> &str {
        self.database_url.rsplit('/').next().unwrap_or_default()
    }
}

impl System {
    /// Starts a system with one consumer, and waits until it is ready.
    pub fn start(shape: Shape) -> System {
        Self::start_with(shape, &[])
    }

    /// The same with a mail server, and with these settings besides.
    pub fn start_with_mail(shape: Shape, settings: &[(&str, &str)]) -> System {
        let mail = Smtp::start_for(SMTP_USER, SMTP_PASSWORD);
        let url = mail.url().replacen("://", &format!("://{SMTP_USER}:{SMTP_PASSWORD}@"), 1);
        let mut all = vec![("GAPIN_SMTP_URL", url.as_str()), ("GAPIN_EMAIL_FROM", "GAPIN <gapin@example.com>")];
        all.extend_from_slice(settings);
        System { mail: Some(mail), ..Self::start_with(shape, &all) }
    }

    /// The same with these settings besides.
    pub fn start_with(shape: Shape, settings: &[(&str, &str)]) -> System {
        Self::start_in(shape, Surroundings { settings: owned(settings), consumers: 1, ..Surroundings::default() })
    }

    /// `gapin dev` on a data folder of its own.
    pub fn embedded() -> System {
        Self::start(Shape::Embedded)
    }

    /// `gapin gateway` and so many times `gapin consumer`, on Kafka, PostgreSQL and Redis of their own.
    pub fn at_scale(consumers: usize) -> System {
        Self::start_in(Shape::AtScale, Surroundings { consumers, ..Surroundings::default() })
    }

    /// Starts a system in these surroundings, and waits until it is ready.
    pub fn start_in(shape: Shape, surroundings: Surroundings) -> System {
        match shape {
            Shape::Embedded => Self::embedded_in(surroundings),
            Shape::AtScale => Self::at_scale_in(surroundings),
        }
    }

    fn embedded_in(surroundings: Surroundings) -> System {
        let mut system = Self::not_started(Shape::Embedded, "gapin-dev", surroundings.prefix);
        system.settings.extend(surroundings.settings);
        let address = system.address();
        system.gateway.start(&system.settings, &["dev", "--listen", &address]);
        system
    }

    fn at_scale_in(surroundings: Surroundings) -> System {
        let services = surroundings.services.unwrap_or_else(Services::start);
        let mut system = Self::not_started(Shape::AtScale, "gapin-gateway", surroundings.prefix);
        system.settings.extend(named([
            ("KAFKA_BROKERS", services.kafka.brokers()),
            ("DATABASE_URL", services.database_url.clone()),
            ("REDIS_URL", services.redis.url().replacen("://", &format!("://default:{REDIS_PASSWORD}@"), 1)),
            // A machine under test is busy: an answer that is late is no Redis that is away.
            ("GAPIN_LIMITS_REDIS_WAIT_MAX_MS", "1000".to_owned()),
            ("GAPIN_MASTER_KEY", MASTER_KEY.to_owned()),
        ]));
        system.settings.extend(surroundings.settings);
        system.services = Some(services);
        system.run(&["migrate"]).succeeded();
        let address = system.address();
        system.gateway.start(&system.settings, &["gateway", "--listen", &address]);
        for _ in 0..surroundings.consumers {
            system.add_consumer();
        }
        system
    }

    /// With nothing running yet.
    fn not_started(shape: Shape, name: &'static str, prefix: Vec<OsString>) -> System {
        let gateway = Gapin::new(name, &prefix);
        let data_dir = gateway.folder().join("data").display().to_string();
        System {
            shape,
            url: format!("http://{}", free_address()),
            gateway,
            more_gateways: Vec::new(),
            consumers: Vec::new(),
            services: None,
            mail: None,
            prefix,
            settings: named([("GAPIN_DATA_DIR", data_dir), ("GAPIN_LOG_FORMAT", "json".to_owned())]),
            organisations_made: AtomicU32::new(0),
        }
    }

    /// Where the gateway listens.
    fn address(&self) -> String {
        self.url.trim_start_matches("http://").to_owned()
    }

    /// What was sent to this address by e-mail.
    #[track_caller]
    pub fn mailbox<'s>(&'s self, address: &str) -> Mailbox<'s> {
        Mailbox::new(self.mail.as_ref().expect("a system that was started with a mail server"), address)
    }

    /// One more gateway on the same services; where it answers.
    pub fn add_gateway(&mut self) -> String {
        let address = free_address();
        let mut gateway = Gapin::new("gapin-gateway", &self.prefix);
        gateway.start(&self.settings, &["gateway", "--listen", &address]);
        self.more_gateways.push(gateway);
        format!("http://{address}")
    }

    /// One more consumer.
    pub fn add_consumer(&mut self) {
        let mut consumer = Gapin::new("gapin-consumer", &self.prefix);
        consumer.start(&self.settings, &["consumer"]);
        self.consumers.push(consumer);
    }

    /// Runs a `gapin` command of the operator's to its end.
    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::run(command(&self.prefix, &self.settings, args), b"")
    }

    /// Runs a `gapin` command of this organisation's to its end, with this as its input.
    pub fn run_as(&self, organisation: &Organisation, args: &[&str], input: &[u8]) -> Ran {
        Ran::run(self.command_of(organisation, args), input)
    }

    /// A `gapin` command of this organisation's, not yet running.
    pub fn command_of(&self, organisation: &Organisation, args: &[&str]) -> Command {
        command(&self.prefix, &self.client_settings(organisation), args)
    }

    fn client_settings(&self, organisation: &Organisation) -> Vec<(String, String)> {
        named([
            ("GAPIN_URL", self.url.clone()),
            ("GAPIN_API_KEY", organisation.api_key.clone()),
            ("GAPIN_SIGNING_KEY_ID", organisation.key_id.clone()),
            ("GAPIN_SIGNING_SECRET", organisation.secret.expose().to_owned()),
            ("GAPIN_AI_ID", organisation.ai_id.to_string()),
        ])
    }

    /// The same, again where the store could not be reached: on a machine under test a first answer may be late.
    fn run_until_reached(&self, args: &[&str]) -> Ran {
        const ATTEMPTS: usize = 5;
        const UNREACHABLE: i32 = 4;
        let is_over = |ran: &Ran| ran.status.code() != Some(UNREACHABLE);
        (1..ATTEMPTS).map(|_| self.run(args)).find(is_over).unwrap_or_else(|| self.run(args))
    }

    /// A new organisation with an API key and a signing key, as an operator makes them. The key has no limits: a load
    /// test is none of them.
    pub fn organisation(&self) -> Organisation {
        self.organisation_limited_to("off", "off")
    }

    /// The same with a key of so many requests a minute and events a day, or `off`.
    pub fn organisation_limited_to(&self, requests_per_minute: &str, events_per_day: &str) -> Organisation {
        let name = format!("org-{}", self.organisations_made.fetch_add(1, Ordering::Relaxed));
        let limits = ["--requests-per-minute", requests_per_minute, "--events-per-day", events_per_day];
        let key = ["keys", "create", "--org", &name, "--name", "e2e", "--scopes", "all", "--json"];
        let create = [key.as_slice(), &limits].concat();
        let key = self.run_until_reached(&create).succeeded().json();
        let signing = ["signing-keys", "create", "--org", &name, "--key-id", "main", "--json"];
        let signing = self.run_until_reached(&signing).succeeded().json();
        let text = |value: &serde_json::Value| value.as_str().expect("keys are told as text").to_owned();
        Organisation {
            name,
            api_key_id: text(&key["id"]),
            api_key: text(&key["key"]),
            key_id: text(&signing["key_id"]),
            secret: SigningSecret::new(text(&signing["secret"])),
            ai_id: Uuid::new_v4(),
        }
    }

    /// A person of this role in the organisation, made by the operator; signed in.
    pub async fn person(&self, organisation: &Organisation, email: &str, role: &str) -> Person {
        let create = ["users", "create", "--email", email, "--org", &organisation.name, "--role", role, "--json"];
        let made = self.run(&create).succeeded().json();
        let password = made["one_time_password"].as_str().expect("a person who was not known").to_owned();
        let credentials = json!({ "email": email, "password": password });
        let signed_in = Client::anonymous(&self.url).request("POST", "/auth/login", credentials).await.expect(200);
        let token = signed_in.body["access_token"].as_str().expect("a program gets its token").to_owned();
        Person {
            id: made["id"].as_str().expect("a person has an id").to_owned(),
            org_id: made["org_id"].as_str().expect("an organisation has an id").to_owned(),
            client: Client::new(&self.url, &token),
        }
    }

    /// The secrets that its settings hold.
    pub fn secrets_of_settings(&self) -> Vec<&'static str> {
        let mut secrets = Vec::new();
        if self.mail.is_some() {
            secrets.push(SMTP_PASSWORD);
        }
        if self.services.is_some() {
            secrets.extend([DATABASE_PASSWORD, REDIS_PASSWORD, MASTER_KEY]);
        }
        secrets
    }

    /// Every process of GAPIN's own: where its log lies is also the folder with all that it keeps.
    pub fn processes(&self) -> impl Iterator<Item = &Gapin> {
        [&self.gateway].into_iter().chain(&self.more_gateways).chain(&self.consumers)
    }

    /// Speaks for this organisation.
    pub fn client(&self, organisation: &Organisation) -> Client {
        Client::new(&self.url, &organisation.api_key)
    }

    /// Where each process serves its metrics.
    pub fn metrics_urls(&self) -> impl Iterator<Item = String> {
        let processes = [&self.gateway].into_iter().chain(&self.more_gateways).chain(&self.consumers);
        processes.map(|process| format!("http://{}/metrics", process.metrics_at()))
    }

    /// The folder with the embedded log and store, and with whatever a gateway keeps on its disk.
    pub fn data_dir(&self) -> PathBuf {
        self.gateway.folder().join("data")
    }

    /// The services, in the shape that has them.
    #[track_caller]
    pub fn services(&self) -> &Services {
        self.services.as_ref().expect("a system at scale")
    }
}

pub(crate) fn free_address() -> String {
    format!("127.0.0.1:{}", free_port())
}

fn owned(settings: &[(&str, &str)]) -> Vec<(String, String)> {
    settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn named<const N: usize>(settings: [(&str, String); N]) -> Vec<(String, String)> {
    settings.map(|(name, value)| (name.to_owned(), value)).to_vec()
}
