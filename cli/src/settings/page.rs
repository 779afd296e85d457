//! `docs/configuration.md`, made from the declarations.

use std::fmt::Write as _;

use clap::{Arg, Command};

use super::tree::{is_secret, variable};

const INTRODUCTION: &str = "\
# Configuration

<!-- Made by `gapin config-docs` from the declarations in cli/src/settings. Do not edit: a test fails when this page is stale. -->

Every setting is an environment variable, and most are a flag too; a flag wins over its variable.

- An empty variable counts as absent.
- A **secret** comes from the environment alone, or from the file that `<NAME>_FILE` names (`DATABASE_URL_FILE`, …), never from a flag: every user of a machine can read a command line.
- A wrong value stops the start, with exit code 2 and a sentence that names the variable, the value and what is allowed.
- `KAFKA_BROKERS` and `DATABASE_URL` decide the shape, each by itself: present, GAPIN uses Kafka or PostgreSQL; absent, files in the data directory.
- The client commands read what is absent from `dev.env` in the data directory, which `gapin dev` writes.
";

/// The page for this tree of commands.
pub(crate) fn configuration_page(command: &Command) -> String {
    let mut settings = Vec::new();
    gather(command, "", &mut settings);
    let mut page = INTRODUCTION.to_owned();
    let mut done: Vec<&str> = Vec::new();
    for Setting { heading, .. } in &settings {
        if done.contains(&heading.as_str()) {
            continue;
        }
        done.push(heading);
        write_section(&mut page, heading, settings.iter().filter(|setting| setting.heading == *heading));
    }
    page
}

struct Setting<'c> {
    heading: String,
    variable: &'c str,
    arg: &'c Arg,
    commands: Vec<String>,
}

/// Every variable once, with the commands that read it.
fn gather<'c>(command: &'c Command, path: &str, settings: &mut Vec<Setting<'c>>) {
    for arg in command.get_arguments() {
        let Some(variable) = variable(arg) else { continue };
        let by = if path.is_empty() { "all".to_owned() } else { format!("`{path}`") };
        match settings.iter_mut().find(|setting| setting.variable == variable) {
            Some(setting) => setting.commands.push(by),
            None => settings.push(Setting {
                heading: arg.get_help_heading().unwrap_or("Other").to_owned(),
                variable,
                arg,
                commands: vec![by],
            }),
        }
    }
    for deeper in command.get_subcommands() {
        gather(deeper, format!("{path} {}", deeper.get_name()).trim_start(), settings);
    }
}

fn write_section<'s>(page: &mut String, heading: &str, settings: impl Iterator<Item = &'s Setting<'s>>) {
    let mut rows = String::new();
    for setting in settings {
        let flag = match setting.arg.get_long() {
            Some(_) if is_secret(setting.arg) => "secret".to_owned(),
            Some(long) => format!("`--{long}`"),
            None => String::new(),
        };
        let default = setting
            .arg
            .get_default_values()
            .iter()
            .map(|value| format!("`{}`", value.to_string_lossy()))
            .collect::<Vec<_>>()
            .join(", ");
        let _ = writeln!(
            rows,
            "| `{}` | {flag} | {default} | {} | {} |",
            setting.variable,
            meaning(setting.arg),
            setting.commands.join(", ")
        );
    }
    let _ = write!(
        page,
        "\n## {heading}\n\n| variable | flag | default | meaning | read by |\n|---|---|---|---|---|\n{rows}"
    );
}

fn meaning(arg: &Arg) -> String {
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default().replace('\n', " ").replace('|', "\\|");
    let values: Vec<_> = arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    if !values.is_empty() {
        let _ = write!(text, ": {}", values.join(", "));
    }
    text
}
