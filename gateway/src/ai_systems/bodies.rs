//! What the routes of AI systems take.

use serde::Deserialize;
use store::{AuditEntry, ai_systems::AiSystemChanges};
use utoipa::{
    ToSchema,
    openapi::{RefOr, schema::Schema},
};
use uuid::Uuid;

use crate::{
    body::Checked,
    words::{nullable, optional_text_schema},
};

/// An AI system to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAiSystem {
    /// What its events call it; absent: it is given one.
    pub(super) ai_id: Option<Uuid>,
    /// What people call it; unique within the organisation.
    #[schema(schema_with = crate::words::name_schema)]
    pub(super) name: String,
    /// Who answers for it: a name, a team, an e-mail address.
    #[schema(schema_with = owner)]
    pub(super) owner: Option<String>,
    /// What it does.
    #[schema(schema_with = description)]
    pub(super) description: Option<String>,
    /// Where it runs: `production`, `staging`, ….
    #[schema(schema_with = environment)]
    pub(super) environment: Option<String>,
}

/// What changes of an AI system.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedAiSystem {
    /// What people call it.
    #[schema(schema_with = crate::words::name_schema)]
    name: Option<String>,
    /// Who answers for it; `null`: nobody is named.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(schema_with = owner)]
    owner: Option<Option<String>>,
    /// What it does; `null`: nothing is said of it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(schema_with = description)]
    description: Option<Option<String>>,
    /// Where it runs; `null`: nothing is said of it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(schema_with = environment)]
    environment: Option<Option<String>>,
}

impl Checked for NewAiSystem {}
impl Checked for ChangedAiSystem {}

impl ChangedAiSystem {
    /// Puts what it names into the trail; of the description, that it changed.
    pub(super) fn told(&self, mut entry: AuditEntry) -> AuditEntry {
        if let Some(name) = &self.name {
            entry = entry.with("name", name.clone());
        }
        if let Some(owner) = &self.owner {
            entry = entry.with("owner", owner.clone());
        }
        if self.description.is_some() {
            entry = entry.with("description", "changed");
        }
        if let Some(environment) = &self.environment {
            entry = entry.with("environment", environment.clone());
        }
        entry
    }

    pub(super) fn into_changes(self) -> AiSystemChanges {
        AiSystemChanges {
            name: self.name,
            owner: self.owner,
            description: self.description,
            environment: self.environment,
        }
    }
}

fn owner() -> RefOr<Schema> {
    optional_text_schema(256, r"^[^\x00-\x1f\x7f]*$")
}

/// May have several lines.
fn description() -> RefOr<Schema> {
    optional_text_schema(2_048, r"^[^\x00]*$")
}

fn environment() -> RefOr<Schema> {
    optional_text_schema(64, r"^[^\x00-\x1f\x7f]*$")
}
