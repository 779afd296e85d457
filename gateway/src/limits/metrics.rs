//! What the limits tell of themselves.

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry};

/// The families of the limits.
pub(super) struct LimitMetrics {
    /// 1 while counts are shared over Redis, 0 while this gateway counts by itself.
    pub(super) shared: IntGauge,
    /// How often the shared counts were lost.
    pub(super) fallbacks: IntCounter,
    /// Questions to the shared counts.
    pub(super) asked: IntCounter,
    /// What was refused, by the limit that refused it: requests, or events for `day`.
    pub(super) refused: IntCounterVec,
}

impl LimitMetrics {
    /// Makes the families and registers them.
    pub(super) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let shared = IntGauge::new(
            "gapin_limits_shared",
            "1 while limits are counted over Redis for all gateways, 0 while this one counts by itself.",
        )?;
        let fallbacks = IntCounter::new(
            "gapin_limits_fallbacks_total",
            "Times that Redis was lost and limits became this gateway's own.",
        )?;
        let asked = IntCounter::new("gapin_limits_asked_total", "Questions to Redis for limits.")?;
        let refused = IntCounterVec::new(
            Opts::new("gapin_limits_refused_total", "Requests (minute, address) and events (day) refused, by limit."),
            &["limit"],
        )?;
        registry.register(Box::new(shared.clone()))?;
        registry.register(Box::new(fallbacks.clone()))?;
        registry.register(Box::new(asked.clone()))?;
        registry.register(Box::new(refused.clone()))?;
        Ok(Self { shared, fallbacks, asked, refused })
    }
}
