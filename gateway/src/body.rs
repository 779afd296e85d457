//! The JSON body of a management request: bounded, strict, checked against the very schema that the API's document
//! shows, and refused with every fault at once.

use std::{
    any::TypeId,
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, LazyLock},
    time::Duration,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    web::{self, BytesMut},
};
use aibbar::{Fault, json as strict_json};
use futures_util::{Stream, StreamExt};
use jsonschema::Validator;
use parking_lot::RwLock;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    app::App,
    bytes_budget::Reservation,
    problem::{Kind, Problem},
};

/// More than any management request needs.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The longest that a body may take to arrive: else a byte now and then holds a connection for ever.
const BODY_TIME_MAX: Duration = Duration::from_secs(10);

static VALIDATORS: LazyLock<RwLock<HashMap<TypeId, Arc<Validator>>>> = LazyLock::new(RwLock::default);

/// What a route takes: its schema says what it may look like, [`Checked::faults`] what no schema can say.
pub(crate) trait Checked {
    /// Whether [`Checked::faults`] takes milliseconds, which belong to other requests: it is looked for on a blocking thread.
    const TAKES_LONG: bool = false;

    /// Faults beyond the schema; none by default.
    fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }
}

/// A body that was good.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: Checked + DeserializeOwned + ToSchema + Send + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = request.content_type().eq_ignore_ascii_case("application/json");
        let payload = web::Payload::from_request(request, payload);
        let reservation = request.app_data::<web::Data<Arc<App>>>().map(|app| app.bytes.reserve());
        Box::pin(async move {
            if !is_json {
                return Err(Problem::new(
                    Kind::UnsupportedMediaType,
                    "Send the body as `Content-Type: application/json`.",
                ));
            }
            let payload = payload.await.map_err(|_| Problem::new(Kind::IncompleteBody, "The body can't be read."))?;
            let mut reservation = reservation;
            let body = read_within(BODY_TIME_MAX, payload, &mut reservation).await?;
            let parsed = if T::TAKES_LONG {
                web::block(move || parse::<T>(&body)).await.map_err(Problem::internal)?
            } else {
                parse::<T>(&body)
            };
            parsed.map(Body)
        })
    }
}

async fn read_within<E>(
    time: Duration,
    payload: impl Stream<Item = Result<web::Bytes, E>> + Unpin,
    reservation: &mut Option<Reservation>,
) -> Result<BytesMut, Problem> {
    tokio::time::timeout(time, read(payload, reservation))
        .await
        .map_err(|_| Problem::new(Kind::BodyTimeout, "The body did not arrive in time."))?
}

async fn read<E>(
    mut payload: impl Stream<Item = Result<web::Bytes, E>> + Unpin,
    reservation: &mut Option<Reservation>,
) -> Result<BytesMut, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|_| Problem::new(Kind::IncompleteBody, "The body did not arrive whole; send it again."))?;
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            let detail = format!("The body is larger than the {BODY_BYTES_MAX} bytes that this route takes.");
            return Err(Problem::new(Kind::BodyTooLarge, detail));
        }
        if let Some(reservation) = reservation {
            reservation.grow_to(body.len() + chunk.len())?;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn parse<T: Checked + DeserializeOwned + ToSchema + 'static>(body: &[u8]) -> Result<T, Problem> {
    let invalid = |faults| Problem::with_faults(Kind::InvalidBody, "The body is not what this route takes.", faults);
    let document = strict_json::parse(body).map_err(|fault| {
        invalid(vec![Fault { pointer: String::new(), code: "invalid_json", detail: fault.to_string() }])
    })?;
    typed(document).map_err(invalid)
}

/// A document that is JSON already, as what a route takes; or everything that is wrong with it.
pub(crate) fn typed<T: Checked + DeserializeOwned + ToSchema + 'static>(document: Value) -> Result<T, Vec<Fault>> {
    let faults = aibbar::schema::faults_of(&validator::<T>(), &document);
    if !faults.is_empty() {
        return Err(faults);
    }
    // What the schema lets pass, the type takes; a number out of its range is the schema's fault, and still the client's.
    let body: T = serde_json::from_value(document).map_err(|_| {
        // Not with the error itself: it quotes the value.
        tracing::debug!(body = %T::name(), "a body that its schema lets pass is not what the type takes");
        Vec::new()
    })?;
    match body.faults() {
        faults if faults.is_empty() => Ok(body),
        faults => Err(faults),
    }
}

