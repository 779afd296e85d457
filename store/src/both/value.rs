//! What goes into a statement and what comes out of it, the same for both databases.

use std::net::IpAddr;

use aibbar::Timestamp;
use uuid::Uuid;

use crate::{OrgId, StoreError, accounts::TokenHash, row::storable};

/// A parameter, or a column of an answer. SQLite has fewer types: there a UUID comes back as bytes, a flag as a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// `uuid`
    Uuid(Uuid),
    /// `bigint`
    Number(i64),
    /// `boolean`
    Flag(bool),
    /// `text`
    Text(String),
    /// `bytea`
    Bytes(Vec<u8>),
}

/// The parameters of a statement, in order.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::both::Value::from($value)),*] };
}
pub(crate) use values;

impl From<Uuid> for Value {
    fn from(id: Uuid) -> Self {
        Self::Uuid(id)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// PostgreSQL's text can't hold U+0000; the same replacement everywhere keeps both databases alike.
impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(storable(text).into_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Number(at.unix_ns())
    }
}

impl From<IpAddr> for Value {
    fn from(address: IpAddr) -> Self {
        Self::Text(address.to_string())
    }
}

impl From<&TokenHash> for Value {
    fn from(token: &TokenHash) -> Self {
        Self::Bytes(token.0.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of an answer, read by the place of its columns, from 0. `Unreadable` when a column holds something else.
#[derive(Clone, Debug, PartialEq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    pub(crate) fn uuid(&self, column: usize) -> Result<Uuid, StoreError> {
        match self.at(column) {
            Value::Uuid(id) => Ok(*id),
            Value::Bytes(bytes) => Uuid::from_slice(bytes).map_err(|_| unreadable()),
            _ => Err(unreadable()),
        }
    }

    pub(crate) fn number(&self, column: usize) -> Result<i64, StoreError> {
        match self.at(column) {
            Value::Number(number) => Ok(*number),
            _ => Err(unreadable()),
        }
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool, StoreError> {
        match self.at(column) {
            Value::Flag(flag) => Ok(*flag),
            Value::Number(number) => Ok(*number != 0),
            _ => Err(unreadable()),
        }
    }

    pub(crate) fn text(&self, column: usize) -> Result<String, StoreError> {
        match self.at(column) {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(unreadable()),
        }
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        match self.at(column) {
            Value::Bytes(bytes) => Ok(bytes.clone()),
            _ => Err(unreadable()),
        }
    }

    pub(crate) fn moment(&self, column: usize) -> Result<Timestamp, StoreError> {
        self.number(column).map(Timestamp::from_unix_ns)
    }

    pub(crate) fn token(&self, column: usize) -> Result<TokenHash, StoreError> {
        self.bytes(column)?.try_into().map(TokenHash).map_err(|_| unreadable())
    }

    /// A text that reads as something.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, column: usize) -> Result<T, StoreError> {
        self.text(column)?.parse().map_err(|_| unreadable())
    }

    /// Nothing, or what `read` makes of this column: `row.maybe(3, Row::moment)`.
    pub(crate) fn maybe<T>(
        &self,
        column: usize,
        read: impl FnOnce(&Self, usize) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match self.at(column) {
            Value::Null => Ok(None),
            _ => read(self, column).map(Some),
        }
    }

    /// The organisation in this column, if any.
    pub(crate) fn maybe_org(&self, column: usize) -> Result<Option<OrgId>, StoreError> {
        self.maybe(column, Self::uuid)
    }

    fn at(&self, column: usize) -> &Value {
        self.0.get(column).unwrap_or(&Value::Null)
    }
}

pub(crate) fn unreadable() -> StoreError {
    StoreError::Unreadable("a column holds what no version wrote".to_owned())
}
