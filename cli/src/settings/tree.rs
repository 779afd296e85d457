//! The rules that hold for every setting, applied to the tree of commands.
//!
//! clap knows variables and flags; three rules are ours. An empty variable counts as absent. A secret
//! comes from the environment or from the file that `<NAME>_FILE` names, never from the command line.
//! A wrong value is one sentence that names the variable, the flag, the value (never a secret's) and
//! what is allowed.

use std::{ffi::OsString, io::Read as _, path::PathBuf};

use clap::{
    Arg, ArgMatches, Command, CommandFactory, FromArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};

use crate::exit::{Exit, Failure};

/// The largest file that a secret is read from.
const SECRET_FILE_BYTES_MAX: u64 = 64 * 1024;

/// Why there is nothing to run.
pub(crate) enum NoCommand {
    /// clap has something to show: help, the version, or how a command is used.
    Shown(clap::Error),
    /// A setting is wrong.
    Wrong(Failure),
}

/// Reads the command line and the environment.
pub(crate) fn parse<T: CommandFactory + FromArgMatches>(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<T, NoCommand> {
    let mut secrets = Secrets::default();
    let matches = secrets.apply(T::command()).try_get_matches_from(arguments).map_err(|error| {
        let mut declared = T::command();
        declared.build();
        wrong_value(&declared, &error).map_or(NoCommand::Shown(error), wrong)
    })?;
    secrets.check(&matches).map_err(wrong)?;
    T::from_arg_matches(&matches).map_err(NoCommand::Shown)
}

fn wrong(sentence: String) -> NoCommand {
    NoCommand::Wrong(Failure::new(Exit::Usage, sentence))
}

/// Whether the value of this setting is a secret.
pub(crate) fn is_secret(arg: &Arg) -> bool {
    arg.is_hide_env_values_set()
}

/// The setting's environment variable.
pub(crate) fn variable(arg: &Arg) -> Option<&str> {
    arg.get_env().and_then(|name| name.to_str())
}

/// Applies the rules to every command, and remembers which arguments are secrets.
#[derive(Default)]
struct Secrets {
    settings: Vec<SecretSetting>,
}

struct SecretSetting {
    id: String,
    variable: String,
    /// The sentence about `<NAME>_FILE`, when the secret could not be read from it.
    file_fault: Option<String>,
}

impl Secrets {
    fn apply(&mut self, command: Command) -> Command {
        with_secrets_in_help(command)
            .mut_args(|arg| self.apply_to_arg(arg))
            .mut_subcommands(|command| self.apply(command))
    }

    fn apply_to_arg(&mut self, arg: Arg) -> Arg {
        let Some(variable) = variable(&arg).map(str::to_owned) else { return arg };
        let value = std::env::var_os(&variable);
        let is_absent = value.as_ref().is_none_or(|value| value.is_empty());
        // clap would take the empty text for a value.
        let arg = if is_absent && value.is_some() { arg.env(None::<&str>) } else { arg };
        if !is_secret(&arg) {
            // Help names the variable; what it is set to is nobody's business in a shared screen.
            return arg.hide_env_values(true);
        }
        let from_file = if is_absent { secret_from_file(&format!("{variable}_FILE")) } else { Ok(None) };
        let file_fault = from_file.as_ref().err().cloned();
        self.settings.push(SecretSetting { id: arg.get_id().to_string(), variable, file_fault });
        match from_file {
            Ok(Some(secret)) => arg.hide_default_value(true).default_value(secret),
            _ => arg,
        }
    }

    /// What can only be said once it is known which command was meant.
    fn check(&self, matches: &ArgMatches) -> Result<(), String> {
        let mut leaf = matches;
        while let Some((_, deeper)) = leaf.subcommand() {
            leaf = deeper;
        }
        for secret in &self.settings {
            if leaf.try_contains_id(&secret.id).is_err() {
                continue;
            }
            if leaf.value_source(&secret.id) == Some(ValueSource::CommandLine) {
                return Err(format!(
                    "{0} is a secret, and every user of this machine can read a command line: set the variable \
                     {0}, or {0}_FILE to a file that holds it",
                    secret.variable
                ));
            }
            if let Some(sentence) = &secret.file_fault {
                return Err(sentence.clone());
            }
        }
        Ok(())
    }
}

/// The file that a secret is taken from; `None` when it stands in its own variable, or nowhere.
pub(crate) fn file_of_secret(variable: &str) -> Option<PathBuf> {
    if std::env::var_os(variable).is_some_and(|value| !value.is_empty()) {
        return None;
    }
    std::env::var_os(format!("{variable}_FILE")).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The secret in the file that this variable names; `None` when it names none.
fn secret_from_file(variable: &str) -> Result<Option<String>, String> {
    let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) else { return Ok(None) };
    let fault = |why: &dyn std::fmt::Display| format!("{variable} is {:?}; {why}", path.to_string_lossy());
    let mut text = String::new();
    let read = std::fs::File::open(&path)
        .and_then(|file| file.take(SECRET_FILE_BYTES_MAX).read_to_string(&mut text))
        .map_err(|error| fault(&format_args!("that file can't be read: {error}")))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() || read as u64 == SECRET_FILE_BYTES_MAX {
        return Err(fault(&format_args!("it must name a file of 1 to {SECRET_FILE_BYTES_MAX} bytes")));
    }
    Ok(Some(secret.to_owned()))
}

/// Secrets are no flags, so clap's help leaves them out: their variables are named below the examples.
fn with_secrets_in_help(command: Command) -> Command {
    let secrets: String = command
        .get_arguments()
        .filter(|arg| is_secret(arg))
        .filter_map(|arg| Some(format!("\n  {}\n          {}", variable(arg)?, arg.get_help()?)))
        .collect();
    if secrets.is_empty() {
        return command;
    }
    let examples = command.get_after_help().map(|help| format!("{help}\n\n")).unwrap_or_default();
    command.after_help(format!(
        "{examples}Secrets, from the environment alone (or from the file that <NAME>_FILE names):{secrets}"
    ))
}

/// The sentence for a value that is not allowed; `None` when clap's own words are better.
fn wrong_value(command: &Command, error: &clap::Error) -> Option<String> {
    match error.kind() {
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {}
        ErrorKind::InvalidUtf8 => return variable_that_is_no_text(command),
        _ => return None,
    }
    let (Some(ContextValue::String(shown)), Some(ContextValue::String(value))) =
        (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue))
    else {
        return None;
    };
    if value.is_empty() {
        return None;
    }
    let arg = find_arg(command, shown)?;
    let allowed = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) => format!("one of {}", values.join(", ")),
        _ => std::error::Error::source(error)?.to_string(),
    };
    let flag = arg.get_long().map(|long| format!("--{long}"));
    Some(match (variable(arg), flag) {
        (Some(name), _) if is_secret(arg) => {
            format!("{name} is not usable (a secret's value is not shown); it must be {allowed}")
        }
        (Some(name), Some(flag)) => format!("{name} ({flag}) is {value:?}; it must be {allowed}"),
        (_, Some(flag)) => format!("{flag} is {value:?}; it must be {allowed}"),
        (_, None) => format!("{shown} is {value:?}; it must be {allowed}"),
    })
}

/// The argument that clap shows like this, in whichever command it stands.
fn find_arg<'c>(command: &'c Command, shown: &str) -> Option<&'c Arg> {
    command
        .get_arguments()
        .find(|arg| arg.to_string() == shown)
        .or_else(|| command.get_subcommands().find_map(|command| find_arg(command, shown)))
}

/// clap does not tell which variable was not UTF-8.
fn variable_that_is_no_text(command: &Command) -> Option<String> {
    let is_no_text = |name: &&str| std::env::var_os(name).is_some_and(|value| value.to_str().is_none());
    let here = command.get_arguments().filter_map(variable).find(is_no_text);
    here.map(|name| format!("{name} is not UTF-8; it must be text in UTF-8"))
        .or_else(|| command.get_subcommands().find_map(variable_that_is_no_text))
}
