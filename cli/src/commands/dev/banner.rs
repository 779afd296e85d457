//! The few lines that a newcomer sees.

use std::net::SocketAddr;

use super::{newcomer::url_of, owner::NewOwner};
use crate::{
    data_dir::DataDir,
    dev_env,
    exit::Failure,
    terminal::{Colour, Colours, say},
};

pub(super) fn show(
    address: SocketAddr,
    log_kind: &str,
    store_kind: &str,
    data_dir: &DataDir,
    owner: Option<&NewOwner>,
) -> Result<(), Failure> {
    let colours = Colours::of(&std::io::stdout());
    let strong = |text: &str| colours.paint(Colour::Bold, text);
    let env = data_dir.file(dev_env::FILE_NAME);
    let option = match data_dir.path() == std::path::Path::new("./.gapin") {
        true => String::new(),
        false => format!(" --data-dir {}", data_dir.path().display()),
    };
    let mut lines = vec![
        format!("{} {}", strong("GAPIN"), env!("CARGO_PKG_VERSION")),
        format!("  gateway  {}", strong(&url_of(address))),
        format!("  log      {log_kind}, store {store_kind}, consumer and live stream in this process"),
        format!("  data     {}", data_dir.path().display()),
        format!("  keys     {}", env.display()),
    ];
    if let Some(owner) = owner {
        lines.push(format!("  owner    {}, one-time password {}", owner.email, strong(&owner.password)));
        lines.push("           (shown this once; sign in with it and set another)".to_owned());
    }
    lines.extend([
        format!("Next, in another terminal: {}", strong(&format!("gapin tail{option}"))),
        format!("                      and: {}", strong(&format!("gapin import openai-chat{option} FILE"))),
    ]);
    // Who started it without a terminal to read this wants it to run all the same.
    match say(&lines.join("\n")) {
        Err(failure) if failure.sentence.is_empty() => Ok(()),
        said => said,
    }
}
