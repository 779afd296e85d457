//! Log to store: batches, idempotent writes, positions, dead letters.
//!
//! Never moves a position before what lies behind it is stored or dead-lettered.
