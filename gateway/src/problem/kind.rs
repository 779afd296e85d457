//! Every cause that a request can fail for: its status, its stable code and its title, on one line each.

use actix_web::http::StatusCode;
use aibbar::Code;

/// Makes [`Kind`] of the one table below, so that no kind can be without an answer, nor missing in the list of all.
macro_rules! kinds {
    ($( #[doc = $meaning:literal] $name:ident: $status:ident, $code:literal, $title:literal; )+) => {
        /// Every cause there is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            /// The event itself is refused.
            Event(Code),
            $( #[doc = $meaning] $name, )+
        }

        impl Kind {
            /// Every kind but those of events, of which [`Code::ALL`] has the list.
            const PLAIN: &'static [Kind] = &[$( Kind::$name, )+];

            /// Status, stable code, title.
            pub const fn answer(self) -> (StatusCode, &'static str, &'static str) {
                match self {
                    Kind::Event(code) => event(code),
                    $( Kind::$name => (StatusCode::$status, $code, $title), )+
                }
            }

            /// What it means, in a sentence for the API's document.
            pub(crate) fn meaning(self) -> &'static str {
                match self {
                    Kind::Event(code) => event_meaning(code),
                    $( Kind::$name => $meaning.trim_ascii_start(), )+
                }
            }
        }
    };
}

