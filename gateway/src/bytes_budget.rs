//! The bytes of requests' and answers' bodies held at once, over all requests.
//!
//! A reservation grows as a body arrives or is expanded, and lives until nothing holds the bytes any more: for events,
//! until the log has answered; for an answer, until its last piece is on its way.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

use prometheus::IntGauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// One permit stands for this many bytes, so that a semaphore's count is enough.
const BYTES_PER_PERMIT: usize = 4 * 1024;

/// Pieces in which a large answer is handed to its connection, which holds no more than a few of them.
const PIECE_BYTES: usize = 32 * 1024;

/// What all requests share.
#[derive(Clone)]
pub(crate) struct BytesBudget {
    permits: Arc<Semaphore>,
    held: IntGauge,
}

/// What one request holds of it; given back when it goes.
pub(crate) struct Reservation {
    all: Arc<Semaphore>,
    mine: Option<OwnedSemaphorePermit>,
    held: IntGauge,
}

/// All requests together hold as much as they may.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BudgetSpent;

impl BytesBudget {
    pub(crate) fn new(bytes_max: usize, held: IntGauge) -> Self {
        Self { permits: Arc::new(Semaphore::new(bytes_max / BYTES_PER_PERMIT)), held }
    }

    /// A reservation of nothing yet.
    pub(crate) fn reserve(&self) -> Reservation {
        Reservation { all: self.permits.clone(), mine: None, held: self.held.clone() }
    }
}

impl Reservation {
    /// Holds so many bytes in all, or says at once that there is no room for them.
    pub(crate) fn grow_to(&mut self, bytes: usize) -> Result<(), BudgetSpent> {
        let have = self.permits();
        let more = bytes.div_ceil(BYTES_PER_PERMIT).saturating_sub(have);
        if more == 0 {
            return Ok(());
        }
        let more_permits = u32::try_from(more).map_err(|_| BudgetSpent)?;
        let permit = self.all.clone().try_acquire_many_owned(more_permits).map_err(|_| BudgetSpent)?;
        match &mut self.mine {
            Some(mine) => mine.merge(permit),
            None => self.mine = Some(permit),
        }
        self.held.add((more * BYTES_PER_PERMIT) as i64);
        Ok(())
    }

    /// Holds so many bytes at most from now on.
    pub(crate) fn shrink_to(&mut self, bytes: usize) {
        let too_many = self.permits().saturating_sub(bytes.div_ceil(BYTES_PER_PERMIT));
        if let Some(given_back) = self.mine.as_mut().and_then(|mine| mine.split(too_many)) {
            self.held.sub((given_back.num_permits() * BYTES_PER_PERMIT) as i64);
        }
    }

    /// The body of an answer that was made under this reservation, which goes with its last piece.
    pub(crate) fn into_body(mut self, answer: Bytes) -> BoxBody {
        if !HeldAnswer::is_for(BodySize::Sized(answer.len() as u64)) {
            return BoxBody::new(answer);
        }
        self.shrink_to(answer.len());
        BoxBody::new(HeldAnswer { rest: answer, _reservation: Some(self) })
    }

    fn permits(&self) -> usize {
        self.mine.as_ref().map_or(0, OwnedSemaphorePermit::num_permits)
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.held.sub((self.permits() * BYTES_PER_PERMIT) as i64);
    }
}

/// An answer that is held against the budget until it is sent: who does not read it holds what is theirs alone.
pub(crate) struct HeldAnswer {
    rest: Bytes,
    _reservation: Option<Reservation>,
}

/// The body of an answer that lies in memory anyway, a part of the program: handed over in the same pieces, and held
/// against nothing, so whoever reads it slowly takes no room from anyone.
pub(crate) fn in_pieces(answer: Bytes) -> BoxBody {
    if !HeldAnswer::is_for(BodySize::Sized(answer.len() as u64)) {
        return BoxBody::new(answer);
    }
    BoxBody::new(HeldAnswer { rest: answer, _reservation: None })
}

