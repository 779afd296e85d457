//! The live stream: the end of each watched topic read once, fanned out to every client through bounded queues, over
//! WebSockets and as server-sent events.

mod conditions;
mod control;
mod conversation;
mod cursor;
mod feed;
mod filter;
mod frame;
#[cfg(test)]
mod hand_over;
mod held;
pub(crate) mod hub;
pub(crate) mod line;
mod measured;
mod opening;
mod outbox;
mod pace;
mod queue;
mod replay;
mod shown;
pub(crate) mod sse;
mod tail;
pub(crate) mod tickets;
mod topic;
mod watching;
pub(crate) mod websocket;

pub use measured::Deliveries;
