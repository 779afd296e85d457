//! The API's document (OpenAPI 3.1), made from the handlers and the table of routes, and Swagger UI to read it with.
//!
//! A handler's `#[utoipa::path]` tells what is its own: parameters, bodies, what it answers. What a route shares with
//! others (who may call it, the problems that any such call may meet, the headers of every answer) is written nowhere
//! by hand: `complete.rs` adds it from the route's line in the table.
//!
//! A problem of a handler's own is annotated as a response whose description names its codes in backticks
//! (`(status = 409, description = "`already_exists`: …")`); body, headers and examples are added here.

mod complete;
mod event;
mod paths;
mod problems;
mod serve;

use std::sync::LazyLock;

use serde_json::Value;
use utoipa::OpenApi;

pub(crate) use serve::{json, page, page_file};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
});

/// The document as it is served, and as `contract/openapi.json` holds it.
pub fn text() -> &'static str {
    &DOCUMENT
}

fn document() -> Value {
    let mut document = serde_json::to_value(paths::Annotated::openapi()).unwrap_or_default();
    event::embed(&mut document);
    problems::describe(&mut document);
    complete::all(&mut document);
    document.sort_all_objects();
    document
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;
    use crate::{app, operations, problem::Kind};

    type Operation = (String, String);

    fn documented() -> BTreeSet<Operation> {
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
        });
        operations.collect()
    }

    fn served() -> BTreeSet<Operation> {
        let tables = [app::table(), operations::table()];
        let routes = tables.iter().flat_map(|table| table.list());
        routes.map(|(method, path, _)| (method.to_string(), path.to_owned())).collect()
    }

    #[test]
    fn every_route_is_documented_and_nothing_else_is() {
        let (documented, served) = (documented(), served());
        let missing: Vec<_> = served.difference(&documented).collect();
        let invented: Vec<_> = documented.difference(&served).collect();
        assert!(missing.is_empty(), "without #[utoipa::path], or not listed in openapi/paths.rs: {missing:?}");
        assert!(invented.is_empty(), "documented, but not in the table of routes: {invented:?}");
    }

    #[test]
    fn every_problem_code_is_documented_where_it_occurs() {
        let document = document();
        let mut told = BTreeSet::new();
        collect_codes(&document["paths"], &mut told);
        collect_codes(&document["components"]["responses"], &mut told);
        let missing: Vec<_> = Kind::all().map(Kind::code).filter(|code| !told.contains(*code)).collect();
        assert!(missing.is_empty(), "no response of any operation tells of these: {missing:?}");
    }

    /// The codes that schemas of responses name.
    fn collect_codes(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                let codes = value.pointer("/properties/code/enum").and_then(Value::as_array);
                into.extend(codes.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
                members.values().for_each(|member| collect_codes(member, into));
            }
            Value::Array(items) => items.iter().for_each(|item| collect_codes(item, into)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn check(value: &Value, document: &Value) {
            match value {
                Value::Object(members) => {
                    if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                        let pointer = reference.strip_prefix('#').unwrap();
                        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                    }
                    members.values().for_each(|member| check(member, document));
                }
                Value::Array(items) => items.iter().for_each(|item| check(item, document)),
                _ => {}
            }
        }
        let document = document();
        check(&document, &document);
    }

    #[test]
    fn every_failure_names_its_codes_and_every_answer_has_a_form() {
        let document = document();
        let mut wrong = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let response = complete::resolved(&document, response);
                    let is_failure = status.starts_with(['4', '5']);
                    if is_failure && response.get("content").is_none() {
                        wrong.push(format!("{method} {path} {status}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "failures whose description names no code in backticks: {wrong:#?}");
    }

    #[test]
    fn every_operation_has_an_id_of_its_own_a_tag_and_a_summary() {
        let document = document();
        let tags: BTreeSet<_> = document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str()).collect();
        let mut ids = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(ids.insert(id.to_owned()), "{id} twice");
                assert!(tags.contains(&operation["tags"][0].as_str()), "{method} {path}: {}", operation["tags"]);
                assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            }
        }
    }
}
