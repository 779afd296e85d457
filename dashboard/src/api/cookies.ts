const CSRF_COOKIE = "__Host-gapin_csrf";

/** The token that shows that a request is our own page's; there is one exactly while somebody is signed in. */
export function csrfToken(): string | undefined {
  for (const cookie of document.cookie.split("; ")) {
    const [name, ...value] = cookie.split("=");
    if (name === CSRF_COOKIE && value.length > 0) return value.join("=");
  }
  return undefined;
}
