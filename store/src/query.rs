//! From a filter to SQL conditions, for both databases. Pure.

use std::fmt::Write as _;

use aibbar::Timestamp;
use uuid::Uuid;

use crate::{
    EventFilter, OrgId,
    row::{event_type_number, storable},
};

/// How many bytes of records one page carries at most (one record always fits): a page of large records is
/// shorter than asked for, and its `next_before` leads on.
pub(crate) const PAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// An event's id may lie this far from its `timestamp` (the gateway refuses more); one millisecond is for rounding.
const EVENT_ID_SKEW_MS_MAX: i64 = 24 * 60 * 60 * 1000 + 1;

/// What the two databases say differently. `{}` is the place of a parameter.
pub(crate) struct Dialect {
    pub(crate) placeholder: char,
    pub(crate) session_is: &'static str,
    pub(crate) request_is: &'static str,
    pub(crate) text_contains: &'static str,
}

/// In which order records are read, and from where on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Walk {
    /// Those older than this one, or all.
    NewestFirst { before: Option<Uuid> },
    /// Those newer than this one, or all.
    OldestFirst { after: Option<Uuid> },
}

impl Walk {
    /// What `ORDER BY event_id` is followed by.
    pub(crate) const fn direction(self) -> &'static str {
        match self {
            Walk::NewestFirst { .. } => "DESC",
            Walk::OldestFirst { .. } => "ASC",
        }
    }

    fn edge(self) -> Option<(&'static str, Uuid)> {
        match self {
            Walk::NewestFirst { before } => before.map(|id| ("event_id < {}", id)),
            Walk::OldestFirst { after } => after.map(|id| ("event_id > {}", id)),
        }
    }
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Uuid(Uuid),
    Small(i16),
    Big(i64),
    Text(String),
}

/// Conditions joined by `AND`, and their parameters in order; more parameters may follow.
pub(crate) struct Conditions {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

impl Conditions {
    pub(crate) fn new(org_id: OrgId, filter: &EventFilter, walk: Walk, dialect: &Dialect) -> Self {
        let mut conditions = Self { sql: String::new(), values: Vec::new() };
        let mut and = |condition: &str, value: Value| {
            conditions.values.push(value);
            let place = format!("{}{}", dialect.placeholder, conditions.values.len());
            let joint = if conditions.sql.is_empty() { "" } else { " AND " };
            // Writing to a string cannot fail.
            let _ = write!(conditions.sql, "{joint}{}", condition.replace("{}", &place));
        };

        and("org_id = {}", Value::Uuid(org_id));
        if let Some((condition, id)) = walk.edge() {
            and(condition, Value::Uuid(id));
        }
        if let Some(ai_id) = filter.ai_id {
            and("ai_id = {}", Value::Uuid(ai_id));
        }
        if let Some(event_type) = filter.event_type {
            and("event_type = {}", Value::Small(event_type_number(event_type)));
        }
        // The exact bound is on the timestamp; the wider one on the id is what index and partitions can use.
        if let Some(from) = filter.from {
            and("timestamp_ns >= {}", Value::Big(from.unix_ns()));
            and("event_id >= {}", Value::Uuid(first_id_at(from.unix_ms() - EVENT_ID_SKEW_MS_MAX)));
        }
        if let Some(to) = filter.to {
            and("timestamp_ns < {}", Value::Big(to.unix_ns()));
            and("event_id < {}", Value::Uuid(ids_end_for(to)));
        }
        if let Some(session_id) = &filter.session_id {
            and(dialect.session_is, Value::Text(storable(session_id).into_owned()));
        }
        if let Some(request_id) = &filter.request_id {
            and(dialect.request_is, Value::Text(storable(request_id).into_owned()));
        }
        if let Some(needle) = filter.needle() {
            and(dialect.text_contains, Value::Text(needle));
        }
        conditions
    }

    /// Adds a parameter that no condition uses; answers its placeholder's number.
    pub(crate) fn push(&mut self, value: Value) -> usize {
        self.values.push(value);
        self.values.len()
    }
}

/// The smallest event id of this millisecond; held at the ends of what a UUIDv7 can say.
pub(crate) fn first_id_at(unix_ms: i64) -> Uuid {
    const UNIX_MS_MAX: i64 = (1 << 48) - 1;
    let unix_ms = unix_ms.clamp(0, UNIX_MS_MAX) as u128;
    Uuid::from_u128(unix_ms << 80)
}

/// No event before this moment has this id or a later one.
pub(crate) fn ids_end_for(to: Timestamp) -> Uuid {
    first_id_at(to.unix_ms() + EVENT_ID_SKEW_MS_MAX + 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const DIALECT: Dialect = Dialect {
        placeholder: '$',
        session_is: "left(session_id, 128) = left({}, 128) AND session_id = {}",
        request_is: "request_id = {}",
        text_contains: "contains({})",
    };

    #[test]
    fn every_query_names_the_organisation() {
        let conditions =
            Conditions::new(Uuid::nil(), &EventFilter::default(), Walk::NewestFirst { before: None }, &DIALECT);
        assert_eq!(conditions.sql, "org_id = $1");
    }

    #[test]
    fn parameters_are_numbered_in_order_and_may_stand_twice() {
        let filter =
            EventFilter { session_id: Some("s".into()), text: Some("A\"\0é".into()), ..EventFilter::default() };
        let conditions =
            Conditions::new(Uuid::nil(), &filter, Walk::NewestFirst { before: Some(Uuid::max()) }, &DIALECT);
        assert_eq!(
            conditions.sql,
            "org_id = $1 AND event_id < $2 AND left(session_id, 128) = left($3, 128) AND session_id = $3 AND contains($4)"
        );
        assert_eq!(conditions.values[3], Value::Text(r#"a\"\u0000é"#.into()));
    }

    #[test]
    fn ids_begin_at_their_millisecond() {
        assert_eq!(first_id_at(0), Uuid::nil());
        assert_eq!(first_id_at(i64::MIN), Uuid::nil());
        assert_eq!(first_id_at(0x016f_5e66_e800).to_string(), "016f5e66-e800-0000-0000-000000000000");
        assert_eq!(first_id_at(i64::MAX).to_string(), "ffffffff-ffff-0000-0000-000000000000");
    }

    #[test]
    fn no_moment_overflows() {
        for ns in [i64::MIN, -1, 0, i64::MAX] {
            let at = Some(Timestamp::from_unix_ns(ns));
            let filter = EventFilter { from: at, to: at, ..EventFilter::default() };
            assert_eq!(
                Conditions::new(Uuid::nil(), &filter, Walk::OldestFirst { after: None }, &DIALECT).values.len(),
                5
            );
        }
    }
}