fn validator<T: ToSchema + 'static>() -> Arc<Validator> {
    let key = TypeId::of::<T>();
    if let Some(validator) = VALIDATORS.read().get(&key) {
        return validator.clone();
    }
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    let components: HashMap<_, _> = schemas.into_iter().collect();
    let document = json!({
        "$ref": format!("#/components/schemas/{}", T::name()),
        "components": { "schemas": components },
    });
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .with_pattern_options(jsonschema::PatternOptions::regex())
        .build(&document)
        .expect("a derived schema is a schema");
    VALIDATORS.write().entry(key).or_insert_with(|| Arc::new(validator)).clone()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::cell::Cell;

    use actix_web::test::TestRequest;
    use serde::Deserialize;

    use super::*;

    thread_local! {
        static IS_ASYNC_WORKER: Cell<bool> = const { Cell::new(false) };
    }

    /// What is at fault when it is looked at where requests are answered.
    #[derive(Debug, Deserialize, ToSchema)]
    struct Slow {
        name: String,
    }

    impl Checked for Slow {
        const TAKES_LONG: bool = true;

        fn faults(&self) -> Vec<Fault> {
            let fault = || Fault { pointer: String::new(), code: "place", detail: "on the worker".into() };
            let is_bad = self.name == "bad" || IS_ASYNC_WORKER.get();
            is_bad.then(fault).into_iter().collect()
        }
    }

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    struct Order {
        #[schema(min_length = 1, max_length = 3)]
        name: String,
        #[schema(minimum = 1, maximum = 9)]
        count: Option<u32>,
    }

    impl Checked for Order {
        fn faults(&self) -> Vec<Fault> {
            let odd = self.count.is_some_and(|count| count % 2 == 1);
            odd.then(|| Fault { pointer: "/count".into(), code: "odd", detail: "must be even".into() })
                .into_iter()
                .collect()
        }
    }

    #[track_caller]
    fn check(body: &str, expected: &[(&str, &str)]) {
        let problem = parse::<Order>(body.as_bytes()).unwrap_err();
        let told: Vec<_> = problem.faults().iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(told, expected, "{body}");
    }

    #[test]
    fn a_good_body_is_taken() {
        assert_eq!(parse::<Order>(br#"{"name":"abc","count":2}"#).unwrap().count, Some(2));
        assert_eq!(parse::<Order>(br#"{"name":"abc","count":null}"#).unwrap().name, "abc");
    }

    #[tokio::test]
    async fn a_body_that_does_not_arrive_in_time_is_given_up() {
        let piece = || Ok::<_, Problem>(web::Bytes::from_static(b"{}"));
        let never_whole = futures_util::stream::iter([piece()]).chain(futures_util::stream::pending());
        let problem = read_within(Duration::from_millis(1), never_whole, &mut None).await.unwrap_err();
        assert_eq!(problem.kind(), Kind::BodyTimeout);
        let whole = futures_util::stream::iter([piece(), piece()]);
        assert_eq!(read_within(BODY_TIME_MAX, whole, &mut None).await.unwrap(), "{}{}");
    }

    #[actix_web::test]
    async fn what_takes_long_to_check_is_checked_elsewhere() {
        IS_ASYNC_WORKER.set(true);
        for (name, is_good) in [("good", true), ("bad", false)] {
            let request = TestRequest::put().set_json(json!({ "name": name }));
            let (request, mut payload) = request.to_http_parts();
            let taken = Body::<Slow>::from_request(&request, &mut payload).await;
            assert_eq!(taken.is_ok(), is_good, "{name}");
        }
    }

    #[test]
    fn every_fault_is_told_at_once() {
        check(
            r#"{"name":"","count":10,"more":1}"#,
            &[("/count", "maximum"), ("/more", "unknown_field"), ("/name", "min_length")],
        );
        check(r#"{"name":"abc","count":3}"#, &[("/count", "odd")]);
        check("[]", &[("", "type")]);
        check("{", &[("", "invalid_json")]);
    }
}
