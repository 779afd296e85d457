//! `dev.env`: what a newcomer's commands need, written by `gapin dev` and read by the client commands.
//!
//! Lines that a shell can source. A value is quoted only when a shell would need it, so that
//! readers which know no quotes (`docker --env-file`) can take the file too.

use std::path::Path;

use crate::settings::values::Secret;

pub(crate) const FILE_NAME: &str = "dev.env";

/// What the file says; a line that is missing or unreadable is `None`.
#[derive(Clone, Debug, Default)]
pub(crate) struct DevEnv {
    pub(crate) url: Option<String>,
    pub(crate) api_key: Option<Secret>,
    pub(crate) signing_key_id: Option<String>,
    pub(crate) signing_secret: Option<Secret>,
    pub(crate) ai_id: Option<String>,
}

impl DevEnv {
    /// Reads the file; one that is not there says nothing.
    pub(crate) fn read(data_dir: &Path) -> std::io::Result<DevEnv> {
        match std::fs::read_to_string(data_dir.join(FILE_NAME)) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    fn parse(text: &str) -> DevEnv {
        let mut read = DevEnv::default();
        for line in text.lines() {
            let line = line.trim();
            let line = line.strip_prefix("export ").unwrap_or(line);
            let Some((name, value)) = line.split_once('=') else { continue };
            let Some(value) = unquoted(value).filter(|value| !value.is_empty()) else { continue };
            match name {
                "GAPIN_URL" => read.url = Some(value),
                "GAPIN_API_KEY" => read.api_key = Some(value.into()),
                "GAPIN_SIGNING_KEY_ID" => read.signing_key_id = Some(value),
                "GAPIN_SIGNING_SECRET" => read.signing_secret = Some(value.into()),
                "GAPIN_AI_ID" => read.ai_id = Some(value),
                _ => {}
            }
        }
        read
    }

    /// The file's text.
    pub(crate) fn to_text(&self) -> String {
        let secret = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let mut text =
            String::from("# Made by `gapin dev`, for this machine alone. In a shell: set -a; . dev.env; set +a\n");
        for (name, value) in [
            ("GAPIN_URL", self.url.clone()),
            ("GAPIN_API_KEY", secret(&self.api_key)),
            ("GAPIN_SIGNING_KEY_ID", self.signing_key_id.clone()),
            ("GAPIN_SIGNING_SECRET", secret(&self.signing_secret)),
            ("GAPIN_AI_ID", self.ai_id.clone()),
        ] {
            if let Some(value) = value {
                text.push_str(&format!("{name}={}\n", quoted(&value)));
            }
        }
        text
    }
}

/// As a POSIX shell reads it.
fn quoted(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,".contains(c);
    if !value.is_empty() && value.chars().all(is_plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', r"'\''"))
    }
}

/// The inverse of [`quoted`], and of plain double quotes; `None` for what is no one word.
fn unquoted(text: &str) -> Option<String> {
    let mut value = String::new();
    let mut chars = text.trim_end().chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => loop {
                match chars.next()? {
                    inner if inner == c => break,
                    inner => value.push(inner),
                }
            },
            '\\' => value.push(chars.next()?),
            c if c.is_whitespace() => return None,
            c => value.push(c),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn any_value_comes_back_from_the_file_and_from_a_shell() {
        for value in ["http://127.0.0.1:8080", "http://[::1]:8080", "it's $HOME", "a b", "\\'\"`", "ü"] {
            let env = DevEnv { url: Some(value.to_owned()), ..DevEnv::default() };
            assert_eq!(DevEnv::parse(&env.to_text()).url.unwrap(), value);

            let script = format!("{}printf %s \"$GAPIN_URL\"", env.to_text());
            let shell = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(shell.stdout).unwrap(), value);
        }
    }

    #[test]
    fn a_damaged_file_says_what_it_can() {
        let read = DevEnv::parse("garbage\nGAPIN_API_KEY='half\nGAPIN_AI_ID=\nexport GAPIN_URL=\"http://h:1\"\n");
        assert!(read.api_key.is_none() && read.ai_id.is_none());
        assert_eq!(read.url.as_deref(), Some("http://h:1"));
    }

    #[test]
    fn debug_shows_no_secret() {
        let env = DevEnv { api_key: Some("sk_secret".into()), ..DevEnv::default() };
        assert!(!format!("{env:?}").contains("sk_secret"));
    }
}
