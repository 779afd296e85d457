//! Redaction on texts made by rules: the goals, and that the documentation tells what is measured.
#![allow(clippy::unwrap_used)]

#[path = "../examples/redaction_score/corpus/mod.rs"]
mod corpus;
#[path = "../examples/redaction_score/score.rs"]
mod score;

use aibbar::Kind;

#[test]
fn the_goals_are_met_and_the_documentation_tells_the_score() {
    let board = score::score(corpus::cases());
    for (kind, floor) in [
        (Kind::Email, 0.98),
        (Kind::IpAddress, 0.98),
        (Kind::Ssn, 0.98),
        (Kind::Iban, 0.98),
        (Kind::CreditCard, 0.98),
        (Kind::Phone, 0.9),
        (Kind::Secret, 0.98),
    ] {
        let (precision, recall) = board.shares(kind);
        assert!(precision >= floor && recall >= floor, "{kind:?}: {precision:.3}, {recall:.3}: {:#?}", board.misses);
    }
    let (plain, hit) = board.plain;
    assert!(plain > 1000 && hit * 50 <= plain, "{hit} of {plain}: {:#?}", board.misses);

    let told = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/redaction.md")).unwrap();
    assert!(told.contains(&board.table()), "docs/redaction.md tells another score than\n{}", board.table());
}
