//! What the routes of redaction show.

use aibbar::RuleSet;
use serde::Serialize;
use store::redaction::{NewPseudonymKey, OrganisationRedaction};
use utoipa::ToSchema;

use super::bodies::{Modes, Rule};

/// What an organisation hides, and how.
#[derive(Serialize, ToSchema)]
#[schema(as = Redaction)]
pub(crate) struct RedactionShown {
    /// Counts the changes of the settings; 0: the organisation has said nothing, and everything is as it is by default.
    version: u64,
    /// What records call these rules: the version of GAPIN's, and that of the organisation's settings.
    #[schema(example = "2+org.7")]
    redaction_rules: String,
    /// What becomes of each kind; every kind is named.
    modes: Modes,
    /// The organisation's own rules.
    rules: Vec<Rule>,
    /// What pseudonyms are made with; never the key itself. Absent before there are settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pseudonym_key: Option<PseudonymKeyShown>,
    /// Who changed the settings last.
    updated_by: Option<String>,
    /// When.
    #[schema(format = DateTime)]
    updated_at: Option<String>,
}

/// The key of an organisation's pseudonyms, without the key.
#[derive(Serialize, ToSchema)]
#[schema(as = PseudonymKey)]
pub(crate) struct PseudonymKeyShown {
    /// Counts the keys, from 1: those before are gone.
    version: u32,
    /// When it was made: pseudonyms in older records, if any, were made with one that is gone.
    #[schema(format = DateTime)]
    made_at: String,
}

/// What took the place of a key that was erased.
#[derive(Serialize, ToSchema)]
#[schema(as = PseudonymKeyErased)]
pub(crate) struct ErasedShown {
    /// The key of pseudonyms from now on.
    pseudonym_key: PseudonymKeyShown,
}

impl ErasedShown {
    pub(super) fn of(new: &NewPseudonymKey) -> Self {
        Self { pseudonym_key: PseudonymKeyShown { version: new.version, made_at: new.made_at.to_string() } }
    }
}

impl RedactionShown {
    pub(super) fn of(found: Option<&OrganisationRedaction>) -> Self {
        let Some(found) = found else {
            return Self {
                version: 0,
                redaction_rules: RuleSet::VERSION.to_owned(),
                modes: Modes::of(aibbar::Kind::default_mode),
                rules: Vec::new(),
                pseudonym_key: None,
                updated_by: None,
                updated_at: None,
            };
        };
        let modes = &found.settings.modes;
        Self {
            version: found.version,
            redaction_rules: RuleSet::default().of_settings_version(found.version).version().to_owned(),
            modes: Modes::of(|kind| modes.get(&kind).copied().unwrap_or(kind.default_mode())),
            rules: found.settings.rules.iter().map(Rule::of).collect(),
            pseudonym_key: Some(PseudonymKeyShown {
                version: found.key_version,
                made_at: found.key_made_at.to_string(),
            }),
            updated_by: Some(found.updated_by.clone()),
            updated_at: Some(found.updated_at.to_string()),
        }
    }
}
