//! `POST /api/v1/redaction/preview`: what would be hidden, and why. Stores nothing, logs nothing of what it was shown.

use std::sync::Arc;

use actix_web::web;
use aibbar::{
    Fault, RuleSet, event,
    redact::{Finding, PseudonymKey, Settings},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::bodies::{ModeWord, NewSettings};
use crate::{
    app::App,
    auth::Caller,
    body::{Body, Checked},
    problem::{Kind, Problem},
};

/// What to look at: one of `event`, `value` and `text`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RedactionSample)]
pub(crate) struct Sample {
    /// An event, signed or not, as the door for events would redact it.
    #[schema(nullable = false, value_type = Option<Object>)]
    event: Option<Map<String, Value>>,
    /// Any JSON.
    value: Option<Value>,
    /// A text.
    #[schema(nullable = false)]
    text: Option<String>,
    /// Settings to try, in the place of the organisation's.
    #[schema(nullable = false)]
    settings: Option<NewSettings>,
}

/// What would be hidden, and why.
#[derive(Serialize, ToSchema)]
#[schema(as = RedactionPreview)]
pub(crate) struct Preview {
    /// What was sent, redacted. Pseudonyms in it are samples, made with a key that is thrown away.
    redacted: Value,
    /// Each thing that was hidden.
    findings: Vec<FindingShown>,
    /// Whether there are more findings than are told.
    is_more: bool,
    /// What records call the rules that were used; without the organisation's version when others were tried.
    #[schema(example = "2+org.7")]
    redaction_rules: String,
}

/// One thing that was hidden; never what it was.
#[derive(Serialize, ToSchema)]
#[schema(as = RedactionFinding)]
pub(crate) struct FindingShown {
    /// Where: a JSON Pointer (RFC 6901) into `redacted`.
    pointer: String,
    /// Whether it stood in the key there, and not in the value.
    in_key: bool,
    /// What it was: one of GAPIN's kinds, or `custom`.
    #[schema(example = "email")]
    kind: &'static str,
    /// The name of the organisation's own rule, of `custom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    rule: Option<String>,
    /// What became of it.
    mode: ModeWord,
    /// Why, in words.
    why: &'static str,
    /// Where its stand-in begins in the redacted string (or key), in characters (Unicode code points).
    start: usize,
    /// Where it ends.
    end: usize,
}

impl Checked for Sample {
    fn faults(&self) -> Vec<Fault> {
        let given = [self.event.is_some(), self.value.is_some(), self.text.is_some()];
        let mut faults = Vec::new();
        if given.into_iter().filter(|given| *given).count() != 1 {
            let detail = "needs one of `event`, `value` and `text`".to_owned();
            faults.push(Fault { pointer: String::new(), code: "one_of", detail });
        }
        faults
    }
}

/// Shows what would be hidden of an event, a value or a text, and why. Nothing of it is kept.
///
/// At most 64 KiB; `gapin redact` takes more, and needs no server.
#[utoipa::path(
    post, path = "/api/v1/redaction/preview", tag = "Redaction",
    request_body(content = Sample, examples(
        ("text" = (summary = "A text", value = json!({ "text": "Write to ann@example.com" }))),
        ("settings" = (summary = "A value, with settings to try", value = json!({
            "value": { "note": "EMP-123456" },
            "settings": { "rules": [{ "name": "employee_id", "pattern": "EMP-[0-9]{6}" }] },
        }))),
    )),
    responses((status = 200, description = "What would be hidden.", body = Preview)),
)]
pub(crate) async fn preview(
    caller: Caller,
    body: Body<Sample>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<Preview>, Problem> {
    let Body(sample) = body;
    let (settings, version) = match &sample.settings {
        Some(settings) => (settings.to_settings(), None),
        None => match app.stores.redaction.redaction(caller.org_id()).await? {
            Some(found) => (found.settings, Some(found.version)),
            None => (Settings::default(), None),
        },
    };
    // Compiling what is tried, and looking through 64 KiB, takes milliseconds that belong to others.
    let shown = web::block(move || look(sample, &settings, version)).await.map_err(Problem::internal)?;
    shown.map(web::Json)
}

fn look(sample: Sample, settings: &Settings, version: Option<u64>) -> Result<Preview, Problem> {
    let mut key = [0; PseudonymKey::BYTES];
    getrandom::fill(&mut key).map_err(Problem::internal)?;
    let rules = RuleSet::new(settings, Some(PseudonymKey::new(key))).map_err(|mut faults| {
        for fault in &mut faults {
            fault.pointer.insert_str(0, "/settings");
        }
        Problem::with_faults(Kind::InvalidBody, "The settings can't be tried.", faults)
    })?;
    let rules = match version {
        Some(version) => rules.of_settings_version(version),
        None => rules,
    };
    let (redacted, (findings, is_more)) = match (sample.event, sample.value, sample.text) {
        (Some(mut event), _, _) => {
            let found = event::explain_redaction(&mut event, &rules);
            (Value::Object(event), found)
        }
        (None, value, text) => {
            let mut value = value.or(text.map(Value::String)).unwrap_or_default();
            let found = rules.explain(&mut value);
            (value, found)
        }
    };
    let findings = findings.into_iter().map(FindingShown::of).collect();
    Ok(Preview { redacted, findings, is_more, redaction_rules: rules.version().to_owned() })
}

impl FindingShown {
    fn of(finding: Finding) -> Self {
        Self {
            pointer: finding.pointer,
            in_key: finding.in_key,
            kind: finding.kind.as_str(),
            rule: finding.rule.map(|rule| rule.to_string()),
            mode: ModeWord::of(finding.mode),
            why: finding.why.as_str(),
            start: finding.start,
            end: finding.end,
        }
    }
}
