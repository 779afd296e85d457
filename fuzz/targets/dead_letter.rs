//! Dead letters: whatever bytes the topic holds are an entry or none, and what can't be stored becomes a letter that can
//! be read again.
#![no_main]

use aibbar::{
    RuleSet, Timestamp,
    dead_letter::{Content, DeadLetter, Entry, Place, Reason, Source},
};
use libfuzzer_sys::fuzz_target;

fn seeds() -> Vec<Vec<u8>> {
    let letters = gapin_fuzz::records().into_iter().map(|record| letter(Reason::RefusedByStore, &record).encode().into());
    letters.chain(gapin_fuzz::records()).collect()
}

fn letter(reason: Reason, payload: &[u8]) -> DeadLetter {
    let source =
        Source { topic: "aibbar.events".to_owned(), place: Place { partition: 3, offset: 41 }, carried_at: None };
    DeadLetter::new(reason, "the store refuses it", source, Timestamp::from_unix_ms(1_772_357_402_000), None, payload)
}

fuzz_target!(init: gapin_fuzz::write_seeds(seeds), |bytes: &[u8]| {
    if let Ok(Entry::Letter(read)) = Entry::decode(bytes, None) {
        let again = Entry::decode(read.encode().as_bytes(), None).expect("a letter that was written can be read");
        assert_eq!(again, Entry::Letter(read), "and says the same");
    }
    for reason in Reason::ALL {
        let made = letter(reason, bytes);
        if let Content::Text(text) = &made.content {
            assert!(!RuleSet::default().finds_in(text), "text that is no record of ours is redacted");
        }
        let read = Entry::decode(made.encode().as_bytes(), made.head.org_id).expect("a letter that was made can be read");
        assert_eq!(read, Entry::Letter(made));
    }
});
