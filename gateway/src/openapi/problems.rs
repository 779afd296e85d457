//! How a failure is documented: which codes a status stands for here, its body, its headers, an example of each.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::problem::Kind;

/// The schemas of `Problem` and `Fault`, with every code there is, and the answer to a path's other methods.
pub(super) fn describe(document: &mut Value) {
    let codes: Vec<_> = Kind::all().map(Kind::code).collect();
    document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] = json!(codes);
    let mut response = response(405, &[Kind::MethodNotAllowed], None, None);
    response["headers"]["Allow"] = header("The methods that the path takes.", json!({ "type": "string" }));
    document["components"]["responses"]["MethodNotAllowed"] = response;
}

/// The kinds of this status whose codes stand in backticks in a text.
pub(super) fn named_in(text: &str, status: u16) -> Vec<Kind> {
    let words: BTreeSet<&str> = text.split('`').skip(1).step_by(2).collect();
    Kind::all().filter(|kind| kind.status().as_u16() == status && words.contains(kind.code())).collect()
}

/// The response of this status for these kinds. `told` is the handler's own description, `other_form` what its body
/// may look like besides a plain problem.
pub(super) fn response(status: u16, kinds: &[Kind], told: Option<&str>, other_form: Option<&Value>) -> Value {
    let mut lines: Vec<String> = told.map(str::to_owned).into_iter().collect();
    let untold = kinds.iter().filter(|kind| told.is_none_or(|told| !told.contains(&format!("`{}`", kind.code()))));
    lines.extend(untold.map(|kind| format!("`{}`: {}", kind.code(), kind.meaning())));

    let codes: Vec<_> = kinds.iter().map(|kind| kind.code()).collect();
    let problem = json!({
        "allOf": [
            { "$ref": "#/components/schemas/Problem" },
            { "type": "object", "properties": { "status": { "const": status }, "code": { "enum": codes } } },
        ],
    });
    let schema = match other_form {
        Some(form) => json!({ "anyOf": [form, problem] }),
        None => problem,
    };
    let examples: Map<String, Value> =
        kinds.iter().map(|kind| (kind.code().to_owned(), json!({ "value": example(*kind) }))).collect();
    let mut response = json!({
        "description": lines.join("\n\n"),
        "content": { "application/problem+json": { "schema": schema, "examples": examples } },
    });
    let seconds = || json!({ "type": "integer", "minimum": 0 });
    match status {
        401 => response["headers"]["WWW-Authenticate"] = header("How to show who calls.", json!({ "type": "string" })),
        429 => response["headers"]["Retry-After"] = header("Seconds until another try is right.", seconds()),
        503 => response["headers"]["Retry-After"] = header("Seconds until another try may work.", seconds()),
        _ => {}
    }
    response
}

fn header(description: &str, schema: Value) -> Value {
    json!({ "description": description, "schema": schema })
}

fn example(kind: Kind) -> Value {
    let (status, code, title) = kind.answer();
    let mut example = json!({
        "type": format!("{}{code}", crate::problem::TYPE_BASE),
        "title": title,
        "status": status.as_u16(),
        "code": code,
        "detail": kind.meaning(),
        "request_id": "01980a5e-7d7a-7c1e-b5f8-3f1c2a9d4e60",
    });
    if matches!(kind, Kind::InvalidBody | Kind::Event(aibbar::Code::SchemaViolation)) {
        example["errors"] = json!([{ "pointer": "/name", "code": "required", "detail": "must be there" }]);
    }
    example
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_from_a_description() {
        let text = "`already_exists`: the name is taken. `last_owner`, `not_found` or `name` are not of this status.";
        assert_eq!(named_in(text, 409), [Kind::AlreadyExists, Kind::LastOwner]);
        assert_eq!(named_in(text, 404), [Kind::NotFound]);
        assert_eq!(named_in("nothing", 404), []);
    }
}
