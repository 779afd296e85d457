//! Who was told to come again in a second, and comes at once.
//!
//! To refuse a request costs a third of what it costs to take an event, and its sender as much again. Connections that
//! send again as soon as they are refused would so take the processors from those whose requests were let in. So a
//! connection is refused at once, and is told when to come again; of one that does not wait, the next refusal waits for
//! that moment. Nothing but refusals waits, and what its sender put behind one on the same connection: where there is
//! room a request goes in whenever it comes.

use std::{cell::Cell, future::Future, time::Duration};

use actix_web::{HttpMessage, HttpRequest};
use tokio::time::Instant;

/// When a connection that was refused may come again, as its last refusal said. Every connection has one.
#[derive(Debug, Default)]
pub(crate) struct Told(Cell<Option<Instant>>);

impl Told {
    /// When a refusal is due that is ready now, and from then on the next is due `wait` later.
    fn due(&self, now: Instant, wait: Duration) -> Instant {
        let due = self.0.get().map_or(now, |told| told.max(now));
        self.0.set(Some(due + wait));
        due
    }
}

/// How long the refusal of a request was held back, in the request's extensions: that is no time that the gateway took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeldBack(pub(crate) Duration);

/// Waits until a refusal that says `wait` is due on the connection of this request, or until `released` ends.
pub(super) async fn until_due(request: &HttpRequest, wait: Duration, released: impl Future<Output = ()>) {
    let now = Instant::now();
    let due = request.conn_data::<Told>().map_or(now, |told| told.due(now, wait));
    if due > now {
        tokio::select! {
            () = tokio::time::sleep_until(due) => {}
            () = released => {}
        }
        request.extensions_mut().insert(HeldBack(now.elapsed()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_secs(1);

    #[test]
    fn whoever_waits_is_answered_at_once_and_whoever_does_not_is_answered_when_the_wait_is_over() {
        let (told, start) = (Told::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(told.due(at(0), WAIT), at(0));
        assert_eq!(told.due(at(1_000), WAIT), at(1_000));
        assert_eq!(told.due(at(5_000), WAIT), at(5_000));
        assert_eq!(told.due(at(5_001), WAIT), at(6_000));
        // Requests that were sent one behind the other, without waiting for answers.
        assert_eq!(told.due(at(6_000), WAIT), at(7_000));
    }
}
