//! The shapes in which national telephone numbers are written, and what is written alike: dates, counts, sizes.

use std::ops::Deref;

use super::phone::Context;
use super::phone_written::{GROUPS_MAX, Group};

/// `(415) 555-2671`, `415-555-2671`, `1-800-555-0199`; with blanks only, where no list of round numbers looks so.
pub(super) fn is_north_american(
    digits: &str,
    groups: &[Group],
    context: Context,
    ends_list: impl FnOnce() -> bool,
) -> bool {
    let (national, groups) = match digits.strip_prefix('1') {
        Some(national) if groups[0].digits == 1 => (national, &groups[1..]),
        _ => (digits, groups),
    };
    let mut sizes = sizes(groups);
    sizes.of[0] = sizes.of[0].saturating_sub(digits.len() - national.len());
    let bracketed = groups.first().is_some_and(|group| group.bracketed);
    let marked = groups.iter().skip(1).all(|group| group.mark != ' ');
    is_in_north_america(national)
        && (*sizes == [3, 3, 4] || *sizes == [3, 7] && bracketed)
        && (bracketed || !context.other && (marked || context.called || !is_round(national) && ends_list()))
}

/// Ten digits of an area and an exchange that there may be.
fn is_in_north_america(national: &str) -> bool {
    let bytes = national.as_bytes();
    bytes.len() == 10 && bytes[0] >= b'2' && bytes[3] >= b'2' && !national[1..].starts_with("11")
}

/// `256 512 1024`, `640 480 2000`: sizes and counts are round, each of them.
fn is_round(national: &str) -> bool {
    let round = |number: &str| number.parse::<u32>().is_ok_and(|number| [8, 10, 25].iter().any(|by| number % by == 0));
    round(&national[..3]) && round(&national[3..6]) && round(&national[6..])
}

/// One group, behind words that ask to call it: of North America, with a trunk zero, of any country's plan, or nine digits as
/// mobiles have in half of Europe.
pub(super) fn is_asked_for(digits: &str, in_plan: bool) -> bool {
    let national = digits.strip_prefix('1').filter(|national| national.len() == 10).unwrap_or(digits);
    let trunk = digits.starts_with('0') && !digits.starts_with("00") && (9..=12).contains(&digits.len());
    let mobile = digits.len() == 9 && matches!(digits.as_bytes()[0], b'6' | b'7' | b'9');
    is_in_north_america(national) || trunk || mobile || digits.len() >= 11 && in_plan
}

/// `020 7946 0958`, `(030) 123456`, `06 12 34 56 78`: begins with the trunk zero.
pub(super) fn is_national(digits: &str, groups: &[Group], context: Context) -> bool {
    let sizes = sizes(groups);
    let trunk = digits.starts_with('0') && !digits.starts_with("00") && (2..=6).contains(&sizes[0]);
    // In this shape social security numbers are written, also those that are nobody's.
    if !trunk
        || context.other && !groups[0].bracketed
        || is_counted(digits, &sizes)
        || *sizes == [3, 2, 4]
        || is_date(digits, groups)
        || !(9..=12).contains(&digits.len())
    {
        return false;
    }
    // The area may be marked off in its own way: `070-123 45 67`.
    let same_mark = groups[2..].iter().all(|group| group.mark == groups[2].mark) || groups[0].bracketed;
    let pairs = sizes.len() == 5 && sizes.iter().all(|size| *size == 2);
    let blocks = sizes.len() <= 4
        && sizes[1..].iter().all(|size| *size >= 2)
        && sizes[0] >= 2
        && (digits.len() >= 10 || groups[0].bracketed || sizes[0] <= 3 && sizes.last().is_some_and(|last| *last >= 3))
        && sizes.iter().any(|size| *size >= 3);
    same_mark
        && (pairs
            || blocks && (sizes[0] >= 3 || sizes[1..].iter().all(|size| *size >= 3) || groups[0].bracketed)
            || context.called && sizes[0] <= 3)
}

/// `01 02 03 04 05`: pairs, each one more than the one before.
fn is_counted(digits: &str, sizes: &[usize]) -> bool {
    let pair =
        |at: usize| digits.as_bytes()[at..at + 2].iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    sizes.iter().all(|size| *size == 2) && (2..digits.len()).step_by(2).all(|at| pair(at) == pair(at - 2) + 1)
}

/// `(11) 91234-5678`, `(55) 1234 5678`, `8 (495) 123-45-67`: an area in brackets, and its number in groups.
pub(super) fn is_bracketed(digits: &str, groups: &[Group]) -> bool {
    let Some(area) = groups.iter().position(|group| group.bracketed).filter(|area| *area <= 1) else { return false };
    let sizes = sizes(groups);
    let trunk = area == 0 || matches!(&digits[..sizes[0]], "0" | "7" | "8");
    let year = sizes[area] == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    trunk
        && !year
        && (2..=5).contains(&sizes[area])
        && (10..=12).contains(&digits.len())
        && sizes[area + 1..].iter().all(|size| *size >= 2)
}

/// `8 800 555-35-35` of Russia, `138 0013 8000` of China, `11 98765-4321` of Brazil; `98765 43210` of India, when somebody calls it a number.
pub(super) fn is_long_mobile(digits: &str, groups: &[Group], context: Context) -> bool {
    let sizes = sizes(groups);
    let bytes = digits.as_bytes();
    (*sizes == [1, 3, 3, 2, 2] || *sizes == [1, 3, 3, 4] && digits.starts_with("8800"))
        && matches!(bytes[0], b'7' | b'8')
        || *sizes == [3, 4, 4] && bytes[0] == b'1' && bytes[1] >= b'3'
        || *sizes == [2, 5, 4]
            && bytes[0] != b'0'
            && bytes[1] != b'0'
            && bytes[2] == b'9'
            && groups[1].mark == ' '
            && groups[2].mark == '-'
        || *sizes == [5, 5] && bytes[0] >= b'6' && context.called
}

/// Any groups that are no date and no amount, behind a word that asks to call them.
pub(super) fn is_dialled(digits: &str, groups: &[Group]) -> bool {
    let sizes = sizes(groups);
    let thousands = sizes[1..].iter().all(|size| *size == 3) && digits.ends_with("000");
    (7..=13).contains(&digits.len()) && sizes.iter().all(|size| *size >= 2) && !is_date(digits, groups) && !thousands
}

/// `01-02-2024`, `2024-05-15`, `20240515`
pub(super) fn is_date(digits: &str, groups: &[Group]) -> bool {
    let sizes = sizes(groups);
    let year = |year: &str| year.starts_with("19") || year.starts_with("20");
    match *sizes {
        [4, 2, 2, ..] => year(digits),
        [1 | 2, 1 | 2, 4, ..] => year(&digits[sizes[0] + sizes[1]..]),
        [2, 2, 2] => true,
        [8] => year(digits) && &digits[4..6] <= "12" && &digits[6..] <= "31",
        _ => false,
    }
}

/// How many digits each group has.
struct Sizes {
    of: [usize; GROUPS_MAX],
    groups: usize,
}

impl Deref for Sizes {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        &self.of[..self.groups]
    }
}

fn sizes(groups: &[Group]) -> Sizes {
    let mut sizes = Sizes { of: [0; GROUPS_MAX], groups: groups.len() };
    let mut before = 0;
    for (size, group) in sizes.of.iter_mut().zip(groups) {
        *size = group.digits - before;
        before = group.digits;
    }
    sizes
}
