//! What an organisation hides: its settings, the key of its pseudonyms, and a preview that keeps nothing.

mod bodies;
mod preview;
mod settings;
mod shown;

pub(crate) use preview::{__path_preview, preview};
pub(crate) use settings::{__path_erase_key, __path_get, __path_update, erase_key, get, update};
