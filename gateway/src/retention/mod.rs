//! How long an organisation's events are kept: what it says of retention, and the legal holds that nothing goes past.
//!
//! Nothing is dropped here: consumers do that, by what is said here.

mod holds;
mod settings;

pub(crate) use holds::{
    __path_get_hold, __path_list_holds, __path_place_hold, __path_release_hold, get_hold, list_holds, place_hold,
    release_hold,
};
pub(crate) use settings::{__path_get, __path_update, get, update};
