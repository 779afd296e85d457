//! What becomes of the records of one turn, gathered: whoever awaits them is woken once, and not for each.

use std::sync::Arc;

use parking_lot::Mutex;
use rdkafka::{Message as _, producer::DeliveryResult};
use tokio::sync::Notify;

use super::failure::append_error;
use crate::{AppendError, Position};

type Outcome = Result<Position, AppendError>;

/// The outcomes of a turn's records, in its order.
pub(super) struct Deliveries {
    state: Mutex<State>,
    /// Told when there are all of them.
    complete: Notify,
}

struct State {
    outcomes: Vec<Option<Outcome>>,
    /// Outcomes that are still to come, and one for the handing over, while that is not done.
    left: usize,
}

/// Goes with one record to librdkafka, and comes back with what became of it.
pub(super) struct Receipt {
    deliveries: Arc<Deliveries>,
    place: usize,
}

impl Deliveries {
    pub(super) fn new(records: usize) -> Arc<Deliveries> {
        let state = State { outcomes: vec![None; records], left: records + 1 };
        Arc::new(Deliveries { state: Mutex::new(state), complete: Notify::new() })
    }

    /// The receipt of the record at this place.
    pub(super) fn receipt(self: &Arc<Self>, place: usize) -> Box<Receipt> {
        Box::new(Receipt { deliveries: self.clone(), place })
    }

    /// Every record was handed over, or refused.
    pub(super) fn handed_over(&self) {
        self.one_less(&mut self.state.lock());
    }

    /// The record at this place was refused.
    pub(super) fn refused(&self, place: usize, error: AppendError) {
        self.settle(place, Err(error));
    }

    /// Until every outcome is there.
    pub(super) async fn complete(&self) {
        self.complete.notified().await;
    }

    /// What is known by now; whatever comes later is not heard any more.
    pub(super) fn take(&self) -> Vec<Option<Outcome>> {
        std::mem::take(&mut self.state.lock().outcomes)
    }

    fn settle(&self, place: usize, outcome: Outcome) {
        let mut state = self.state.lock();
        if let Some(place) = state.outcomes.get_mut(place) {
            *place = Some(outcome);
        }
        self.one_less(&mut state);
    }

    fn one_less(&self, state: &mut State) {
        state.left -= 1;
        if state.left == 0 {
            self.complete.notify_one();
        }
    }
}

impl Receipt {
    /// What librdkafka says of the record; once.
    pub(super) fn deliver(self, result: &DeliveryResult<'_>) {
        let outcome = match result {
            // A negative offset is none: the broker had the record from an attempt whose answer was lost.
            Ok(message) => Ok(match (u32::try_from(message.partition()), u64::try_from(message.offset())) {
                (Ok(partition), Ok(offset)) => Position { partition, offset },
                _ => Position::UNKNOWN,
            }),
            Err((error, message)) => Err(append_error(error, message.topic())),
        };
        self.deliveries.settle(self.place, outcome);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const POSITION: Position = Position { partition: 3, offset: 7 };

    /// Whether waiting for all of them is over at once.
    fn is_complete(deliveries: &Deliveries) -> bool {
        deliveries.complete().now_or_never().is_some()
    }

    #[test]
    fn it_is_complete_when_all_are_handed_over_and_answered() {
        let deliveries = Deliveries::new(2);
        deliveries.receipt(1).deliveries.settle(1, Ok(POSITION));
        deliveries.refused(0, AppendError::QueueFull);
        assert!(!is_complete(&deliveries), "the handing over is not done");
        deliveries.handed_over();
        assert!(is_complete(&deliveries));
        assert_eq!(deliveries.take(), [Some(Err(AppendError::QueueFull)), Some(Ok(POSITION))]);
    }

    #[test]
    fn what_comes_too_late_is_not_heard() {
        let deliveries = Deliveries::new(1);
        deliveries.handed_over();
        assert!(!is_complete(&deliveries));
        assert_eq!(deliveries.take(), [None]);
        deliveries.receipt(0).deliveries.settle(0, Ok(POSITION));
        assert!(deliveries.take().is_empty());
    }
}
