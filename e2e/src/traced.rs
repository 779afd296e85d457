//! Spans, as a collector wrote them.

use std::collections::BTreeMap;

use serde_json::Value;

/// One span.
#[derive(Clone, Debug, PartialEq)]
pub struct Traced {
    /// `service.name` of the process that made it.
    pub service: String,
    /// Its name.
    pub name: String,
    /// The trace that it is in, in hexadecimal digits.
    pub trace_id: String,
    /// Its own id.
    pub span_id: String,
    /// The id of its parent; empty where it has none.
    pub parent_id: String,
    /// What other systems say of the trace.
    pub state: String,
    /// Ids of the spans that it has links to.
    pub links: Vec<String>,
    /// What it tells, as text.
    pub attributes: BTreeMap<String, String>,
    /// Whether it tells of a failure.
    pub is_error: bool,
}

impl Traced {
    /// Whether it is a child of that span, or has a link to it.
    pub fn follows(&self, other: &Traced) -> bool {
        self.parent_id == other.span_id || self.links.contains(&other.span_id)
    }

    /// What it tells of this, as text; empty where it tells nothing.
    pub fn tells(&self, key: &str) -> &str {
        self.attributes.get(key).map_or("", String::as_str)
    }
}

/// The spans of these lines, each of which is a request in OTLP's JSON; a last one that is not whole is left away.
pub fn spans_in(lines: &str) -> Vec<Traced> {
    let whole = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    whole.flat_map(|request| all_of(&request, "resourceSpans").flat_map(of_process).collect::<Vec<_>>()).collect()
}

fn of_process(process: Value) -> Vec<Traced> {
    let service = attributes_of(&process["resource"]).remove("service.name").unwrap_or_default();
    let spans = all_of(&process, "scopeSpans").flat_map(|scope| all_of(&scope, "spans").collect::<Vec<_>>());
    let traced = |span: Value| Traced {
        service: service.clone(),
        name: text(&span["name"]),
        trace_id: text(&span["traceId"]),
        span_id: text(&span["spanId"]),
        parent_id: text(&span["parentSpanId"]),
        state: text(&span["traceState"]),
        links: all_of(&span, "links").map(|link| text(&link["spanId"])).collect(),
        attributes: attributes_of(&span),
        is_error: span["status"]["code"] == 2,
    };
    spans.map(traced).collect()
}

fn attributes_of(of: &Value) -> BTreeMap<String, String> {
    let pair = |attribute: Value| {
        // `{"stringValue": "x"}`, `{"intValue": "1"}`, …: one member, whatever its type.
        let value = attribute["value"].as_object().and_then(|value| value.values().next()).map(text);
        (text(&attribute["key"]), value.unwrap_or_default())
    };
    all_of(of, "attributes").map(pair).collect()
}

fn all_of(of: &Value, name: &str) -> impl Iterator<Item = Value> + use<> {
    of[name].as_array().cloned().unwrap_or_default().into_iter()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
}
