//! Passwords in the arguments of well-known commands: `curl -u user:password`, `mysql -psecret`, `sshpass -p secret`.

use std::sync::LazyLock;

use regex::Regex;

use super::Kind;
use super::hit::Hit;
use super::random::is_random;
use super::stand_in::is_stand_in;

/// How far the arguments of one command are read, in bytes; to the next command at most.
const COMMAND_BYTES_MAX: usize = 1024;

/// What an option's argument is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Argument {
    /// `user:password`
    Pair,
    /// The password itself.
    Password,
}

/// A command and the options of it that take a password. Those written out (`--password`) are known by their names.
pub(super) struct Command {
    pub(super) name: &'static str,
    options: &'static [(&'static str, Argument)],
    /// The password follows its option without a blank.
    attached: bool,
}

const fn command(name: &'static str, options: &'static [(&'static str, Argument)]) -> Command {
    Command { name, options, attached: false }
}

const PAIR: &[(&str, Argument)] =
    &[("-u", Argument::Pair), ("--user", Argument::Pair), ("-U", Argument::Pair), ("--proxy-user", Argument::Pair)];
const P: &[(&str, Argument)] = &[("-p", Argument::Password)];

/// In the order of their names.
#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    command("az login", P),
    command("curl", PAIR),
    command("docker", P),
    command("helm", P),
    command("http", &[("-a", Argument::Pair), ("--auth", Argument::Pair)]),
    command("https", &[("-a", Argument::Pair), ("--auth", Argument::Pair)]),
    command("ldapsearch", &[("-w", Argument::Password)]),
    Command { attached: true, ..command("mariadb", P) },
    Command { attached: true, ..command("mysql", P) },
    Command { attached: true, ..command("mysqladmin", P) },
    Command { attached: true, ..command("mysqldump", P) },
    command("podman", P),
    command("redis-cli", &[("-a", Argument::Password)]),
    command("smbclient", &[("-U", Argument::Pair)]),
    command("sshpass", P),
    command("xh", &[("-a", Argument::Pair)]),
];

static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    let names: Vec<&str> = COMMANDS.iter().rev().map(|command| command.name).collect();
    Regex::new(&format!(r"(?-u:\b(?:{})(?:\.exe)? )", names.join("|"))).expect("made of words")
});

pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut starts = NAMES.find_iter(text).peekable();
    while let Some(name) = starts.next() {
        let word = name.as_str().trim_end().trim_end_matches(".exe");
        let Some(command) = COMMANDS.iter().find(|command| command.name == word) else { continue };
        let end = starts.peek().map_or(text.len(), |next| next.start()).min(name.end() + COMMAND_BYTES_MAX);
        arguments(text, command, name.end(), end, hits);
    }
}

/// Walks over the words of one command.
fn arguments(text: &str, command: &Command, start: usize, end: usize, hits: &mut Vec<Hit>) {
    let bytes = &text.as_bytes()[..end];
    let mut at = start;
    while at < end {
        if bytes[at] != b'-' || !bytes[at - 1].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let found = command.options.iter().find_map(|(option, argument)| {
            let next = at + bundle(&bytes[at..], option, *argument)?;
            let follows = next < end;
            let blanks = bytes.get(next..)?.iter().take_while(|byte| matches!(byte, b' ' | b'=')).count();
            let fits =
                if command.attached { blanks == 0 && option.len() == 2 } else { blanks > 0 || option.len() == 2 };
            (follows && fits).then_some((next + blanks, *argument))
        });
        at = match found {
            Some((value, argument)) => {
                let (from, to) = word(text, value, end);
                let given = &text[from..to];
                let secret = match argument {
                    Argument::Password => (!is_of_ports(given)).then_some((from, to)),
                    Argument::Pair => secret_of_pair(given).map(|(start, end)| (from + start, from + end)),
                };
                if let Some((from, to)) = secret.filter(|(from, to)| !is_stand_in(&text[*from..*to])) {
                    hits.push(Hit::new(Kind::Password, from, to));
                }
                to.max(at + 1)
            }
            None => at + 1,
        };
    }
}

/// How long the option is that begins here, when it is this one: `-u`, and `-Lsu`, where options of one letter stand together and the
/// last of them takes what follows.
fn bundle(bytes: &[u8], option: &str, argument: Argument) -> Option<usize> {
    const LETTERS_MAX: usize = 6;
    if bytes.starts_with(option.as_bytes()) {
        return Some(option.len());
    }
    let &[b'-', letter] = option.as_bytes() else { return None };
    let letters = bytes[1..].iter().take(LETTERS_MAX).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let is_last = argument == Argument::Pair && letters > 0 && bytes[letters] == letter;
    (is_last && bytes.get(letters + 1) == Some(&b' ')).then_some(letters + 1)
}

/// Where the secret is in `user:password`, `user%password`, and in `key:`, which is a user without a password.
fn secret_of_pair(pair: &str) -> Option<(usize, usize)> {
    // A user that is hidden already has a colon of its own.
    let user = if pair.starts_with("[REDACTED:") { pair.find(']')? } else { 0 };
    let mark = user + pair[user..].find(':').or_else(|| pair[user..].find('%'))?;
    match mark + 1 == pair.len() {
        true => is_random(&pair[..mark]).then_some((0, mark)),
        false => Some((mark + 1, pair.len())),
    }
}

/// `-p 8080:80` and `-p 127.0.0.1:8080:80` say which ports a container has; the address stands in brackets, or is hidden already.
fn is_of_ports(given: &str) -> bool {
    let ports = given.strip_prefix('[').and_then(|address| address.split_once("]:")).map_or(given, |(_, ports)| ports);
    ports.bytes().all(|byte| byte.is_ascii_digit() || b":.-/tcpud".contains(&byte))
        && (ports.contains(':') || ports != given)
}

/// The word that begins at `start`, without the quotes around it.
fn word(text: &str, start: usize, end: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let quote = bytes.get(start).copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let start = start + usize::from(quote.is_some());
    let ends = |byte: &u8| match quote {
        Some(quote) => *byte == quote || *byte == b'\n',
        None => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'|' | b';' | b'&' | b'<' | b'>'),
    };
    let rest = bytes.get(start..end.max(start)).unwrap_or_default();
    let mut to = start + rest.iter().position(ends).unwrap_or(rest.len());
    while !text.is_char_boundary(to) {
        to += 1;
    }
    (start, to)
}
