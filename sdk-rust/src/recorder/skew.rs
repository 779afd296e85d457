//! How far the gateway's clock is from this machine's, from the `Date` of its answers.

const SMOOTHING: f64 = 0.2;
const DATE_RESOLUTION_S: f64 = 1.0;
/// A smaller difference corrects nothing: `Date` has whole seconds.
const RETIME_S_MIN: f64 = 1.0;

/// Smoothed over the answers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Skew {
    /// What to add to this machine's clock; `None` while nothing is known.
    pub(super) seconds: Option<f64>,
}

impl Skew {
    /// One answer: its `Date`, and this machine's clock before and after, in Unix seconds.
    pub(super) fn observe(&mut self, date_s: f64, sent_s: f64, answered_s: f64) {
        let ahead = date_s + DATE_RESOLUTION_S / 2.0 - f64::midpoint(sent_s, answered_s);
        self.seconds = Some(match self.seconds {
            Some(known) if (ahead - known).abs() <= 2.0 * DATE_RESOLUTION_S => known + SMOOTHING * (ahead - known),
            // The first, or a clock that was set.
            _ => ahead,
        });
    }

    /// What to add to a time that was too far ahead; `None` where the clocks agree.
    pub(super) fn correction_s(&self) -> Option<f64> {
        self.seconds.filter(|seconds| seconds.abs() > RETIME_S_MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_changes_are_smoothed_and_large_ones_taken() {
        let mut skew = Skew::default();
        assert!(skew.correction_s().is_none());
        skew.observe(100.0, 100.4, 100.6);
        assert!(skew.seconds.is_some_and(|seconds| seconds.abs() < 0.001));
        assert!(skew.correction_s().is_none());
        skew.observe(101.0, 100.4, 100.6);
        assert!(skew.seconds.is_some_and(|seconds| (seconds - 0.2).abs() < 0.001));
        skew.observe(50.0, 100.4, 100.6);
        assert!(skew.correction_s().is_some_and(|seconds| (seconds + 50.0).abs() < 0.001));
    }
}
