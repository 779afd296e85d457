//! Lists of the API: `?limit=&cursor=` in, `{items, next_cursor}` out.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{cursor, dead_letters::Order, problem::Problem, query::Parameters};

/// Items in a page when the client does not say.
const LIMIT_DEFAULT: u32 = 50;
/// Items in a page at most.
const LIMIT_MAX: u32 = 500;

/// What every list takes.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `Page` reads")]
pub(crate) struct PageParameters {
    /// How many items at most; 50 when absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which page is asked for.
pub(crate) struct Page {
    limit: u32,
    cursor: Option<String>,
}

/// A page.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    /// The items.
    items: Vec<T>,
    /// What `cursor` to ask the next page with; `null`: this was the last.
    next_cursor: Option<String>,
}

impl Page {
    /// Takes a list's parameters out of what was asked.
    pub(crate) fn take(parameters: &mut Parameters) -> Result<Self, Problem> {
        let limit = parameters.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT_DEFAULT);
        Ok(Self { limit, cursor: parameters.take("cursor") })
    }

    /// The last item of the page before, by its id.
    pub(crate) fn after(&self) -> Result<Option<Uuid>, Problem> {
        self.cursor.as_deref().map(cursor::decode).transpose()
    }

    /// The last item of the page before, by its name.
    pub(crate) fn after_name(&self) -> Result<Option<String>, Problem> {
        self.cursor.as_deref().map(cursor::decode_name).transpose()
    }

    /// The last item of the page before, by its place among the dead letters.
    pub(crate) fn after_order(&self) -> Result<Option<Order>, Problem> {
        self.cursor.as_deref().map(cursor::decode_order).transpose()
    }

    /// How many items to answer at most.
    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// How many items to ask the store for: one more tells whether there is a next page.
    pub(crate) fn asked(&self) -> u32 {
        self.limit + 1
    }

    /// The page of these items, of which there may be one too many.
    pub(crate) fn of<R, T>(&self, rows: Vec<R>, id: impl Fn(&R) -> Uuid, shown: impl Fn(R) -> T) -> Listed<T> {
        self.cut(rows, |row| cursor::encode(id(row)), shown)
    }

    /// The same, of items that go by their name.
    pub(crate) fn of_named<R, T>(&self, rows: Vec<R>, name: impl Fn(&R) -> &str, shown: impl Fn(R) -> T) -> Listed<T> {
        self.cut(rows, |row| cursor::encode_name(name(row)), shown)
    }

    fn cut<R, T>(&self, mut rows: Vec<R>, cursor: impl Fn(&R) -> String, shown: impl Fn(R) -> T) -> Listed<T> {
        let limit = self.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(cursor);
        Listed { items: rows.into_iter().map(shown).collect(), next_cursor }
    }
}

impl<T> Listed<T> {
    /// A page that the store cut.
    pub(crate) fn new(items: Vec<T>, next: Option<Uuid>) -> Self {
        Self { items, next_cursor: next.map(cursor::encode) }
    }

    /// The same of dead letters.
    pub(crate) fn ordered(items: Vec<T>, next: Option<Order>) -> Self {
        Self { items, next_cursor: next.map(cursor::encode_order) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[track_caller]
    fn check(there: usize, expected: usize, more: bool) {
        let page = Page { limit: 3, cursor: None };
        let ids: Vec<Uuid> = (0..there).map(|_| Uuid::now_v7()).collect();
        let listed = page.of(ids.clone(), |id| *id, |id| id);
        assert_eq!(listed.items, ids[..expected]);
        let next = listed.next_cursor.map(|next| cursor::decode(&next).unwrap());
        assert_eq!(next, more.then(|| ids[expected - 1]));
    }

    #[test]
    fn a_page_names_the_next_one_only_when_there_is_one() {
        check(0, 0, false);
        check(2, 2, false);
        check(3, 3, false);
        check(4, 3, true);
    }
}
