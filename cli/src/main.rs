//! The `gapin` binary: settings, wiring, commands.
//!
//! `arguments` is the table of contents: every command on one page. `wiring` is the one place where
//! the parts are put together. This crate knows every other one, and none knows it.

mod arguments;
mod client;
mod commands;
mod data_dir;
mod dev_env;
mod exit;
mod http;
mod lines;
mod logging;
mod master_key;
mod open_files;
mod progress;
mod run;
mod settings;
mod shutdown;
mod terminal;
mod wiring;

use std::process::ExitCode;

use traces::Traces;

use crate::{
    arguments::Gapin,
    exit::{Exit, Failure},
    settings::tree::{NoCommand, parse},
    terminal::note,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let gapin = match parse::<Gapin>(std::env::args_os()) {
        Ok(gapin) => gapin,
        Err(NoCommand::Shown(shown)) => {
            // Nobody is left to tell when help can't be shown.
            let _ = shown.print();
            return ExitCode::from(if shown.use_stderr() { Exit::Usage as u8 } else { Exit::Ok as u8 });
        }
        Err(NoCommand::Wrong(failure)) => return ended(Err(failure)),
    };
    ended(start(gapin))
}

fn start(gapin: Gapin) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("no threads can be started: {error}")))?;
    let ended = runtime.block_on(run(gapin));
    // What is left blocks on the outside (a read from a terminal): it is not waited for.
    runtime.shutdown_background();
    ended
}

async fn run(gapin: Gapin) -> Result<Exit, Failure> {
    let traces = gapin.traces().map(Traces::start).transpose();
    let traces = traces.map_err(|error| Failure::usage(format!("traces can't be sent: {error}")))?;
    logging::start(&gapin.logs, traces.as_ref());
    let ended = gapin.run(traces.as_ref()).await;
    if let Some(traces) = traces {
        traces.close().await;
    }
    ended
}

fn ended(ended: Result<Exit, Failure>) -> ExitCode {
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if !failure.sentence.is_empty() {
                note(&format!("error: {failure}"));
            }
            failure.exit.into()
        }
    }
}
