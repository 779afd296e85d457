//! What a text may hold, told by one pass over it: which recognisers have anything to look for.
//!
//! Most strings of an event are short, and hold nothing: to start a dozen searches on each costs fifty times what it costs to
//! read it. So every literal that a recogniser cannot do without is known here by one piece of three bytes, the rarest that it
//! has. A table with a place for each such piece tells whether any of them stands in a text: three bytes make an index, and
//! what stands there says whose piece it is. Letters count the same in both cases. Where two pieces share a place, or only a piece of
//! a word is there, a recogniser looks in vain; what it has to find is never passed by. The twin without hints ([`Hints::ALL`])
//! is the oracle of the tests.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::providers::PROVIDERS;
use super::{announced, command, name, stem};

/// How many bytes a piece has.
const PIECE_BYTES: usize = 3;
/// A place for each piece, five bits each; and as many again for those that end with a byte beyond ASCII.
pub(super) const PLACES: usize = 1 << 16;
/// What pieces of ASCII have of a place.
const ASCII_PLACES: u32 = (1 << 15) - 1;
/// Set in the mark of a byte beyond ASCII.
const BEYOND_ASCII: u32 = 1 << 15;

/// Who has something to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hints(u8);

impl Hints {
    /// Stems of names in text, and words such as `Bearer`.
    pub(super) const STEM: Self = Self(1);
    /// Parts of names that may mean something.
    pub(super) const NAME: Self = Self(1 << 1);
    /// Headers of cookies.
    pub(super) const COOKIE: Self = Self(1 << 2);
    /// Commands that are given passwords.
    pub(super) const COMMAND: Self = Self(1 << 3);
    /// Words of a language that announce a password.
    pub(super) const ANNOUNCED: Self = Self(1 << 4);
    /// Whole keys: PEM, PuTTY, JSON and XML.
    pub(super) const KEY: Self = Self(1 << 5);
    /// Everything: what hints are measured by.
    #[cfg(test)]
    pub(super) const ALL: Self = Self(u8::MAX);

    /// These and those.
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of these is among them.
    pub(super) const fn has(self, any_of: Self) -> bool {
        self.0 & any_of.0 != 0
    }
}

/// What one pass over a text tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) hints: Hints,
    classes: u16,
}

impl Seen {
    /// Reads the text once.
    pub(super) fn of(text: &str) -> Self {
        let table = &**TABLE;
        let (mut place, mut hints, mut marks) = (0_u32, 0_u8, 0_u32);
        for byte in text.bytes() {
            let mark = MARKS[usize::from(byte)];
            marks |= mark;
            place = (place << 5) ^ mark;
            hints |= table[index(place, mark)];
        }
        // A word may end with the text.
        hints |= table[index((place << 5) ^ BLANK, BLANK)];
        Self { hints: Hints(hints), classes: (marks >> 16) as u16 }
    }

    /// Whether a name may mean something: read as if it were one word, since two of its words may make the name of a service.
    pub(super) fn in_name(name: &str) -> bool {
        let table = &**TABLE;
        let (mut place, mut hints) = (0_u32, 0_u8);
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() {
                let mark = MARKS[usize::from(byte)];
                place = (place << 5) ^ mark;
                hints |= table[index(place, mark)];
            } else if !byte.is_ascii() {
                return true;
            }
        }
        Hints(hints | table[index((place << 5) ^ BLANK, BLANK)]).has(Hints::NAME)
    }

    /// Looks for everything.
    #[cfg(test)]
    pub(super) fn everything() -> Self {
        Self { hints: Hints::ALL, classes: u16::MAX }
    }

    /// Whether there is a byte of one of these classes.
    pub(super) const fn has(self, classes: u16) -> bool {
        self.classes & classes != 0
    }
}

/// Looks for pieces in a text, from a place on.
pub(super) struct PieceSearch<'t> {
    bytes: &'t [u8],
    /// What is read next; one more than there are bytes, since a word may end with the text.
    at: usize,
    rolling: u32,
    hint: Hints,
}

impl<'t> PieceSearch<'t> {
    pub(super) fn new(text: &'t str, from: usize, hint: Hints) -> Self {
        let bytes = text.as_bytes();
        // The first bytes make no whole piece yet.
        let at = bytes.len().min(from + PIECE_BYTES - 1);
        let rolling = bytes[from..at].iter().fold(0, |rolling, byte| (rolling << 5) ^ MARKS[usize::from(*byte)]);
        Self { bytes, at, rolling, hint }
    }
}

