//! The few lines that a newcomer sees.

use std::net::SocketAddr;

use gateway::Dashboard;
use url::Url;

use super::{newcomer::url_of, owner::NewOwner};
use crate::{
    data_dir::DataDir,
    dev_env,
    exit::Failure,
    terminal::{Colour, Colours, say},
};

/// What they tell of.
pub(super) struct Banner<'b> {
    pub(super) log_kind: &'b str,
    pub(super) store_kind: &'b str,
    pub(super) data_dir: &'b DataDir,
    /// `None`: it is switched off.
    pub(super) dashboard: Option<Dashboard>,
    /// Where people reach the gateway, when it is not the address that it listens on.
    pub(super) public_url: Option<Url>,
    /// Of the first owner.
    pub(super) owner_email: &'b str,
    /// The first owner, when they were just made.
    pub(super) new_owner: Option<&'b NewOwner>,
}

impl Banner<'_> {
    /// Shows them, once the gateway listens on this address.
    pub(super) fn show(&self, address: SocketAddr) -> Result<(), Failure> {
        let colours = Colours::of(&std::io::stdout());
        let strong = |text: &str| colours.paint(Colour::Bold, text);
        let env = self.data_dir.file(dev_env::FILE_NAME);
        let option = match self.data_dir.path() == std::path::Path::new("./.gapin") {
            true => String::new(),
            false => format!(" --data-dir {}", self.data_dir.path().display()),
        };
        let mut lines = vec![format!("{} {}", strong("GAPIN"), env!("CARGO_PKG_VERSION"))];
        lines.extend(self.dashboard_line(address).map(|line| format!("  dashboard  {}", strong(&line))));
        match self.new_owner {
            Some(NewOwner { email, password }) => lines.extend([
                format!("  sign in    as {email}, one-time password {}", strong(password)),
                "             (shown this once; sign in with it and set another)".to_owned(),
            ]),
            None => lines.push(format!(
                "  sign in    as {0}; forgotten: gapin users reset-password{option} --email {0}",
                self.owner_email
            )),
        }
        lines.extend([
            format!("  gateway    {}", strong(&url_of(address))),
            format!(
                "  log        {}, store {}, consumer and live stream in this process",
                self.log_kind, self.store_kind
            ),
            format!("  data       {}", self.data_dir.path().display()),
            format!("  keys       {}", env.display()),
            format!("Next, in another terminal: {}", strong(&format!("gapin tail{option}"))),
            format!("                      and: {}", strong(&format!("gapin import openai-chat{option} FILE"))),
        ]);
        // Who started it without a terminal to read this wants it to run all the same.
        match say(&lines.join("\n")) {
            Err(failure) if failure.sentence.is_empty() => Ok(()),
            said => said,
        }
    }

    /// Where it is, or that there is none.
    fn dashboard_line(&self, address: SocketAddr) -> Option<String> {
        let dashboard = self.dashboard.as_ref()?;
        if !dashboard.is_there() {
            return Some("not in this build: `make dashboard`, then build again".to_owned());
        }
        Some(self.public_url.as_ref().map_or_else(|| format!("{}/", url_of(address)), Url::to_string))
    }
}
