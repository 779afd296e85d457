//! Query parameters, strictly: an unknown, repeated or wrong one is refused, so that no filter is ignored silently.

use actix_web::{HttpRequest, web};
use aibbar::{EventType, Timestamp};
use store::events::EventFilter;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::problem::{Kind, Problem};

/// The longest text that is searched for, in bytes.
pub(crate) const TEXT_BYTES_MAX: usize = 1_024;

/// The longest id of a session or request that is asked for, in bytes; a request's head has room for no more.
pub(crate) const ID_BYTES_MAX: usize = 32 * 1_024;

/// More than any route takes, and few enough to be compared each with each.
const PARAMETERS_MAX: usize = 32;

/// What records are filtered by.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `filter` reads")]
pub(crate) struct FilterParameters {
    /// Of this AI system.
    ai_id: Option<Uuid>,
    /// Of this type.
    #[param(pattern = "^ai\\.(action|decision|error|query|response)$", example = "ai.response")]
    event_type: Option<String>,
    /// At or after this time.
    #[param(format = DateTime)]
    from: Option<String>,
    /// Before this time.
    #[param(format = DateTime)]
    to: Option<String>,
    /// Of this `metadata.session_id`.
    #[param(min_length = 1)]
    session_id: Option<String>,
    /// Of this `metadata.request_id`.
    #[param(min_length = 1)]
    request_id: Option<String>,
    /// With this text somewhere in the event; ASCII letters match in either case, nothing is a wildcard. At most 1,024
    /// bytes.
    #[param(min_length = 1, max_length = 256)]
    q: Option<String>,
}

/// The parameters of a request that nobody has taken yet.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(crate) fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let query = request.query_string();
        if query.split('&').take(PARAMETERS_MAX + 1).count() > PARAMETERS_MAX {
            let detail = format!("More than {PARAMETERS_MAX} parameters; no route takes as many.");
            return Err(Problem::new(Kind::InvalidParameter, detail));
        }
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query)
            .map_err(|_| Problem::new(Kind::InvalidParameter, "The query string can't be read."))?
            .into_inner();
        for (i, (name, _)) in pairs.iter().enumerate() {
            if pairs[..i].iter().any(|(earlier, _)| earlier == name) {
                return Err(Problem::new(Kind::InvalidParameter, "A parameter stands twice in the query."));
            }
            // A script's unset variable must not turn a filter into none.
            if pairs[i].1.is_empty() {
                return Err(Problem::new(Kind::InvalidParameter, "A parameter is empty; leave it out to mean any."));
            }
        }
        Ok(Self(pairs))
    }

    /// Takes a parameter out.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(n, _)| n == name)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Takes a whole number within bounds.
    pub(crate) fn number(&mut self, name: &str, min: u32, max: u32) -> Result<Option<u32>, Problem> {
        let number = |value: String| {
            value.parse().ok().filter(|n| (min..=max).contains(n)).ok_or_else(|| {
                Problem::new(Kind::InvalidParameter, format!("`{name}` is a whole number from {min} to {max}."))
            })
        };
        self.take(name).map(number).transpose()
    }

    /// Takes everything that records are filtered by.
    pub(crate) fn filter(&mut self) -> Result<EventFilter, Problem> {
        Ok(EventFilter {
            ai_id: self.parsed("ai_id", "a UUID", |v| v.parse().ok())?,
            event_type: self.parsed(
                "event_type",
                "one of ai.action, ai.decision, ai.error, ai.query, ai.response",
                EventType::parse,
            )?,
            from: self.time("from")?,
            to: self.time("to")?,
            session_id: self.text("session_id", ID_BYTES_MAX)?,
            request_id: self.text("request_id", ID_BYTES_MAX)?,
            text: self.text("q", TEXT_BYTES_MAX)?,
        })
    }

    /// Refuses what is left; `known` is what the route takes.
    pub(crate) fn end(&self, known: &[&str]) -> Result<(), Problem> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(Problem::new(
                Kind::InvalidParameter,
                format!("An unknown parameter; this route takes {}.", known.join(", ")),
            )),
        }
    }

    pub(crate) fn parsed<T>(
        &mut self,
        name: &str,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        let wrong = || Problem::new(Kind::InvalidParameter, format!("`{name}` is {what}."));
        self.take(name).map(|value| parse(&value).ok_or_else(wrong)).transpose()
    }

    /// A `+` of an offset that was not escaped arrives as a space; no RFC 3339 time holds one in its place.
    pub(crate) fn time(&mut self, name: &str) -> Result<Option<Timestamp>, Problem> {
        self.parsed(name, "an RFC 3339 time with offset, like 2026-01-31T12:00:00Z", |v| {
            Timestamp::parse(&v.replace(' ', "+"))
        })
    }

    pub(crate) fn text(&mut self, name: &str, bytes_max: usize) -> Result<Option<String>, Problem> {
        let what = format!("text of at most {bytes_max} bytes");
        self.parsed(name, &what, |v| (v.len() <= bytes_max).then(|| v.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn more_parameters_than_any_route_takes_are_refused_unread() {
        let of = |count: usize| {
            let names: Vec<_> = (0..count).map(|number| format!("p{number}=1")).collect();
            Parameters::of(&TestRequest::with_uri(&format!("/?{}", names.join("&"))).to_http_request())
        };
        assert!(of(PARAMETERS_MAX).is_ok());
        for count in [PARAMETERS_MAX + 1, 5_000] {
            let problem = of(count).err().unwrap();
            assert_eq!(problem.kind(), Kind::InvalidParameter);
            assert!(problem.detail().contains("32"), "it was not refused for their number: {}", problem.detail());
        }
    }
}