kinds! {
    /// There is no event in the batch.
    EmptyBatch: BAD_REQUEST, "empty_batch", "Empty batch";
    /// A query parameter is unknown or wrong.
    InvalidParameter: BAD_REQUEST, "invalid_parameter", "Invalid parameter";
    /// The cursor is none, or is of another stream than this.
    InvalidCursor: BAD_REQUEST, "invalid_cursor", "Invalid cursor";
    /// The JSON body is not what the route takes; each fault is listed.
    InvalidBody: BAD_REQUEST, "invalid_body", "Invalid body";
    /// The link or invitation is unknown, used or too old.
    InvalidOneTimeToken: BAD_REQUEST, "invalid_one_time_token", "Link or invitation not valid";
    /// The sign-in with a provider did not come to its end.
    ProviderSignInFailed: BAD_REQUEST, "provider_sign_in_failed", "Sign-in failed";
    /// The compressed body can't be expanded.
    InvalidEncoding: BAD_REQUEST, "invalid_encoding", "Body can't be expanded";
    /// The body did not arrive whole.
    IncompleteBody: BAD_REQUEST, "incomplete_body", "Body incomplete";
    /// The request can't be read as HTTP, or is not what the route takes.
    BadRequest: BAD_REQUEST, "bad_request", "Bad request";
    /// What was sent as a CloudEvent is none by its specification.
    InvalidCloudEvent: BAD_REQUEST, "invalid_cloud_event", "Not a CloudEvent";
    /// Neither a key nor an access token was sent.
    MissingApiKey: UNAUTHORIZED, "missing_api_key", "API key missing";
    /// The key is not one, is unknown, expired or revoked.
    InvalidApiKey: UNAUTHORIZED, "invalid_api_key", "API key invalid";
    /// The access token is not one, or its session has ended.
    InvalidAccessToken: UNAUTHORIZED, "invalid_access_token", "Access token invalid";
    /// The refresh token is not one, was used, or its session has ended.
    InvalidRefreshToken: UNAUTHORIZED, "invalid_refresh_token", "Refresh token invalid";
    /// The ticket of a stream is not one, was used, is too old, or its maker's key or session has ended.
    InvalidTicket: UNAUTHORIZED, "invalid_ticket", "Ticket invalid";
    /// The e-mail address or the password is wrong: nobody learns which.
    InvalidCredentials: UNAUTHORIZED, "invalid_credentials", "E-mail address or password wrong";
    /// The key or the role may not do this.
    MissingScope: FORBIDDEN, "missing_scope", "Scope missing";
    /// The key may not be used from this address.
    AddressNotAllowed: FORBIDDEN, "address_not_allowed", "Address not allowed";
    /// A browser's request that came from another site, or without its token.
    CsrfRefused: FORBIDDEN, "csrf_refused", "Cross-site request refused";
    /// The person is in no organisation.
    NoOrganisation: FORBIDDEN, "no_organisation", "No organisation";
    /// Nobody gives or takes more than they have themselves.
    RoleTooLow: FORBIDDEN, "role_too_low", "Role too low";
    /// Accounts are made by the operator here.
    RegistrationClosed: FORBIDDEN, "registration_closed", "Registration closed";
    /// The organisation takes events of registered AI systems alone, and this is none.
    AiSystemNotRegistered: FORBIDDEN, "ai_system_not_registered", "AI system not registered";
    /// `/metrics` wants its token.
    InvalidToken: UNAUTHORIZED, "invalid_token", "Token invalid";
    /// The topic is GAPIN's own: nobody publishes to it, changes or deletes it.
    ReservedTopic: FORBIDDEN, "reserved_topic", "Topic reserved";
    /// There is no such thing, or it is another's.
    NotFound: NOT_FOUND, "not_found", "Not found";
    /// The route has other methods.
    MethodNotAllowed: METHOD_NOT_ALLOWED, "method_not_allowed", "Method not allowed";
    /// It is there already, or its name is taken.
    AlreadyExists: CONFLICT, "already_exists", "Exists already";
    /// The topic was made without compaction, and stays without.
    NotCompacted: CONFLICT, "not_compacted", "Topic not compacted";
    /// The idempotency key was used for another body.
    IdempotencyKeyReused: CONFLICT, "idempotency_key_reused", "Idempotency key reused";
    /// A request with this idempotency key is being worked on.
    IdempotencyKeyInUse: CONFLICT, "idempotency_key_in_use", "Idempotency key in use";
    /// An organisation keeps an owner.
    LastOwner: CONFLICT, "last_owner", "The last owner stays";
    /// The member's role was changed by somebody else at the same moment.
    RoleChanged: CONFLICT, "role_changed", "Role changed meanwhile";
    /// The dead letter carries no record that could be appended again, or failed too often.
    NotRedrivable: CONFLICT, "not_redrivable", "Can't be redriven";
    /// The group's reader does not hold these partitions any more; what it did not commit comes again.
    LeaseLost: CONFLICT, "lease_lost", "Lease lost";
    /// Another request of this reader is being answered.
    ReaderBusy: CONFLICT, "reader_busy", "Reader busy";
    /// The group has members, so nobody else moves it.
    GroupActive: CONFLICT, "group_active", "Group has members";
    /// The body took too long.
    BodyTimeout: REQUEST_TIMEOUT, "body_timeout", "Body too slow";
    /// Too many requests in a minute.
    RateLimited: TOO_MANY_REQUESTS, "rate_limited", "Too many requests";
    /// The day's events are used up.
    DailyQuotaExceeded: TOO_MANY_REQUESTS, "daily_quota_exceeded", "Daily quota exceeded";
    /// The organisation has as many live streams open as it may.
    TooManyStreams: TOO_MANY_REQUESTS, "too_many_streams", "Too many live streams";
    /// The organisation reads as much at once as it may, or has as many readers of groups.
    TooManyReaders: TOO_MANY_REQUESTS, "too_many_readers", "Too many readers";
    /// Too many failed sign-ins.
    TooManyAttempts: TOO_MANY_REQUESTS, "too_many_attempts", "Too many attempts";
    /// The organisation has as many exports at work as it may.
    TooManyExports: TOO_MANY_REQUESTS, "too_many_exports", "Too many exports at once";
    /// The body, or what it expands to, is too large.
    BodyTooLarge: PAYLOAD_TOO_LARGE, "body_too_large", "Body too large";
    /// The message is larger than a message may be.
    MessageTooLarge: PAYLOAD_TOO_LARGE, "message_too_large", "Message too large";
    /// The batch holds too many events.
    BatchTooLarge: PAYLOAD_TOO_LARGE, "batch_too_large", "Batch too large";
    /// The content type is not one of ours.
    UnsupportedMediaType: UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "Unsupported media type";
    /// The content encoding is not one of ours.
    UnsupportedEncoding: UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", "Unsupported content encoding";
    /// A full house.
    Overloaded: SERVICE_UNAVAILABLE, "overloaded", "Overloaded";
    /// The log takes nothing now; nothing was kept.
    LogUnavailable: SERVICE_UNAVAILABLE, "log_unavailable", "Event log unavailable";
    /// The log did not answer in time; the event may be kept or not.
    OutcomeUnknown: SERVICE_UNAVAILABLE, "outcome_unknown", "Outcome unknown";
    /// The store can't be asked now.
    StoreUnavailable: SERVICE_UNAVAILABLE, "store_unavailable", "Store unavailable";
    /// No e-mail can be sent here.
    EmailUnavailable: SERVICE_UNAVAILABLE, "email_unavailable", "E-mail unavailable";
    /// The sign-in provider does not answer, or is not configured.
    ProviderUnavailable: SERVICE_UNAVAILABLE, "provider_unavailable", "Sign-in provider unavailable";
    /// Our fault.
    Internal: INTERNAL_SERVER_ERROR, "internal", "Internal error";
}

