//! What is made from the code: shell completions, the page of settings, the API's document.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::{
    arguments::Gapin,
    exit::{Exit, Failure},
    settings::page::configuration_page,
    terminal::say,
};

/// Print the completions of a shell
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// bash, elvish, fish, powershell or zsh
    shell: Shell,
}

pub(crate) const EXAMPLES: &str = "\
Examples:
  source <(gapin completions bash)
  gapin completions fish > ~/.config/fish/completions/gapin.fish";

pub(crate) fn run(args: CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Gapin::command(), "gapin", &mut script);
    std::io::stdout()
        .write_all(&script)
        .map_err(|error| Failure::failed(format!("standard output can't be written: {error}")))?;
    Ok(Exit::Ok)
}

pub(crate) fn print_configuration_page() -> Result<Exit, Failure> {
    say(configuration_page(&Gapin::command()).trim_end())?;
    Ok(Exit::Ok)
}

pub(crate) fn print_openapi() -> Result<Exit, Failure> {
    say(gateway::openapi::text().trim_end())?;
    Ok(Exit::Ok)
}