impl HeldAnswer {
    /// Whether an answer of this size is worth it: a small one fits into its connection's own buffer.
    pub(crate) fn is_for(size: BodySize) -> bool {
        matches!(size, BodySize::Sized(bytes) if bytes > PIECE_BYTES as u64)
    }

    /// The answer, if there is room for it.
    pub(crate) fn new(answer: Bytes, budget: &BytesBudget) -> Result<Self, BudgetSpent> {
        let mut reservation = budget.reserve();
        reservation.grow_to(answer.len())?;
        Ok(Self { rest: answer, _reservation: Some(reservation) })
    }
}

impl MessageBody for HeldAnswer {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.rest.len() as u64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let rest = &mut self.get_mut().rest;
        let piece = rest.split_to(rest.len().min(PIECE_BYTES));
        Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_one_holds_another_can_not_and_all_comes_back() {
        let held = IntGauge::new("held", "held").unwrap();
        let budget = BytesBudget::new(10 * BYTES_PER_PERMIT, held.clone());
        let mut one = budget.reserve();
        let mut other = budget.reserve();
        one.grow_to(1).unwrap();
        one.grow_to(8 * BYTES_PER_PERMIT).unwrap();
        assert_eq!(other.grow_to(3 * BYTES_PER_PERMIT), Err(BudgetSpent));
        other.grow_to(2 * BYTES_PER_PERMIT).unwrap();
        assert_eq!(held.get(), 10 * BYTES_PER_PERMIT as i64);
        drop(one);
        other.grow_to(10 * BYTES_PER_PERMIT).unwrap();
        drop(other);
        assert_eq!(held.get(), 0);
    }

    #[tokio::test]
    async fn what_an_answer_was_made_under_is_given_back_but_for_the_answer_itself() {
        let held = IntGauge::new("held", "held").unwrap();
        let budget = BytesBudget::new(100 * BYTES_PER_PERMIT, held.clone());
        let mut made_under = budget.reserve();
        made_under.grow_to(80 * BYTES_PER_PERMIT).unwrap();
        let body = made_under.into_body(vec![0; 20 * BYTES_PER_PERMIT].into());
        assert_eq!(held.get(), 20 * BYTES_PER_PERMIT as i64);
        budget.reserve().grow_to(80 * BYTES_PER_PERMIT).unwrap();
        // Nobody makes one piece of it, to hold it elsewhere.
        assert_eq!(body.size(), BodySize::Sized(20 * BYTES_PER_PERMIT as u64));
        let body = body.try_into_bytes().unwrap_err();
        drop(body);
        assert_eq!(held.get(), 0);
        let mut small = budget.reserve();
        small.grow_to(80 * BYTES_PER_PERMIT).unwrap();
        let body = small.into_body(Bytes::from_static(b"{}"));
        assert_eq!((held.get(), body.try_into_bytes().unwrap()), (0, Bytes::from_static(b"{}")));
    }

    #[tokio::test]
    async fn an_answer_is_held_until_its_last_piece_is_taken() {
        let held = IntGauge::new("held", "held").unwrap();
        let budget = BytesBudget::new(100 * BYTES_PER_PERMIT, held.clone());
        let text: Bytes = (0..3 * PIECE_BYTES + 1).map(|i| i as u8).collect();
        let mut answer = HeldAnswer::new(text.clone(), &budget).unwrap();
        assert_eq!(HeldAnswer::new(vec![0; 101 * BYTES_PER_PERMIT].into(), &budget).err(), Some(BudgetSpent));
        assert_eq!(answer.size(), BodySize::Sized(text.len() as u64));
        let mut read = Vec::new();
        while let Some(Ok(piece)) = std::future::poll_fn(|cx| Pin::new(&mut answer).poll_next(cx)).await {
            assert!(piece.len() <= PIECE_BYTES && held.get() >= text.len() as i64);
            read.extend_from_slice(&piece);
        }
        assert_eq!(read, text);
        drop(answer);
        assert_eq!(held.get(), 0);
    }
}
