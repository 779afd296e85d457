//! The forms of text that the schema's patterns ask for, told without a pattern.

use crate::Timestamp;

/// A form of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Uuid,
    UuidV7,
    Moment,
    Signature,
}

impl Form {
    const ALL: [Form; 4] = [Form::Uuid, Form::UuidV7, Form::Moment, Form::Signature];

    /// The pattern that asks for it in the schema.
    const fn pattern(self) -> &'static str {
        match self {
            Form::Uuid => "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
            Form::UuidV7 => "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$",
            Form::Moment => {
                "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)\
                 (\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
            }
            Form::Signature => "^[0-9a-f]{64}$",
        }
    }

    /// The form of that pattern, if it is one of these.
    pub(super) fn of_pattern(pattern: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.pattern() == pattern)
    }

    /// Whether a text certainly has this form. A moment is a real one, too.
    pub(super) fn is_of(self, text: &str) -> bool {
        match self {
            Form::Uuid => is_uuid(text),
            Form::UuidV7 => {
                let at = |at: usize| text.as_bytes().get(at);
                is_uuid(text)
                    && at(14) == Some(&b'7')
                    && matches!(at(19), Some(b'8' | b'9' | b'a' | b'b' | b'A' | b'B'))
            }
            Form::Moment => Timestamp::parse_plain(text).is_some(),
            Form::Signature => text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        }
    }
}

/// Of 36 bytes the library takes this one form.
fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(all(test, feature = "redact"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(form: Form, text: &str) -> Result<(), TestCaseError> {
        let pattern = regex::Regex::new(form.pattern()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(!form.is_of(text) || pattern.is_match(text), "{:?} {}", form, text);
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_it_takes_matches_the_pattern(
            uuid in "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-f][0-9a-fA-F]{3}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
            moment in "[0-9]{4}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,10})?([Zz]|[+-][0-2][0-9]:[0-6][0-9])?",
            hex in "[0-9a-f]{63,65}",
            at in 0_usize..70,
            other in any::<char>(),
        ) {
            for form in Form::ALL {
                for text in [&uuid, &moment, &hex] {
                    check(form, text)?;
                    let mut changed: Vec<char> = text.chars().collect();
                    if let Some(character) = changed.get_mut(at) {
                        *character = other;
                    }
                    check(form, &String::from_iter(changed))?;
                }
            }
        }

        #[test]
        fn takes_what_is_mostly_sent(
            uuid in "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}",
            moment in "20[0-9]{2}-(0[1-9]|1[0-2])-([01][1-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])",
            hex in "[0-9a-f]{64}",
        ) {
            prop_assert!(Form::Uuid.is_of(&uuid) && Form::UuidV7.is_of(&uuid));
            prop_assert!(Form::Moment.is_of(&moment), "{}", moment);
            prop_assert!(Form::Signature.is_of(&hex));
        }
    }
}