const fn event(code: Code) -> (StatusCode, &'static str, &'static str) {
    use StatusCode as S;
    match code {
        Code::InvalidJson => (S::BAD_REQUEST, code.as_str(), "Not JSON that can be signed"),
        Code::SchemaViolation => (S::BAD_REQUEST, code.as_str(), "Not what its schema says"),
        Code::EventTooLarge => (S::PAYLOAD_TOO_LARGE, code.as_str(), "Event too large"),
        Code::InvalidSignature => (S::UNAUTHORIZED, code.as_str(), "Invalid signature"),
        Code::TimestampInFuture => (S::BAD_REQUEST, code.as_str(), "Timestamp in the future"),
        Code::TimestampTooOld => (S::BAD_REQUEST, code.as_str(), "Timestamp too old"),
        Code::EventIdTimeMismatch => (S::BAD_REQUEST, code.as_str(), "Event id of another time"),
    }
}

fn event_meaning(code: Code) -> &'static str {
    match code {
        Code::InvalidJson => "Not JSON, or JSON that two libraries would read differently.",
        Code::EventTooLarge => "The event is larger than an event may be.",
        Code::SchemaViolation => "The event or message is not what its schema says; each fault is listed.",
        Code::InvalidSignature => "A wrong signature, or no such signing key: nobody learns which.",
        Code::TimestampInFuture => "`timestamp` lies too far ahead.",
        Code::TimestampTooOld => "`timestamp` is older than what is kept.",
        Code::EventIdTimeMismatch => "The time inside `event_id` is not the event's.",
    }
}

impl Kind {
    /// Every kind there is.
    pub fn all() -> impl Iterator<Item = Kind> {
        Code::ALL.into_iter().map(Kind::Event).chain(Kind::PLAIN.iter().copied())
    }

    /// The stable word.
    pub const fn code(self) -> &'static str {
        self.answer().1
    }

    /// The HTTP status.
    pub const fn status(self) -> StatusCode {
        self.answer().0
    }

    /// After how many seconds trying again is right; `None` when it is not.
    pub const fn retry_after_s(self) -> Option<u32> {
        match self {
            Kind::Overloaded | Kind::IdempotencyKeyInUse => Some(1),
            // A stream ends when its client does.
            Kind::TooManyStreams => Some(5),
            Kind::LogUnavailable | Kind::OutcomeUnknown | Kind::StoreUnavailable => Some(2),
            // Somebody else's, or a setting: not a matter of a moment.
            Kind::ProviderUnavailable | Kind::EmailUnavailable => Some(60),
            _ => None,
        }
    }
}
