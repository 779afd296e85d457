//! A round as people read it.

use crate::result::{Latency, Round};

/// Some lines of text.
pub fn table(round: &Round) -> String {
    let mut lines = vec![head(round), counts(round), times("wanted → answered", &round.latency_us)];
    lines.push(times("sent → answered", &round.answer_us));
    if round.added_us.count > 0 {
        lines.push(times("… without the log", &round.added_us));
    }
    if let Some(live) = &round.live_us {
        lines.push(times("acknowledged → read", live));
        lines.push(format!("  {} deliveries to {} readers", round.deliveries, round.readers));
    }
    lines.extend(round.queries_us.iter().map(|(kind, took)| times(&format!("query {kind}"), took)));
    lines.push(format!("  {:<20} {:>10} {:>8} {:>10} {:>12}", "", "µs/event", "Q/event", "memory", "MiB a minute"));
    lines.extend(round.processes.iter().map(|process| {
        format!(
            "  {:<20} {:>10.1} {:>8.2} {:>6.0} MiB {:>12.1}",
            process.name,
            process.cpu_us_per_event,
            process.cpu_q_per_event,
            process.resident_mib[2],
            process.slope_mib_per_minute
        )
    }));
    if let Some(kept) = &round.kept {
        let log = kept.in_log.map_or_else(|| "log not read".to_owned(), |count| format!("{count} in the log"));
        lines.push(format!(
            "  of {} acknowledged: {log}, {} stored; {} lost, {} doubled, {} stored without an acknowledgement",
            kept.acknowledged, kept.stored, kept.lost, kept.doubled, kept.unacknowledged
        ));
    }
    if !round.signed_ahead {
        lines.push("  the generator could not sign fast enough: the rate is its own, not the gateway's".to_owned());
    }
    if round.disturbance.is_too_much {
        lines.push(format!(
            "  the machine did other work ({:.0} %, steal {:.1} %): rates and times do not count",
            round.disturbance.others * 100.0,
            round.disturbance.steal * 100.0
        ));
    }
    lines.join("\n")
}

fn head(round: &Round) -> String {
    let pace =
        round.wanted_rate.map_or_else(|| "as fast as it goes".to_owned(), |rate| format!("{rate:.1} requests/s"));
    format!(
        "{}: {pace}, {} connections, {} in a request, {} keys; Q = {:.2} µs",
        round.phase, round.connections, round.batch, round.keys, round.q_us
    )
}

fn counts(round: &Round) -> String {
    let refused: String = round.refused.iter().map(|(code, events)| format!(", {events} × {code}")).collect();
    let not_sent = if round.not_sent > 0 { format!(", {} requests not sent", round.not_sent) } else { String::new() };
    format!(
        "  {} of {} events acknowledged in {:.1} s: {:.0}/s, {:.1} MB/s{refused}{not_sent}",
        round.acknowledged,
        round.events_sent,
        round.seconds,
        round.rate_per_s,
        round.bytes_sent as f64 / 1e6 / round.seconds.max(0.001)
    )
}

fn times(what: &str, took: &Latency) -> String {
    let ms = |us: u64| us as f64 / 1_000.0;
    format!(
        "  {what:<20} p50 {:>8.2}  p90 {:>8.2}  p99 {:>8.2}  p99.9 {:>8.2}  max {:>8.2} ms",
        ms(took.p50),
        ms(took.p90),
        ms(took.p99),
        ms(took.p999),
        ms(took.max)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::{Disturbance, Kept, Process};

    #[test]
    fn what_matters_is_said() {
        let told = table(&Round {
            phase: "burst".to_owned(),
            events_sent: 10,
            acknowledged: 7,
            seconds: 1.0,
            rate_per_s: 7.0,
            refused: [("503 overloaded".to_owned(), 3)].into(),
            kept: Some(Kept { acknowledged: 7, stored: 6, lost: 1, ..Kept::default() }),
            processes: vec![Process { name: "gateway".to_owned(), cpu_q_per_event: 4.25, ..Process::default() }],
            disturbance: Disturbance { is_too_much: true, others: 0.5, ..Disturbance::default() },
            ..Round::default()
        });
        for said in ["7 of 10 events", "3 × 503 overloaded", "1 lost", "4.25", "could not sign", "other work (50 %"] {
            assert!(told.contains(said), "{said}: {told}");
        }
    }
}
