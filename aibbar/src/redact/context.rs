//! What stands around a candidate: word boundaries, and the words before it that say what it is.

use std::cell::{Cell, OnceCell};

use regex::Regex;

use super::number_words::LINKS;

/// How far back a word may stand that says what follows, in bytes.
const LOOK_BACK_BYTES: usize = 40;

/// Once this part of a text (a fourth) was read before single numbers, the whole is read instead, so that it stays linear.
const READ_APART: usize = 4;

/// How much around that is read: longer than any of the words, so that a search that begins here finds those that a search from the
/// beginning of the text finds.
const MARGIN_BYTES: usize = 64;

/// The character before `at`.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// The character at `at`.
pub(super) fn after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Whether the bytes on both sides of a range of ASCII end its word. A letter or digit of any script, or a joiner
/// (`-`, `.`, `_` …, as given) with one behind it, means that the range is a part of something longer.
pub(super) fn stands_alone(text: &str, start: usize, end: usize, joiners: &[u8]) -> bool {
    let bytes = text.as_bytes();
    let word = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric());
    let joined_before = || start >= 2 && joiners.contains(&bytes[start - 1]) && word(start - 2);
    let joined_after = || bytes.get(end).is_some_and(|byte| joiners.contains(byte)) && word(end + 1);
    let touches_before = start >= 1 && is_word(before(text, start));
    let touches_after = end < bytes.len() && is_word(after(text, end));
    !(touches_before || touches_after || joined_before() || joined_after())
}

/// Scripts that are written without spaces end a word of ASCII just as a space does.
fn is_word(character: Option<char>) -> bool {
    character.is_some_and(|character| character.is_alphanumeric() && character < '\u{2e80}')
}

/// Words that say what stands shortly after them, searched for only when somebody asks.
///
/// A long text mostly has few numbers, so only what lies before each is read; where they are many, the whole is, once.
pub(super) struct Said<'t> {
    text: &'t str,
    words: &'static Regex,
    /// Whether a longer word that ends with one of them says the same.
    compounds: bool,
    /// How much was read before single numbers, in bytes.
    read: Cell<usize>,
    /// Where somebody asked last, and where the last of the words before it ends.
    last: Cell<Option<(usize, Option<usize>)>>,
    /// Where each of them ends, once the whole was read.
    ends: OnceCell<Vec<usize>>,
}

impl<'t> Said<'t> {
    /// `words` is made by [`words`].
    pub(super) fn new(text: &'t str, words: &'static Regex) -> Self {
        Self { text, words, compounds: false, read: Cell::new(0), last: Cell::new(None), ends: OnceCell::new() }
    }

    /// The same for words that are also the last part of longer ones.
    pub(super) fn in_compounds(text: &'t str, words: &'static Regex) -> Self {
        Self { compounds: true, ..Self::new(text, words) }
    }

    /// Whether one of the words stands shortly before `at`, on the same line.
    pub(super) fn before(&self, at: usize) -> bool {
        self.gap(at).is_some_and(|gap| !gap.contains('\n'))
    }

    /// The same, and no digit stands between: another number would have taken the word for itself.
    pub(super) fn right_before(&self, at: usize) -> bool {
        self.gap(at).is_some_and(|gap| {
            // The digits of the word's own name are no number: `phone_e164`.
            let is_of_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
            let gap = if gap.starts_with('_') { gap.trim_start_matches(is_of_name) } else { gap };
            !gap.bytes().any(|byte| byte == b'\n' || byte.is_ascii_digit())
        })
    }

    /// The same, and nothing stands between but marks and words that link a name to its number (`no.`, `is`, `="`).
    pub(super) fn touches(&self, at: usize) -> bool {
        self.right_before(at)
            && self.gap(at).is_some_and(|gap| {
                !gap.contains([',', ';', '|', '&', '?'])
                    && gap
                        .split(|character: char| !character.is_alphanumeric())
                        .all(|word| word.is_empty() || LINKS.contains(&word.to_lowercase().as_str()))
            })
    }

    /// What lies between the last of the words and `at`.
    fn gap(&self, at: usize) -> Option<&'t str> {
        let end = match self.last.get() {
            Some((asked, end)) if asked == at => end,
            _ => self.last_end(at),
        };
        self.last.set(Some((at, end)));
        end.filter(|end| at - end <= LOOK_BACK_BYTES).map(|end| &self.text[end..at])
    }

    /// Where the last of the words ends, if that may be near.
    fn last_end(&self, at: usize) -> Option<usize> {
        if self.ends.get().is_none() {
            let (from, to) = self.surroundings(at);
            self.read.set(self.read.get() + (to - from));
            if self.read.get() < self.text.len() / READ_APART {
                return self.ends_within(from, to).take_while(|end| *end <= at).last();
            }
        }
        let ends = self.ends.get_or_init(|| self.ends_within(0, self.text.len()).collect());
        ends[..ends.partition_point(|end| *end <= at)].last().copied()
    }

    /// What has to be read to find the words that end shortly before `at` as a search through the whole finds them: whole words, since a
    /// stem takes what follows it.
    fn surroundings(&self, at: usize) -> (usize, usize) {
        let text = self.text;
        let from = text.floor_char_boundary(at.saturating_sub(LOOK_BACK_BYTES + MARGIN_BYTES));
        let run = text[..from].chars().rev().take_while(|character| character.is_alphabetic());
        let from = from - run.map(char::len_utf8).sum::<usize>();
        (from, text.ceil_char_boundary(at + MARGIN_BYTES))
    }

    /// Where each of the words ends that a search finds which begins and ends there.
    fn ends_within(&self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let opens = |start| self.compounds || !is_word(before(self.text, start));
        let stands_alone = move |start, end| opens(start) && !is_word(after(self.text, end));
        let mut at = from;
        let found = std::iter::from_fn(move || {
            let word = self.words.find_at(&self.text[..to], at)?;
            // `message me` of `message message me`: where its last word is a longer one, another may begin with that.
            at = match word.as_str().rfind(' ') {
                Some(blank) if is_word(after(self.text, word.end())) => word.start() + blank + 1,
                _ => word.end(),
            };
            Some(word)
        });
        found.filter(move |word| stands_alone(word.start(), word.end())).map(|word| word.end())
    }
}

