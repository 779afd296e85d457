//! What letters say, as text and as HTML.

use askama::Template;
use url::Url;

/// A letter to somebody.
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) matter: Matter,
}

/// What it is about. Nothing of a name that a stranger chose stands in a letter to an address that is not shown to be
/// theirs: our server is nobody's messenger.
pub(crate) enum Matter {
    /// Shows that the address is theirs.
    VerifyEmail { token: String },
    /// Sets a new password.
    ResetPassword { token: String },
    /// Somebody registered with an address that has an account.
    AlreadyRegistered,
    /// The password was changed.
    PasswordChanged,
    /// They were invited.
    Invitation { organisation: String, invited_by: String, token: String },
}

/// A letter, ready to go.
pub(super) struct Written {
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) link: Option<String>,
    pub(super) text: String,
    pub(super) html: String,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'l> {
    content: &'l Content,
    home: &'l str,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'l> {
    content: &'l Content,
    home: &'l str,
}

struct Content {
    subject: String,
    paragraphs: Vec<String>,
    /// What the link is called, and where it leads.
    link: Option<(&'static str, String)>,
    /// What whoever did not expect it is told.
    closing: &'static str,
}

impl Matter {
    /// Its word in metrics and logs.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Matter::VerifyEmail { .. } => "verify_email",
            Matter::ResetPassword { .. } => "reset_password",
            Matter::AlreadyRegistered => "already_registered",
            Matter::PasswordChanged => "password_changed",
            Matter::Invitation { .. } => "invitation",
        }
    }

    fn content(&self, base: &Url) -> Content {
        const IGNORE: &str = "If this was not you, ignore this e-mail: nothing happens without the link.";
        match self {
            Matter::VerifyEmail { token } => Content {
                subject: "Confirm your e-mail address".into(),
                paragraphs: vec![
                    "Somebody, you we hope, registered with GAPIN with this e-mail address. Follow the link to confirm \
                     that it is yours. It works once, within 24 hours."
                        .into(),
                ],
                link: Some(("Confirm the address", link(base, "verify-email", token))),
                closing: IGNORE,
            },
            Matter::ResetPassword { token } => Content {
                subject: "Set a new password".into(),
                paragraphs: vec![
                    "Follow the link to set a new password for your GAPIN account. It works once, within an hour, and \
                     signs you out everywhere."
                        .into(),
                ],
                link: Some(("Set a new password", link(base, "reset-password", token))),
                closing: IGNORE,
            },
            Matter::AlreadyRegistered => Content {
                subject: "You have an account already".into(),
                paragraphs: vec![
                    "Somebody, you perhaps, tried to register with GAPIN with this e-mail address, which has an account. \
                     Sign in with it; if you do not know its password any more, ask for a new one there."
                        .into(),
                ],
                link: Some(("Sign in", page(base, "login").into())),
                closing: "If this was not you, there is nothing to do: nothing was changed.",
            },
            Matter::PasswordChanged => Content {
                subject: "Your password was changed".into(),
                paragraphs: vec!["The password of your GAPIN account was changed, and other devices were signed out.".into()],
                link: None,
                closing: "If this was not you, set a new password at once by asking for one where you sign in.",
            },
            Matter::Invitation { organisation, invited_by, token } => Content {
                subject: format!("Invitation to {organisation}"),
                paragraphs: vec![format!(
                    "{invited_by} invites you to the organisation {organisation} in GAPIN. Follow the link to accept. It \
                     works once, within 7 days."
                )],
                link: Some(("Accept the invitation", link(base, "invitation", token))),
                closing: "If you do not know why you got this, ignore it: nothing happens without the link.",
            },
        }
    }
}

impl Letter {
    pub(super) fn written(self, base: &Url) -> Result<Written, askama::Error> {
        let content = self.matter.content(base);
        let home = base.as_str();
        let (text, html) = (Text { content: &content, home }.render()?, Html { content: &content, home }.render()?);
        Ok(Written { to: self.to, subject: content.subject, link: content.link.map(|(_, link)| link), text, html })
    }
}

/// The token stands in the query, which no server log of ours holds.
fn link(base: &Url, name: &str, token: &str) -> String {
    let mut page = page(base, name);
    page.query_pairs_mut().append_pair("token", token);
    page.into()
}

fn page(base: &Url, name: &str) -> Url {
    let mut page = base.clone();
    if let Ok(mut path) = page.path_segments_mut() {
        path.pop_if_empty().push(name);
    }
    page
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(matter: Matter, base: &str) -> Written {
        let letter = Letter { to: "ada@example.com".into(), matter };
        letter.written(&Url::parse(base).unwrap()).unwrap()
    }

    #[test]
    fn the_link_stands_in_both_forms() {
        let letter = written(Matter::VerifyEmail { token: "ve_a-b_c".into() }, "https://gapin.example");
        let link = "https://gapin.example/verify-email?token=ve_a-b_c";
        assert_eq!(letter.link.as_deref(), Some(link));
        assert!(letter.text.contains(link), "{}", letter.text);
        assert!(letter.html.contains(&format!("href=\"{link}\"")), "{}", letter.html);
    }

    #[test]
    fn a_public_url_may_have_a_path() {
        let letter = written(Matter::ResetPassword { token: "pr_x".into() }, "https://example.com/gapin/");
        assert_eq!(letter.link.as_deref(), Some("https://example.com/gapin/reset-password?token=pr_x"));
    }

    #[test]
    fn a_name_is_text_in_html_too() {
        let letter = written(
            Matter::Invitation {
                organisation: "<b>R&D</b>".into(),
                invited_by: "\"Eve\" <script>".into(),
                token: "iv_x".into(),
            },
            "https://gapin.example",
        );
        assert!(letter.text.contains("<b>R&D</b>"), "{}", letter.text);
        assert!(!letter.html.contains("<b>") && !letter.html.contains("<script>"), "{}", letter.html);
    }

    #[test]
    fn what_needs_no_link_has_none() {
        let letter = written(Matter::PasswordChanged, "https://gapin.example");
        assert!(letter.link.is_none() && !letter.text.contains("token="), "{}", letter.text);
    }
}