/// Where a piece begins that hints at what is looked for, and its place in the table: each that there is, and now and then
/// another.
impl Iterator for PieceSearch<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let table = &**TABLE;
        while let Some(byte) = self.bytes.get(self.at) {
            let mark = MARKS[usize::from(*byte)];
            self.rolling = (self.rolling << 5) ^ mark;
            self.at += 1;
            let place = index(self.rolling, mark);
            if Hints(table[place]).has(self.hint) {
                return Some((self.at - PIECE_BYTES, place));
            }
        }
        let place = index(self.rolling << 5 ^ BLANK, BLANK);
        let is_last = self.at == self.bytes.len() && self.at + 1 >= PIECE_BYTES;
        self.at = self.bytes.len() + 1;
        (is_last && Hints(table[place]).has(self.hint)).then(|| (self.bytes.len() + 1 - PIECE_BYTES, place))
    }
}

/// `0` to `9`
pub(super) const DIGIT: u16 = 1;
/// `@`
pub(super) const AT_SIGN: u16 = 1 << 1;
/// `:`
pub(super) const COLON: u16 = 1 << 2;
/// `.`
pub(super) const DOT: u16 = 1 << 3;
/// `[`
pub(super) const BRACKET: u16 = 1 << 4;
/// What an escape begins with, or a character that has a plainer form.
pub(super) const ESCAPE: u16 = 1 << 5;
/// Any byte that is not ASCII.
pub(super) const NOT_ASCII: u16 = 1 << 6;

/// The first byte of an escape, or of a character that has a plainer form. Most of them begin above the accented
/// letters of Latin, and most text has none.
pub(super) const fn may_begin_escape(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\' | b'&' | 0xc2 | 0xc5 | 0xd9 | 0xdb | 0xdf..)
}

/// Where in the table the piece stands that ends with the byte of this mark.
const fn index(place: u32, mark: u32) -> usize {
    ((place & ASCII_PLACES) | (mark & BEYOND_ASCII)) as usize
}

/// The mark of a blank.
const BLANK: u32 = 0;

/// For each byte: its bits of a place, and above them its classes. A letter has five bits that are its alone, so that no two pieces of
/// letters share a place; digits share theirs, and so do marks. What is beyond ASCII is scattered.
static MARKS: [u32; 256] = {
    let mut marks = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let this = byte as u8;
        let letter = this.to_ascii_lowercase();
        let place = match letter {
            b'a'..=b'z' => (letter - b'a' + 1) as u32,
            b'0'..=b'9' => 27,
            b'_' => 28,
            b'-' => 29,
            b':' => 30,
            0..=b' ' => BLANK,
            b'!'..=0x7f => 31,
            // Odd, and large against the places: neighbours lie far apart.
            _ => (byte as u32).wrapping_mul(0x9e37_79b1) >> 17 | BEYOND_ASCII,
        };
        let mut classes = 0;
        if this.is_ascii_digit() {
            classes |= DIGIT;
        }
        if this == b'@' {
            classes |= AT_SIGN;
        }
        if this == b':' {
            classes |= COLON;
        }
        if this == b'.' {
            classes |= DOT;
        }
        if this == b'[' {
            classes |= BRACKET;
        }
        if may_begin_escape(this) {
            classes |= ESCAPE;
        }
        if !this.is_ascii() {
            classes |= NOT_ASCII;
        }
        marks[byte] = place | (classes as u32) << 16;
        byte += 1;
    }
    marks
};

static TABLE: LazyLock<Box<[u8; PLACES]>> = LazyLock::new(|| {
    let mut table = Box::new([0; PLACES]);
    let mut add = |places: Vec<usize>, hint: Hints| places.into_iter().for_each(|place| table[place] |= hint.0);
    add(stem::places().collect(), Hints::STEM);
    for provider in PROVIDERS {
        add(Pieces::of(provider).places, Hints::NAME);
    }
    for noun in name::nouns().filter(|noun| noun.is_ascii()) {
        let pieces = match noun.as_bytes() {
            [a, b] => (0..=u8::MAX).map(|next| place_of(&[*a, *b, next])).collect(),
            _ => Pieces::of(noun).places,
        };
        add(pieces, Hints::NAME);
    }
    for command in command::COMMANDS {
        add(Pieces::of_end(command.name).places, Hints::COMMAND);
    }
    add(Pieces::of("cookie").places, Hints::COOKIE);
    announced::WORDS.iter().for_each(|word| add(Pieces::of(word).places, Hints::ANNOUNCED));
    for mark in ["-----BEGIN ", "Private-Lines:", "\"kty\"", "<RSAKeyValue>"] {
        add(Pieces::of(mark).places, Hints::KEY);
    }
    table
});

