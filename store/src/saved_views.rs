//! Saved views: what people look at again and again, under a name, for themselves or for their organisation.

use aibbar::Timestamp;
use async_trait::async_trait;
use uuid::Uuid;

use crate::{AuditEntry, OrgId, StoreError};

/// So many views a person has in one organisation.
pub const VIEWS_PER_PERSON_MAX: i64 = 100;

/// So many views an organisation shares.
pub const SHARED_VIEWS_MAX: i64 = 200;

/// The longest name of a view, in characters.
pub const VIEW_NAME_CHARS_MAX: usize = 100;

/// The longest name of a page, in characters.
pub const VIEW_PAGE_CHARS_MAX: usize = 32;

/// The longest query of a view, in bytes.
pub const VIEW_QUERY_BYTES_MAX: usize = 2_048;

/// A view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its id, a UUIDv7: views are listed by it.
    pub id: Uuid,
    /// In which organisation.
    pub org_id: OrgId,
    /// Whose it is: a member, with whom it leaves.
    pub owner_id: Uuid,
    /// What they are called. Kept with the person, not with the view.
    pub owner_name: String,
    /// What people call it, 1–100 characters; unique among its owner's of this page.
    pub name: String,
    /// Which page it is of, 1–32 characters.
    pub page: String,
    /// What that page is asked for, as a URL's query has it; at most 2,048 bytes.
    pub query: String,
    /// Whether every member sees it.
    pub is_shared: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What changes; `None` leaves it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedViewChanges {
    /// See [`SavedView::name`].
    pub name: Option<String>,
    /// See [`SavedView::query`].
    pub query: Option<String>,
    /// See [`SavedView::is_shared`].
    pub is_shared: Option<bool>,
}

/// Who wants to see or change a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// In which organisation.
    pub org_id: OrgId,
    /// Which member of it.
    pub user_id: Uuid,
    /// Whether they may change what others share.
    pub tends_shared: bool,
}

impl Viewer {
    /// Whether they may change this view, which they see.
    pub fn may_change(&self, view: &SavedView) -> bool {
        view.owner_id == self.user_id || (view.is_shared && self.tends_shared)
    }
}

/// What became of a change of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewChange {
    /// It was done; the view as it is now, or as it was last.
    Done(SavedView),
    /// They see no view of this id.
    NoSuchView,
    /// It is another's, who shares it; nothing was changed.
    Anothers,
}

/// The views of all organisations. The trail tells of those that are shared, or were until now; what people keep for
/// themselves is nobody's business.
#[async_trait]
pub trait SavedViewStore: Send + Sync + 'static {
    /// Keeps a view; its `owner_name` is not looked at. `Exists` when its owner has one of this name for the page;
    /// `Refused` past [`VIEWS_PER_PERSON_MAX`] and [`SHARED_VIEWS_MAX`], or when the owner is no member.
    async fn insert_view(&self, view: &SavedView, audit: &AuditEntry) -> Result<(), StoreError>;

    /// At most `limit` views that they see, of this page if one is named: their own and those that are shared, oldest
    /// first, after that of the id `after`.
    async fn views(
        &self,
        viewer: Viewer,
        page: Option<&str>,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Vec<SavedView>, StoreError>;

    /// Changes a view that they may change. `Exists` and `Refused` as of [`SavedViewStore::insert_view`].
    async fn update_view(
        &self,
        viewer: Viewer,
        id: Uuid,
        changes: &SavedViewChanges,
        at: Timestamp,
        audit: &AuditEntry,
    ) -> Result<ViewChange, StoreError>;

    /// Takes away a view that they may change.
    async fn delete_view(&self, viewer: Viewer, id: Uuid, audit: &AuditEntry) -> Result<ViewChange, StoreError>;
}
