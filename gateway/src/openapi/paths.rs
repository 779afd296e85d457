//! Every annotated handler. A route that is missing here, or has no annotation, fails a test by name.

use utoipa::OpenApi;

use super::serve;
use crate::{live::socket, operations, query, record, schemas};

const ABOUT: &str = "\
The flight recorder for AI systems: it takes signed AIBBAR events, verifies and redacts them, keeps them, and shows \
them as they come.

- **Who calls.** An API key (`Authorization: Bearer sk_…`), a session's access token (`Authorization: Bearer …`), or a \
browser's session cookies; a request by cookie that changes something also sends `X-CSRF-Token`. `X-Org-Id` names the \
organisation in use, where a person belongs to several. `x-gapin-scope` is the scope that an operation needs.
- **Failures** are problems (RFC 9457, `application/problem+json`) with a stable `code`. A known path with another \
method is answered 405 and `Allow`; an unknown path 404. What is not HTTP at all is closed with a bare 400.
- **Every answer** has `X-Request-Id`: the request's own when it is short and plain, else a new one.
- **Lists** come in pages: `{items, next_cursor}`, with `limit` and `cursor`; `next_cursor: null` is the end.
- **Limits.** See `X-RateLimit-*` and `RateLimit`; past them 429 with `Retry-After`.";

#[derive(OpenApi)]
#[openapi(
    info(title = "GAPIN", description = ABOUT, license(name = "Apache-2.0", identifier = "Apache-2.0")),
    servers((url = "/", description = "This installation")),
    tags(
        (name = "Events", description = "Record events, and query what was recorded."),
        (name = "Live", description = "Events as they come."),
        (name = "Contract", description = "What this API and its events look like, for programs."),
        (name = "Operations", description = "For those who run it. Never limited."),
    ),
    paths(
        // Record and query
        record::record,
        query::list,
        query::get,
        // Live
        socket::open,
        // Contract
        schemas::aibbar_event,
        serve::json,
        serve::page,
        serve::page_file,
        // Operations
        operations::health::summary,
        operations::health::live,
        operations::health::ready,
        operations::metrics::metrics,
    ),
)]
pub(super) struct Annotated;
