//! What everyone who reads topics shares: the topic that a request names, the message as it is shown, the cursor, and
//! the places of those who read at once.

pub(crate) mod cursor;
pub(crate) mod message;
pub(crate) mod places;
pub(crate) mod topic;
