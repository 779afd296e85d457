//! Characters that read like plain ones: full-width forms, the digits of other scripts, spaces and dashes of all widths, and
//! characters that are not seen at all.

/// What a character is in plain writing.
pub(super) enum Folded {
    /// This one.
    Into(char),
    /// Nothing: it has no width.
    Away,
}

/// The first digits of scripts that write numbers with digits of their own, each followed by its other nine.
const ZEROS: [char; 14] = [
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{e50}',
    '\u{1d7ce}',
];

/// The plain form, when there is another.
pub(super) fn fold(character: char) -> Option<Folded> {
    let plain = match character {
        // Not the full-width commas and colons, which every sentence of Chinese has: who needs them knows them.
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '＠' | '．' | '－' | '＋' | '＿' | '／' => {
            char::from_u32(u32::from(character) - 0xff01 + 0x21)?
        }
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe63}' | '\u{fe58}' => '-',
        '\u{fe6b}' => '@',
        // What becomes a plain letter in upper or lower case.
        'ſ' => 's',
        '\u{212a}' => 'k',
        '\u{fe52}' | '\u{2024}' => '.',
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{180e}' => return Some(Folded::Away),
        _ => digit(character)?,
    };
    Some(Folded::Into(plain))
}

fn digit(character: char) -> Option<char> {
    let zero = ZEROS
        .iter()
        .find(|zero| (**zero..=char::from_u32(u32::from(**zero) + 9).unwrap_or(**zero)).contains(&character))?;
    char::from_digit(u32::from(character) - u32::from(*zero), 10)
}