/// The piece of a literal that is looked for, in each form that it may have.
pub(super) struct Pieces {
    pub(super) places: Vec<usize>,
    /// So many bytes of the literal come before it.
    pub(super) before: usize,
}

impl Pieces {
    /// The rarest piece of a literal of ASCII.
    pub(super) fn of(literal: &str) -> Self {
        let pieces = literal.as_bytes().windows(PIECE_BYTES).enumerate();
        let (before, rarest) =
            pieces.min_by_key(|(_, piece)| commonness(piece)).expect("a literal has as many bytes as a piece");
        Self { places: vec![place_of(rarest)], before }
    }

    /// The same of what ends a word, which may have two bytes only.
    pub(super) fn of_end(end: &str) -> Self {
        let [a, b] = *end.as_bytes() else { return Self::of(end) };
        let closes = (0..=u8::MAX).filter(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
        Self { places: closes.map(|next| place_of(&[a, b, next])).collect(), before: 0 }
    }

    /// Of a word with letters that are not of ASCII, whose cases have different bytes: two of its characters, the second of
    /// them beyond ASCII where there are such two.
    pub(super) fn of_written(word: &str) -> Self {
        // Two letters beyond ASCII count as the case of one in it.
        let other = |character: char| match character {
            's' => Some('ſ'),
            'k' => Some('\u{212a}'),
            _ => None,
        };
        let cases = |character: char| character.to_lowercase().chain(character.to_uppercase()).chain(other(character));
        let characters: Vec<(usize, char)> = word.char_indices().collect();
        let mut pairs = characters.windows(2);
        let pair = pairs.clone().find(|pair| !pair[1].1.is_ascii()).or_else(|| pairs.next());
        let [(before, first), (_, second)] = *pair.expect("a word has two characters") else { unreachable!() };
        let both = cases(first).flat_map(|first| cases(second).map(move |second| String::from_iter([first, second])));
        Self { places: both.map(|both| place_of(&both.as_bytes()[..PIECE_BYTES])).collect(), before }
    }
}

/// Where in the table a piece stands.
fn place_of(piece: &[u8]) -> usize {
    let marks = piece.iter().map(|byte| MARKS[usize::from(*byte)]);
    let (place, mark) = marks.fold((0, 0), |(place, _), mark| ((place << 5) ^ mark, mark));
    index(place, mark)
}

/// How often a piece stands in text: the place in the list of the common ones from its end, and else the product of what its letters
/// make of a thousand.
fn commonness(piece: &[u8]) -> u64 {
    const OF_A_THOUSAND: [u64; 26] =
        [82, 15, 28, 43, 127, 22, 20, 61, 70, 2, 8, 40, 24, 67, 75, 19, 1, 60, 63, 91, 28, 10, 24, 2, 20, 1];
    const OTHERS: u64 = 10;
    let piece = piece.to_ascii_lowercase();
    COMMON_PLACES.get(piece.as_slice()).map_or_else(
        || {
            let of = |byte: &u8| match byte {
                b'a'..=b'z' => OF_A_THOUSAND[usize::from(byte - b'a')],
                _ => OTHERS,
            };
            piece.iter().map(of).product()
        },
        |place| u64::MAX - place,
    )
}

static COMMON_PLACES: LazyLock<HashMap<&[u8], u64>> =
    LazyLock::new(|| COMMON.split(' ').map(str::as_bytes).zip(0..).collect());

/// Pieces that English and the members of events are full of, the most frequent first.
const COMMON: &str = "the and ing ion tio ent ati for her ter hat tha ere ate his con res ver all ons nce men ith ted ers pro thi wit are \
    ess not ive was ect rea com eve per int est sta cti ica ist ear ain one our iti rat nte use ser ous ell ill ort pre \
    out ame you ble sse ass ead cal omp nal igh lin ind ide ure fro rom ost ine der unt age hin ode mod ods pas pos act \
    art ask tur ret fun unc nct inp npu put utp tpu sea arc rch fli gen nts spo pon nse des lis tes mes sag rol ole cus \
    sto tom ome nam val alu lue ype typ ata dat tat atu tus ord rde num umb mbe ber ema mai ail pho hon onl nly lat len \
    ong ang acc cco cou oun ces pla lan ace par ric ice tri ral cha han nge tim ime ose los oth don ned ved red ded led \
    sed und nde ite ike kin new now how who why see too can may any som thr ugh oul uld wou sho hav ave has had did get \
    set let she him its off ove oug ght rou ook las cel eed abl lab rip hod pay aym bin son dob pri wil ife rli fur mpl \
    lai oki ifi api min riv fac urc app ppl air nee pol lic upd ful day man hum tak ken cre cur rre orm ify mov gra bas \
    cla adu cab ech tec ngs eat kno cit eci ili toc tok efo ade mad rai ack dic gue rob eam mat ven gap pin wha eco way \
    key ore gat ewa rec tew cor whe que tor ake ans old ery org sec ani end sig log wer hen nds lie sen ach own ays nis \
    ign gan sat rga isa top onc max cli wor ait ste tho wai opi swe nsw eys hol ien pic eac ses ool dev ume whi tch ond \
    lon che oke str ues ten poo atc pen tte ref bod sts ile rds equ byt yte sam hem sum kes ett nin ope nti ody aga gai \
    ies ast ssa req efu ges tra ept ext oes mor liv mak hou sio rso say urs kaf afk fka mer fus fte ult ins nsu mit tit \
    hos hey ves jso ics dis try aft ont add lea ecr dre bat ppe fil url ano ete aul roc oce sor nne hic ich row hes ueu \
    eue rti yth rit bef ssi vel ust fir sic dep epa iva lle yst ory elp llo ink ddi tly gme enc ncy pli nif vis bra eds";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_looked_for_is_hinted_at_in_every_case_and_surrounding() {
        let check = |word: &str, hint: Hints| {
            let title: String = word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
            for form in [word.to_owned(), word.to_uppercase(), title] {
                for text in [form.clone(), format!("a {form} b"), format!("x{form}\"")] {
                    assert!(Seen::of(&text).hints.has(hint), "{text}");
                }
            }
        };
        let stems = stem::STEMS.iter().chain(stem::WHOLE_WORDS).chain(stem::BEGINNINGS);
        stems.chain(stem::ENDS).chain(stem::WRITTEN_STEMS).for_each(|stem| check(stem, Hints::STEM));
        PROVIDERS.iter().filter(|name| stem::is_stem(name)).for_each(|name| check(name, Hints::STEM));
        for noun in PROVIDERS.iter().copied().chain(name::nouns()) {
            let two_words = (1..noun.len()).filter(|at| noun.is_char_boundary(*at));
            let two_words = two_words.map(|at| format!("my.{}-{}_2", &noun[..at], &noun[at..]));
            for name in
                two_words.chain([noun.to_owned(), noun.to_uppercase(), format!("the{noun}"), format!("{noun}.x")])
            {
                assert!(Seen::in_name(&name), "{name}");
            }
        }
        announced::WORDS.iter().for_each(|word| check(word, Hints::ANNOUNCED));
        check("cookie", Hints::COOKIE);
        for command in command::COMMANDS {
            assert!(Seen::of(&format!("{} -u x", command.name)).hints.has(Hints::COMMAND), "{}", command.name);
        }
        for mark in ["-----BEGIN RSA", "Private-Lines: 8", "{\"kty\":\"oct\"", "<RSAKeyValue>"] {
            assert!(Seen::of(mark).hints.has(Hints::KEY), "{mark}");
        }
    }

    #[test]
    fn usual_members_and_words_hint_at_little() {
        let usual = "function input output origin destination date flight departs arrives seats business latency_ms model decision \
            reservation query message metadata labels team stage There are two direct flights that morning.\nThe earlier one is cheaper; \
            shall I book it?";
        let words = || usual.split_whitespace();
        let hinted = words().filter(|word| Seen::of(word).hints.0 & !Hints::NAME.0 != 0 || Seen::in_name(word));
        assert!(hinted.count() * 10 <= words().count());
    }

    #[test]
    fn classes_tell_which_bytes_there_are() {
        let seen = Seen::of("a.b@c:1");
        assert!(seen.has(DIGIT) && seen.has(AT_SIGN) && seen.has(COLON) && seen.has(DOT));
        assert!(!seen.has(BRACKET | ESCAPE | NOT_ASCII));
        assert!(Seen::of("[é%").has(BRACKET) && Seen::of("é").has(NOT_ASCII) && Seen::of("%").has(ESCAPE));
    }
}
