//! A real OpenID provider of the test's own, which also speaks as GitHub does (`testbed/openid/provider.mjs`).

use std::{
    fs,
    path::PathBuf,
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{
    installed::{node, openid_modules},
    port::free_port,
    process::{Kind, ServiceProcess},
};

const PROVIDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openid/provider.mjs");

/// What the provider says once it listens.
const READY: &str = "ready";

/// One provider on loopback.
pub struct OpenIdProvider {
    port: u16,
    process: Mutex<ServiceProcess>,
    accounts: Mutex<Vec<ProviderAccount>>,
}

/// A person whom the provider knows. Whose browser has the cookie `account` with this `subject` signs in as them, and
/// whose has none declines.
#[derive(Clone, Debug)]
pub struct ProviderAccount {
    /// The provider's id of them: a number, as GitHub's are.
    pub subject: u64,
    /// Plain text without quotes.
    pub email: String,
    /// Whether the provider knows the address to be theirs.
    pub is_verified: bool,
    /// Plain text without quotes.
    pub name: String,
}

/// What a client of the provider is registered with.
#[derive(Clone, Copy, Debug)]
pub struct ProviderClient {
    /// Its id.
    pub id: &'static str,
    /// What it shows at the token endpoint.
    pub secret: &'static str,
}

impl OpenIdProvider {
    /// Who asks as for Google; its redirect address is `http://127.0.0.1:<any port>/auth/oauth/google/callback`.
    pub const GOOGLE: ProviderClient = ProviderClient { id: "gapin-google", secret: "google-secret-of-the-testbed" };
    /// Who asks as for GitHub; its redirect address is `http://127.0.0.1:<any port>/auth/oauth/github/callback`.
    pub const GITHUB: ProviderClient = ProviderClient { id: "gapin-github", secret: "github-secret-of-the-testbed" };

    /// Starts one that knows nobody yet, and waits until it listens.
    pub fn start() -> OpenIdProvider {
        let mut process = ServiceProcess::new(Kind { name: "openid", stop_signal: "TERM", discard_signal: "KILL" });
        loop {
            let port = free_port();
            fs::write(accounts_path(&process), "[]").expect("the folder is writable");
            match process.start(&mut provider(&process, port), is_ready) {
                Ok(()) => {
                    return OpenIdProvider { port, process: Mutex::new(process), accounts: Mutex::default() };
                }
                Err(error) if error.is_clash() => continue,
                Err(_) => process.fail("ended at once", "see its log"),
            }
        }
    }

    /// Its address and issuer, without a slash at the end. GitHub's site and API are there too.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Makes a person known, or known with other words.
    pub fn knows(&self, account: ProviderAccount) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|known| known.subject != account.subject);
        accounts.push(account);
        let rows: Vec<String> = accounts.iter().map(ProviderAccount::as_json).collect();
        let process = self.process();
        let path = accounts_path(&process);
        let fresh = path.with_extension("new");
        // In one step: the provider reads it at any moment.
        fs::write(&fresh, format!("[{}]", rows.join(","))).expect("the folder is writable");
        fs::rename(&fresh, &path).expect("the folder is writable");
    }

    /// SIGKILL.
    pub fn kill(&self) {
        self.process().kill();
    }

    /// Starts it again at the same address with a new signing key; ends it first when it runs.
    pub fn restart(&self) {
        let mut process = self.process();
        process.stop();
        let mut provider = provider(&process, self.port);
        if process.start(&mut provider, is_ready).is_err() {
            process.fail("did not come back", "see its log");
        }
    }

    fn process(&self) -> MutexGuard<'_, ServiceProcess> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ProviderAccount {
    fn as_json(&self) -> String {
        let ProviderAccount { subject, email, is_verified, name } = self;
        format!(r#"{{"sub":"{subject}","email":"{email}","email_verified":{is_verified},"name":"{name}"}}"#)
    }
}

fn accounts_path(process: &ServiceProcess) -> PathBuf {
    process.folder().join("accounts.json")
}

fn is_ready(said: &str) -> bool {
    said.lines().any(|line| line == READY)
}

fn provider(process: &ServiceProcess, port: u16) -> Command {
    let modules = openid_modules();
    let client = |client: ProviderClient| {
        let ProviderClient { id, secret } = client;
        format!(r#"{{"client_id":"{id}","client_secret":"{secret}"}}"#)
    };
    let settings = format!(
        r#"{{"port":{port},"modules":{modules:?},"accounts":{accounts:?},"google":{google},"github":{github}}}"#,
        accounts = accounts_path(process),
        google = client(OpenIdProvider::GOOGLE),
        github = client(OpenIdProvider::GITHUB),
    );
    let path = process.folder().join("settings.json");
    fs::write(&path, settings).expect("the folder is writable");
    let mut command = Command::new(node());
    command.arg(PROVIDER).arg(path);
    command
}
