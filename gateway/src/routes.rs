//! How a table of routes becomes the server: each route has a method, a path and what it asks of its caller.

use actix_web::{FromRequest, Handler, HttpRequest, Resource, Responder, Route, guard, http::Method, web};
use store::Scope;

use crate::problem::{Kind, Problem};

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing.
    Open,
    /// A person who is signed in, in whatever role.
    Person,
    /// The same, in an organisation.
    Member,
    /// An API key with this scope, or a person whose role has it.
    Scope(Scope),
}

/// A table of routes, in the order in which they are looked through.
#[derive(Default)]
pub(crate) struct Routes(Vec<Entry>);

struct Entry {
    method: Method,
    path: &'static str,
    access: Access,
    route: Route,
}

/// What each method of one path asks; lies beside the path, so that a request finds it without a search.
#[derive(Clone, Default)]
pub(crate) struct PathAccess(Vec<(Method, Access)>);

impl PathAccess {
    /// What the route that this request matched asks of its caller.
    pub(crate) fn of(request: &HttpRequest) -> Option<Access> {
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        let asked = request.app_data::<PathAccess>()?;
        asked.0.iter().find(|(of, _)| of == method).map(|(_, access)| *access)
    }
}

/// Paths that ask nothing of anyone.
pub(crate) struct OpenPaths(Vec<&'static str>);

impl OpenPaths {
    /// Whether this path is one of them.
    pub(crate) fn contain(&self, path: &str) -> bool {
        self.0.iter().any(|pattern| fits(pattern, path))
    }
}

/// Whether the path has the pattern's segments, with anything for those in braces.
fn fits(pattern: &str, path: &str) -> bool {
    if !pattern.contains('{') {
        return pattern == path;
    }
    let (mut expected, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (expected.next(), given.next()) {
            (None, None) => return true,
            (Some(expected), Some(given)) if expected.starts_with('{') || expected == given => {}
            _ => return false,
        }
    }
}

impl Routes {
    /// A route that reads; HEAD is the same without the body.
    pub(crate) fn get<F, Args>(self, path: &'static str, access: Access, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
        self.add(Method::GET, path, access, route.to(handler))
    }

    /// A route that makes or does something.
    pub(crate) fn post<F, Args>(self, path: &'static str, access: Access, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::POST, path, access, web::post().to(handler))
    }

    /// A route that replaces what is there.
    pub(crate) fn put<F, Args>(self, path: &'static str, access: Access, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::PUT, path, access, web::put().to(handler))
    }

    /// A route that changes what is there.
    pub(crate) fn patch<F, Args>(self, path: &'static str, access: Access, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::PATCH, path, access, web::patch().to(handler))
    }

    /// A route that ends something.
    pub(crate) fn delete<F, Args>(self, path: &'static str, access: Access, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::DELETE, path, access, web::delete().to(handler))
    }

    fn add(mut self, method: Method, path: &'static str, access: Access, route: Route) -> Self {
        self.0.push(Entry { method, path, access, route });
        self
    }

    /// Every route of the table, for whoever documents it.
    pub(crate) fn list(&self) -> impl Iterator<Item = (&Method, &'static str, Access)> {
        self.0.iter().map(|entry| (&entry.method, entry.path, entry.access))
    }

    /// How the paths of the table begin: `api`, `auth`, ….
    pub(crate) fn roots(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().filter_map(|entry| entry.path.split('/').nth(1))
    }

    /// The paths of the table that ask nothing of anyone, whatever the method.
    pub(crate) fn open_paths(&self) -> OpenPaths {
        let open = |path: &str| self.0.iter().filter(|e| e.path == path).all(|e| e.access == Access::Open);
        OpenPaths(self.0.iter().map(|entry| entry.path).filter(|path| open(path)).collect())
    }

    /// Serves the table. Other methods of its paths are answered 405 with those that there are.
    pub(crate) fn serve(self, config: &mut web::ServiceConfig) {
        let mut paths: Vec<&'static str> = Vec::new();
        for entry in &self.0 {
            if !paths.contains(&entry.path) {
                paths.push(entry.path);
            }
        }
        let mut entries = self.0;
        for path in paths {
            let (here, elsewhere): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.path == path);
            entries = elsewhere;
            config.service(resource(path, here));
        }
    }
}

fn resource(path: &'static str, entries: Vec<Entry>) -> Resource {
    let asked = PathAccess(entries.iter().map(|entry| (entry.method.clone(), entry.access)).collect());
    let mut methods: Vec<&str> = entries.iter().map(|entry| entry.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.sort_unstable();
    let methods = methods.join(", ");
    let mut resource = web::resource(path).app_data(asked);
    for entry in entries {
        resource = resource.route(entry.route);
    }
    resource.default_service(others(methods))
}

/// Answers every other method with 405 and those that there are.
fn others(methods: String) -> Route {
    web::to(move || {
        let detail = format!("This path takes {methods}.");
        std::future::ready(Err::<&'static str, _>(Problem::method_not_allowed(methods.clone(), detail)))
    })
}

/// There is nothing at this path.
pub(crate) fn nothing_here() -> Problem {
    Problem::new(Kind::NotFound, "There is nothing at this path.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_open_when_every_method_of_it_is() {
        let handler = || async { "" };
        let table = Routes::default()
            .get("/docs", Access::Open, handler)
            .get("/sign-in/{provider}/start", Access::Open, handler)
            .get("/both", Access::Open, handler)
            .post("/both", Access::Person, handler)
            .get("/closed", Access::Scope(Scope::EventsRead), handler);
        let open = table.open_paths();
        for (path, expected) in [
            ("/docs", true),
            ("/docs/", false),
            ("/sign-in/github/start", true),
            ("/sign-in/github", false),
            ("/sign-in/github/start/more", false),
            ("/both", false),
            ("/closed", false),
        ] {
            assert_eq!(open.contain(path), expected, "{path}");
        }
    }
}
