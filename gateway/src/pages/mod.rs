//! The dashboard: its files, and its page wherever a browser goes that is no path of the API.
//!
//! The page is the same for everyone and asks the API for all that it shows, so it needs no credentials and counts
//! against no limit. It never stands in the API's way: whatever begins as a path of the tables does is the API's, and
//! what is no page and no file is answered as if there were no dashboard.

mod answer;

use std::{collections::BTreeSet, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header::ACCEPT},
    web,
};
use dashboard::{Dashboard, PAGE};

use crate::{
    app::App,
    problem::{Kind, Problem},
    routes::{Routes, nothing_here},
};

/// Where the page's hashed files are: what is missing there is no page.
const ASSETS: &str = "assets";

/// The dashboard of this gateway.
pub(crate) struct Pages {
    /// `None`: it is switched off.
    dashboard: Option<Dashboard>,
    /// How the API's paths begin.
    api: BTreeSet<&'static str>,
}

/// What a request asks of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted<'p> {
    /// The page, which finds out by itself what to show at this address.
    Page,
    /// A file of this name.
    File(&'p str),
}

impl Pages {
    /// The dashboard beside the API of these tables.
    pub(crate) fn new(dashboard: Option<Dashboard>, tables: &[Routes]) -> Self {
        Self { dashboard, api: tables.iter().flat_map(Routes::roots).collect() }
    }

    /// Whether a person can be sent to a page of the dashboard.
    pub(crate) fn has_a_page(&self) -> bool {
        self.dashboard.as_ref().is_some_and(|dashboard| dashboard.has(PAGE))
    }

    /// Whether the dashboard answers this request, be it with 404.
    pub(crate) fn are_for(&self, request: &HttpRequest) -> bool {
        reads(request) && self.wanted(request).is_some()
    }

    fn wanted<'r>(&self, request: &'r HttpRequest) -> Option<Wanted<'r>> {
        self.wanted_at(request.path(), || navigates(request))
    }

    fn wanted_at<'p>(&self, path: &'p str, navigates: impl FnOnce() -> bool) -> Option<Wanted<'p>> {
        let dashboard = self.dashboard.as_ref()?;
        let name = path.strip_prefix('/')?;
        let root = name.split('/').next().unwrap_or_default();
        // The router reads `/%61pi` as `/api`; no path of the dashboard begins so.
        if !is_plain(root) || self.api.contains(root) {
            return None;
        }
        if name.is_empty() {
            return Some(Wanted::Page);
        }
        if root == ASSETS || (root == name && dashboard.has(name)) {
            return Some(Wanted::File(name));
        }
        navigates().then_some(Wanted::Page)
    }
}

fn is_plain(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn reads(request: &HttpRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Whether a browser goes there, and does not just fetch something.
fn navigates(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|form| form.trim_start().starts_with("text/html"))
}

/// Whatever no route of the API answers.
pub(crate) async fn serve(request: HttpRequest, app: web::Data<Arc<App>>) -> Result<HttpResponse, Problem> {
    let pages = &app.pages;
    let (Some(dashboard), Some(wanted)) = (&pages.dashboard, pages.wanted(&request)) else {
        return Err(nothing_here());
    };
    if !reads(&request) {
        // A page that is everywhere is nowhere in particular: but for its own address, nothing is there to be changed.
        return Err(match wanted {
            Wanted::Page if request.path() != "/" => nothing_here(),
            Wanted::File(name) if !dashboard.has(name) => nothing_here(),
            _ => Problem::method_not_allowed("GET, HEAD".into(), "This path takes GET, HEAD.".into()),
        });
    }
    match wanted {
        Wanted::File(name) => {
            let file = dashboard.asset(name).ok_or_else(nothing_here)?;
            Ok(answer::file(&request, file))
        }
        Wanted::Page => match dashboard.asset(PAGE) {
            Some(page) => Ok(answer::page(&request, page)),
            None if navigates(&request) => Ok(answer::no_dashboard()),
            None => Err(Problem::new(
                Kind::NotFound,
                "This build carries no dashboard; `make dashboard`, and building it again, makes one that does.",
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{app, operations};

    fn built() -> (tempfile::TempDir, Pages) {
        let dist = tempfile::tempdir().unwrap();
        for name in ["index.html", "favicon.svg"] {
            std::fs::write(dist.path().join(name), name).unwrap();
        }
        let dashboard = Dashboard::in_folder(dist.path());
        (dist, Pages::new(Some(dashboard), &[app::table(), operations::table()]))
    }

    #[track_caller]
    fn check(path: &str, to_a_browser: Option<Wanted<'_>>, to_a_program: Option<Wanted<'_>>) {
        let (_dist, pages) = built();
        assert_eq!(pages.wanted_at(path, || true), to_a_browser, "{path} to a browser");
        assert_eq!(pages.wanted_at(path, || false), to_a_program, "{path} to a program");
    }

    #[test]
    fn a_browser_finds_the_page_wherever_it_goes() {
        use Wanted::{File, Page};
        check("/", Some(Page), Some(Page));
        for path in ["/live", "/topics/orders.v1", "/event/01980a5e", "/a/b/c", "/topics/%C3%A4", "/missing.txt"] {
            check(path, Some(Page), None);
        }
        check("/favicon.svg", Some(File("favicon.svg")), Some(File("favicon.svg")));
        check("/index.html", Some(File("index.html")), Some(File("index.html")));
        for path in ["/assets/index-B3f1.js", "/assets/", "/assets/../index.html"] {
            check(path, Some(File(&path[1..])), Some(File(&path[1..])));
        }
    }

    #[test]
    fn what_begins_as_a_path_of_the_api_is_the_apis() {
        for path in [
            "/api/v1/nothing",
            "/api",
            "/aibbar/events",
            "/auth/anything",
            "/ws/events",
            "/sse/other",
            "/events/read",
            "/health/ready",
            "/metrics",
            "/metrics/other",
            "/me",
            "/me/else",
            "/users/none",
            "/%61pi/v1/keys",
            "/me%2Fsessions",
            "*",
            "",
        ] {
            check(path, None, None);
        }
    }

    /// A page at an address of the API would be found by a click and not by a link.
    #[test]
    fn no_page_of_the_dashboard_lies_where_the_api_does() {
        let (_dist, pages) = built();
        for page in [
            "start",
            "login",
            "register",
            "forgot-password",
            "reset-password",
            "verify-email",
            "invitation",
            "live",
            "event",
            "sessions",
            "topics",
            "statistics",
            "keys",
            "signing-keys",
            "ai-systems",
            "members",
            "audit",
            "dead-letters",
            "redaction",
            "settings",
            "status",
        ] {
            assert!(!pages.api.contains(page), "{page}");
        }
    }

    #[test]
    fn a_dashboard_that_is_switched_off_answers_nothing() {
        let pages = Pages::new(None, &[app::table()]);
        for path in ["/", "/live", "/assets/index.js"] {
            assert_eq!(pages.wanted_at(path, || true), None, "{path}");
        }
    }
}
