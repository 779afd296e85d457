//! Groups over HTTP: readers who share a topic's partitions, without a client of Kafka's.
//!
//! A reader is a real member of the log's group, which this gateway holds for it under a lease that each of its requests
//! renews. A lease that ends leaves the group at once, so that others take over; a gateway that dies is noticed by the log.
//! Positions are the log's own.

pub(crate) mod commit;
pub(crate) mod consumers;
mod member;
pub(crate) mod page;
mod registry;
pub(crate) mod reset;

pub(crate) use registry::Groups;
