//! What a key has used of its limits: `/api/v1/keys/{id}/usage`.

use std::sync::Arc;

use actix_web::web;
use aibbar::Timestamp;
use serde::Serialize;
use store::FoundKey;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    auth::Caller,
    clock,
    limits::{Left, Subject},
    problem::Problem,
};

/// What an API key has used of the limits that hold for it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyUsage)]
pub(crate) struct KeyUsage {
    /// Requests in the last 60 seconds; `null`: they are not limited, and not counted.
    requests_per_minute: Option<LimitUsage>,
    /// Events of this day (UTC); `null`: they are not limited, and not counted.
    events_per_day: Option<LimitUsage>,
}

/// What was used of one limit.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LimitUsage {
    /// The limit.
    limit: u64,
    /// So much of it is used.
    used: u64,
    /// So much of it is left.
    remaining: u64,
    /// When some of it is free again; `null`: nothing is used.
    #[schema(format = DateTime)]
    resets_at: Option<String>,
}

impl LimitUsage {
    fn of(left: Left, now: Timestamp) -> Self {
        let used = left.used();
        // Whole seconds, the next of them: nobody who waits until then comes too soon.
        let resets_at = now.plus_ms(i64::try_from(left.reset_in_ms).unwrap_or(i64::MAX));
        let resets_at = Timestamp::from_unix_ms(resets_at.unix_ms().saturating_add(999).div_euclid(1_000) * 1_000);
        Self {
            limit: left.limit,
            used,
            remaining: left.remaining,
            resets_at: (used > 0).then(|| resets_at.to_string()),
        }
    }
}

/// What an API key has used of its limits: of all gateways where they share a Redis, else of the one that answers. Asking
/// for it is a request of whoever asks.
#[utoipa::path(
    get, path = "/api/v1/keys/{id}/usage", tag = "API keys",
    params(("id" = Uuid, Path, description = "The key's id.")),
    responses(
        (status = 200, description = "What was used.", body = KeyUsage),
        (status = 404, description = "`not_found`: no key of this organisation has this id."),
    ),
)]
pub(crate) async fn usage(
    caller: Caller,
    id: web::Path<Uuid>,
    app: web::Data<Arc<App>>,
) -> Result<web::Json<KeyUsage>, Problem> {
    let FoundKey { key, plan, .. } = super::find(&caller, *id, &app).await?;
    let quota = app.limits.left(Subject::Key(key.id), key.effective_limits(plan.or(app.key_limits))).await;
    let now = clock::now();
    let of = |left: Option<Left>| left.map(|left| LimitUsage::of(left, now));
    Ok(web::Json(KeyUsage { requests_per_minute: of(quota.minute), events_per_day: of(quota.day) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_and_what_is_left_are_the_limit() {
        let now = Timestamp::from_unix_ms(1_001);
        let some = LimitUsage::of(Left { limit: 10, remaining: 3, reset_in_ms: 2_000 }, now);
        assert_eq!((some.used, some.remaining), (7, 3));
        assert_eq!(some.resets_at, Some(Timestamp::from_unix_ms(4_000).to_string()));
        let none = LimitUsage::of(Left { limit: 10, remaining: 10, reset_in_ms: 2_000 }, now);
        assert_eq!((none.used, none.resets_at), (0, None));
    }
}
