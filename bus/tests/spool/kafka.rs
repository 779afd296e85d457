//! The spool before a real broker that dies, stands still and comes back.
