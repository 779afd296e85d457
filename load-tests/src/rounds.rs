//! Rounds: the same again and again, and those thrown away in which the machine was not ours.

use crate::{
    load::{Load, NoRound},
    result::Round,
    scenario::Phase,
};

/// So many rounds of a scenario are thrown away at most, when nobody says otherwise; the next counts, and says that it was
/// disturbed.
pub const THROWN_AWAY_MAX: u32 = 3;

/// Rounds of a scenario's phases.
#[derive(Debug, Default)]
pub struct Rounds {
    /// Each phase of each round, in order.
    pub rounds: Vec<Round>,
    /// Rounds that do not count.
    pub thrown_away: u32,
}

/// Runs so many rounds of these phases, and throws away at most so many others; `base` is who sends, what and to whom.
/// `told` hears of each phase, and whether it counts.
pub fn run(
    base: &Load,
    phases: &[Phase],
    count: u32,
    thrown_away_max: u32,
    mut told: impl FnMut(&Round, bool),
) -> Result<Rounds, NoRound> {
    let mut rounds = Rounds::default();
    let mut done = 0;
    while done < count {
        let mut round = Vec::with_capacity(phases.len());
        for phase in phases {
            let capacity = round.first().map_or(0.0, |first: &Round| first.rate_per_s);
            let load = Load {
                pace: phase.pace(capacity),
                connections: phase.connections,
                batch: phase.batch,
                warm_up: phase.warm_up(),
                length: phase.length(),
                heeds_retry_after: phase.heeds_retry_after,
                readers: phase.readers,
                queries: phase.queries,
                ..base.clone()
            };
            round.push(Round { phase: phase.name.to_owned(), ..load.run()? });
        }
        let is_disturbed = round.iter().any(|phase| phase.disturbance.is_too_much);
        let counts = !is_disturbed || rounds.thrown_away >= thrown_away_max;
        round.iter().for_each(|phase| told(phase, counts));
        if counts {
            rounds.rounds.append(&mut round);
            done += 1;
        } else {
            rounds.thrown_away += 1;
        }
    }
    Ok(rounds)
}
