//! Which rules: those of a file, changed by what the command line says.

use std::{fs::File, io::Read as _, path::PathBuf};

use aibbar::{
    Fault, Kind, Mode, RuleSet,
    redact::{PseudonymKey, Settings},
};
use clap::{Args, ValueEnum};

use crate::exit::Failure;

/// The largest file of rules, in bytes.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// Which rules.
#[derive(Args, Debug)]
pub(super) struct RuleArgs {
    /// Only these kinds (email, phone, ssn, credit_card, iban, ip_address, secret, password)
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kind)]
    kinds: Vec<Kind>,
    /// What becomes of everything that is hidden, in the place of what --rules says
    #[arg(long, value_enum)]
    mode: Option<Hiding>,
    /// Whether IP addresses are hidden (by default they are not)
    #[arg(long, value_enum)]
    ip_address: Option<Switch>,
    /// Settings as of PUT /api/v1/redaction: {"modes": {…}, "rules": [{"name": …, "pattern": …}]}
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

/// How things are hidden.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Hiding {
    /// [REDACTED:email]
    Mask,
    /// [EMAIL:k3v9…], the same for the same value
    Pseudonym,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Switch {
    On,
    Off,
}

impl RuleArgs {
    pub(super) fn rules(&self) -> Result<RuleSet, Failure> {
        let mut settings = self.settings()?;
        if let Some(switch) = self.ip_address {
            let mode = match switch {
                Switch::On => Mode::Mask,
                Switch::Off => Mode::Off,
            };
            settings.modes.insert(Kind::IpAddress, mode);
        }
        for kind in Kind::ALL {
            let mode = settings.modes.entry(kind).or_insert(kind.default_mode());
            if !self.kinds.is_empty() {
                // A kind that is named is wanted, whatever it is by default.
                *mode = match *mode {
                    _ if !self.kinds.contains(&kind) => Mode::Off,
                    Mode::Off => Mode::Mask,
                    mode => mode,
                };
            }
        }
        if let Some(hiding) = self.mode {
            let hiding = match hiding {
                Hiding::Mask => Mode::Mask,
                Hiding::Pseudonym => Mode::Pseudonym,
            };
            let modes = settings.modes.values_mut().chain(settings.rules.iter_mut().map(|rule| &mut rule.mode));
            modes.filter(|mode| **mode != Mode::Off).for_each(|mode| *mode = hiding);
        }
        let mut key = [0; PseudonymKey::BYTES];
        getrandom::fill(&mut key).map_err(|error| Failure::failed(format!("there is no randomness: {error}")))?;
        RuleSet::new(&settings, Some(PseudonymKey::new(key))).map_err(|faults| self.faulty(&faults))
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let Some(path) = &self.rules else { return Ok(Settings::default()) };
        let unreadable = |error| Failure::usage(format!("{} can't be read: {error}", path.display()));
        let mut text = String::new();
        let file = File::open(path).map_err(unreadable)?;
        file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(unreadable)?;
        if text.len() as u64 > FILE_BYTES_MAX {
            return Err(Failure::usage(format!("{} has more than {FILE_BYTES_MAX} bytes", path.display())));
        }
        serde_json::from_str(&text)
            .map_err(|error| Failure::usage(format!("{} holds no rules: {error}", path.display())))
    }

    fn faulty(&self, faults: &[Fault]) -> Failure {
        let path = self.rules.as_deref().unwrap_or_else(|| "the rules".as_ref());
        let faults: String = faults.iter().map(|fault| format!("\n  {}: {}", fault.pointer, fault.detail)).collect();
        Failure::usage(format!("{} can't be used:{faults}", path.display()))
    }
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::parse(word).ok_or_else(|| format!("one of {}", Kind::ALL.map(Kind::as_str).join(", ")))
}