/// One search for any of the words, in any case; of two that begin alike the longer is found.
pub(super) fn words(words: &[&str]) -> Regex {
    Regex::new(&format!("(?i)(?:{})", any_of(words))).expect("made of words")
}

/// One search for words that begin with any of these, to where each ends.
pub(super) fn stems(stems: &[&str]) -> Regex {
    Regex::new(&format!(r"(?i)(?:{})\p{{L}}*", any_of(stems))).expect("made of words")
}

/// The words as alternatives of a pattern, the longest first.
pub(super) fn any_of(words: &[&str]) -> String {
    debug_assert!(
        words.iter().all(|word| word.len() < MARGIN_BYTES),
        "no word is longer than what is read around a number"
    );
    let mut words: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.join("|")
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static OVERLAPPING: LazyLock<Regex> =
        LazyLock::new(|| words(&["card number", "number", "no", "telefon no", "tel", "dial di"]));
    static FROM_LINE: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?im)(?:dial|^(?:number))").expect("a pattern"));
    static STEM: LazyLock<Regex> = LazyLock::new(|| stems(&["tele", "тел"]));

    /// Words, what looks like them, numbers, and what lies between.
    fn long_texts() -> impl Strategy<Value = String> {
        let fragment = prop_oneof![
            4 => proptest::sample::select(&["card ", "number ", "no ", "telefon ", "tel: ", "dial ", "di ", "TELE", "тел", "\n", "4711 ", "0"]).prop_map(str::to_owned),
            1 => "[a-zé]{1,90}",
            1 => "[ .,]{1,90}",
        ];
        proptest::collection::vec(fragment, 1..40).prop_map(|fragments| fragments.concat())
    }

    proptest! {
        #[test]
        fn what_is_read_before_a_number_tells_what_the_whole_tells(text in long_texts(), filler in 0..4_000_usize) {
            // Long enough for none of it to be read as a whole.
            let text = format!("{text}{}", " ".repeat(filler));
            for words in [&OVERLAPPING, &FROM_LINE, &STEM] {
                for compounds in [false, true] {
                    let near = Said { compounds, ..Said::new(&text, words) };
                    let whole = Said { compounds, read: Cell::new(text.len()), ..Said::new(&text, words) };
                    let numbers = text.char_indices().filter(|(_, character)| character.is_ascii_digit());
                    for (at, _) in numbers {
                        prop_assert_eq!(near.gap(at), whole.gap(at), "at {} of {:?}", at, &text);
                    }
                }
            }
        }
    }

    #[test]
    fn few_numbers_in_a_long_text_do_not_have_it_read() {
        let text = format!("{} ssn 078 {}", "word ".repeat(2_000), "word ".repeat(2_000));
        let at = text.find('0').expect("a number");
        static SSN: LazyLock<Regex> = LazyLock::new(|| words(&["ssn"]));
        let said = Said::new(&text, &SSN);
        assert!(said.touches(at) && said.ends.get().is_none() && said.read.get() < 300);
    }

    #[test]
    fn a_part_of_something_longer_does_not_stand_alone() {
        assert!(stands_alone("a 123 b", 2, 5, b"-"));
        assert!(stands_alone("(123).", 1, 4, b"-."));
        assert!(!stands_alone("a123", 1, 4, b"-"));
        assert!(!stands_alone("a-123", 2, 5, b"-"));
        assert!(!stands_alone("é123", 2, 5, b"-"));
        assert!(!stands_alone("123.5", 0, 3, b"."));
    }

    #[test]
    fn words_before_say_what_follows() {
        static SSN: LazyLock<Regex> = LazyLock::new(|| words(&["ssn", "ssns"]));
        let said = |text, at| Said::new(text, &SSN).before(at);
        assert!(said("My SSN: 123", 8));
        assert!(said("ssns 123", 5));
        assert!(!said("lessness 123", 9));
        assert!(!said("ssn\n123", 4));
        assert!(!said("123 ssn", 0));
        assert!(said("ssn 1 2", 6) && !Said::new("ssn 1 2", &SSN).right_before(6));
    }

    #[test]
    fn words_that_begin_inside_of_others_are_found_wherever_reading_begins() {
        static DIAL: LazyLock<Regex> = LazyLock::new(|| words(&["message me"]));
        for before in 0..30 {
            let text = format!("{}me at 4711{}", "message ".repeat(before + 1), " ".repeat(900));
            assert!(Said::new(&text, &DIAL).right_before(text.find('4').expect("a number")), "{text:?}");
        }
    }

    #[test]
    fn a_word_touches_what_only_marks_and_links_part_from_it() {
        static SSN: LazyLock<Regex> = LazyLock::new(|| words(&["ssn"]));
        let touches = |text: &str| Said::new(text, &SSN).touches(text.len());
        assert!(touches("SSN: ") && touches("ssn no. is \"") && touches("<ssn>"));
        assert!(!touches("ssn of our host ") && !touches("ssn, ") && !touches("myssn "));
        assert!(Said::in_compounds("myssn ", &SSN).touches(6));
    }
}
