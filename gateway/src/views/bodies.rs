//! What the routes of saved views take.

use serde::Deserialize;
use store::saved_views::{SavedViewChanges, VIEW_NAME_CHARS_MAX, VIEW_PAGE_CHARS_MAX, VIEW_QUERY_BYTES_MAX};
use utoipa::{
    ToSchema,
    openapi::{
        RefOr,
        schema::{ObjectBuilder, Schema, Type},
    },
};

use crate::{body::Checked, words::text_schema};

/// The name of a page of the dashboard.
const PAGE_PATTERN: &str = "^[a-z][a-z-]*$";

/// What may stand in the query of a URL, `%` and two digits for the rest: so characters are bytes.
const QUERY_PATTERN: &str = r"^[!$-;=?-~]*$";

/// A view to be saved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewView {
    /// What people call it; unique among your views of this page.
    #[schema(schema_with = name)]
    pub(super) name: String,
    /// Which page of the dashboard it is of: `live`, ….
    #[schema(schema_with = page)]
    pub(super) page: String,
    /// What that page is asked for: the query of its URL, without the `?`.
    #[schema(schema_with = query)]
    pub(super) query: String,
    /// Whether every member of the organisation sees it; `false` when absent.
    #[serde(default)]
    #[schema(default = false)]
    pub(super) shared: bool,
}

/// What changes of a view.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangedView {
    /// What people call it.
    #[schema(schema_with = name)]
    pub(super) name: Option<String>,
    /// What the page is asked for.
    #[schema(schema_with = query)]
    pub(super) query: Option<String>,
    /// Whether every member of the organisation sees it.
    #[schema(nullable = false)]
    pub(super) shared: Option<bool>,
}

impl Checked for NewView {}
impl Checked for ChangedView {}

impl ChangedView {
    pub(super) fn into_changes(self) -> SavedViewChanges {
        SavedViewChanges { name: self.name, query: self.query, is_shared: self.shared }
    }
}

/// As any name, and longer.
fn name() -> RefOr<Schema> {
    text_schema(VIEW_NAME_CHARS_MAX, r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$")
}

fn page() -> RefOr<Schema> {
    text_schema(VIEW_PAGE_CHARS_MAX, PAGE_PATTERN)
}

/// A view of everything asks for nothing.
fn query() -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String).max_length(Some(VIEW_QUERY_BYTES_MAX));
    text.pattern(Some(QUERY_PATTERN)).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::body::typed;

    #[track_caller]
    fn check(query: &str, is_taken: bool) {
        let body = json!({ "name": "errors", "page": "live", "query": query });
        assert_eq!(typed::<NewView>(body).is_ok(), is_taken, "{query:?}");
    }

    #[test]
    fn a_query_is_what_stands_in_a_url() {
        for query in ["", "type=ai.error&q=%C3%A4b+c&from=2026-01-31T12:00:00Z", "f=[a|b]^{1}`'~!$()*,;@/?\\"] {
            check(query, true);
        }
        for query in ["a b", "a\nb", "ä", "#top", "a=<b>", "a=\"b\"", "a=\u{0}"] {
            check(query, false);
        }
        check(&"x".repeat(VIEW_QUERY_BYTES_MAX), true);
        check(&"x".repeat(VIEW_QUERY_BYTES_MAX + 1), false);
    }

    #[test]
    fn a_change_names_what_it_changes() {
        let change = typed::<ChangedView>(json!({ "shared": true })).unwrap().into_changes();
        assert_eq!(change, SavedViewChanges { is_shared: Some(true), ..Default::default() });
        assert!(typed::<ChangedView>(json!({ "page": "audit" })).is_err());
        for wrong in [json!({ "name": " a" }), json!({ "name": "" }), json!({ "name": "x".repeat(101) })] {
            assert!(typed::<ChangedView>(wrong).is_err());
        }
    }
}
