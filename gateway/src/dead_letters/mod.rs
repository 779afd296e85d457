//! Dead letters: what the consumer could never store, listed, shown, and appended to the log again.
//!
//! The topic is the only place where they are kept, and says all about them: what is known here is read from it
//! (`index`), and that a letter was redriven is one more entry of it. Everything but the `routes` works on any
//! [`bus::EventLog`]: the operator's command uses it on the log itself.

mod index;
mod read;
mod redrive;
pub(crate) mod routes;
mod shown;
pub(crate) mod tail;

pub use index::{Chosen, Filter, Index, Known, Order, State};
pub use read::{fetch, read_all};
pub use redrive::{By, Outcome, redrive};
pub use shown::{LetterShown, LetterWhole, RedrivenShown};
