//! What the program shows: results on standard output, notes on standard error, colours on terminals alone.

use std::io::{IsTerminal, Write as _};

use crate::exit::{Exit, Failure};

/// Writes one line of result.
pub(crate) fn say(line: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()).map_err(|error| {
        match error.kind() {
            // The reader has seen enough (`gapin tail | head`): no failure, and nobody to tell.
            std::io::ErrorKind::BrokenPipe => Failure::new(Exit::Ok, ""),
            _ => Failure::failed(format!("standard output can't be written: {error}")),
        }
    })
}

/// Writes a result for programs: one line of JSON.
pub(crate) fn say_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let line = serde_json::to_string(value).map_err(|error| Failure::failed(error.to_string()))?;
    say(&line)
}

/// Writes a line for people beside the results. Who closed standard error does not want to know.
pub(crate) fn note(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Whether progress may be drawn and redrawn.
pub(crate) fn shows_progress() -> bool {
    std::io::stderr().is_terminal()
}

/// Colours of one output stream: only on a terminal, and not against the user's will (NO_COLOR).
#[derive(Clone, Copy)]
pub(crate) struct Colours(bool);

impl Colours {
    pub(crate) fn of(stream: &impl IsTerminal) -> Self {
        Self(stream.is_terminal() && are_wanted())
    }

    pub(crate) fn are_on(self) -> bool {
        self.0
    }

    pub(crate) fn paint(self, colour: Colour, text: &str) -> String {
        if self.0 { format!("\x1b[{}m{text}\x1b[0m", colour as u8) } else { text.to_owned() }
    }
}

fn are_wanted() -> bool {
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    !is_dumb && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// SGR codes.
#[derive(Clone, Copy)]
pub(crate) enum Colour {
    Bold = 1,
    Dim = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 34,
    Magenta = 35,
    Cyan = 36,
}

/// Text from elsewhere, made safe for a terminal: control characters could move the cursor or write the title.
pub(crate) fn printable(text: &str, chars_max: usize) -> String {
    let mut shown: String =
        text.chars().take(chars_max).map(|c| if c.is_control() || is_invisible(c) { ' ' } else { c }).collect();
    if text.chars().nth(chars_max).is_some() {
        shown.push('…');
    }
    shown
}

/// Characters that change the direction of what follows.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_elsewhere_cannot_speak_to_the_terminal() {
        assert_eq!(printable("a\x1b[2Jb\nc\u{202e}d", 80), "a [2Jb c d");
        assert_eq!(printable("abcdef", 3), "abc…");
        assert_eq!(printable("abc", 3), "abc");
    }
}
