//! Every command, on one page.

use clap::{Parser, Subcommand};
use traces::Traces;

use crate::{
    commands::{
        backup::{self, BackupArgs, RestoreArgs},
        bench::{self, BenchArgs},
        completions::{self, CompletionsArgs},
        consumer::{self, ConsumerArgs},
        dev::{self, DevArgs},
        dlq::{self, DlqArgs},
        doctor::{self, DoctorArgs},
        export::{self, ExportArgs},
        gateway::{self, GatewayArgs},
        import::{self, ImportArgs},
        keys::{self, KeysArgs},
        migrate::{self, MigrateArgs},
        organisations::{self, OrganisationsArgs},
        plans::{self, PlansArgs},
        redact::{self, RedactArgs},
        sign::{self, SignArgs},
        signing_keys::{self, SigningKeysArgs},
        spool::{self, SpoolArgs},
        tail::{self, TailArgs},
        users::{self, UsersArgs},
        verify::{self, VerifyArgs},
    },
    exit::{EXIT_CODES_HELP, Exit, Failure},
    settings::logs::LogSettings,
};

/// The flight recorder for AI systems: records signed events, keeps them, shows them live
#[derive(Parser, Debug)]
#[command(
    name = "gapin",
    version,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = format!("Start here: gapin dev\n\n{EXIT_CODES_HELP}"),
)]
pub(crate) struct Gapin {
    #[command(flatten)]
    pub(crate) logs: LogSettings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    #[command(after_help = dev::EXAMPLES)]
    Dev(Box<DevArgs>),
    #[command(after_help = gateway::EXAMPLES)]
    Gateway(Box<GatewayArgs>),
    #[command(after_help = consumer::EXAMPLES)]
    Consumer(Box<ConsumerArgs>),
    #[command(after_help = migrate::EXAMPLES)]
    Migrate(MigrateArgs),
    #[command(after_help = keys::EXAMPLES)]
    Keys(KeysArgs),
    #[command(after_help = signing_keys::EXAMPLES)]
    SigningKeys(SigningKeysArgs),
    #[command(name = "orgs", after_help = organisations::EXAMPLES)]
    Organisations(OrganisationsArgs),
    #[command(after_help = plans::EXAMPLES)]
    Plans(PlansArgs),
    #[command(after_help = users::EXAMPLES)]
    Users(UsersArgs),
    #[command(after_help = sign::EXAMPLES)]
    Sign(SignArgs),
    #[command(after_help = verify::EXAMPLES)]
    Verify(VerifyArgs),
    Import(ImportArgs),
    #[command(after_help = export::EXAMPLES)]
    Export(ExportArgs),
    #[command(after_help = redact::EXAMPLES)]
    Redact(RedactArgs),
    #[command(after_help = tail::EXAMPLES)]
    Tail(TailArgs),
    #[command(after_help = dlq::EXAMPLES)]
    Dlq(DlqArgs),
    #[command(after_help = spool::EXAMPLES)]
    Spool(Box<SpoolArgs>),
    #[command(after_help = backup::EXAMPLES)]
    Backup(BackupArgs),
    #[command(after_help = backup::RESTORE_EXAMPLES)]
    Restore(RestoreArgs),
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(Box<DoctorArgs>),
    #[command(after_help = bench::EXAMPLES)]
    Bench(Box<BenchArgs>),
    #[command(after_help = completions::EXAMPLES)]
    Completions(CompletionsArgs),
    /// Print docs/configuration.md
    #[command(hide = true)]
    ConfigDocs,
    /// Print contract/openapi.json
    #[command(hide = true)]
    Openapi,
}

impl Gapin {
    /// What traces are told; `None` where there are none.
    pub(crate) fn traces(&self) -> Option<traces::Settings> {
        match &self.command {
            Command::Dev(args) => args.recorder.traces.build("dev"),
            Command::Gateway(args) => args.recorder.traces.build("gateway"),
            Command::Consumer(args) => args.traces.build("consumer"),
            _ => None,
        }
    }

    pub(crate) async fn run(self, traces: Option<&Traces>) -> Result<Exit, Failure> {
        match self.command {
            Command::Dev(args) => dev::run(*args, traces).await,
            Command::Gateway(args) => gateway::run(*args, traces).await,
            Command::Consumer(args) => consumer::run(*args, traces).await,
            Command::Migrate(args) => migrate::run(args).await,
            Command::Keys(args) => keys::run(args).await,
            Command::SigningKeys(args) => signing_keys::run(args).await,
            Command::Organisations(args) => organisations::run(args).await,
            Command::Plans(args) => plans::run(args).await,
            Command::Users(args) => users::run(args).await,
            Command::Sign(args) => sign::run(args),
            Command::Verify(args) => verify::run(args),
            Command::Import(args) => import::run(args).await,
            Command::Export(args) => export::run(args).await,
            Command::Redact(args) => redact::run(args),
            Command::Tail(args) => tail::run(args).await,
            Command::Dlq(args) => dlq::run(args).await,
            Command::Spool(args) => spool::run(*args),
            Command::Backup(args) => backup::run(args),
            Command::Restore(args) => backup::restore(args),
            Command::Doctor(args) => doctor::run(*args).await,
            Command::Bench(args) => bench::run(*args).await,
            Command::Completions(args) => completions::run(args),
            Command::ConfigDocs => completions::print_configuration_page(),
            Command::Openapi => completions::print_openapi(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_tree_of_commands_holds_together() {
        Gapin::command().debug_assert();
    }
}
