//! For tests: `take.lua` in Rust, with a clock that the test sets, and gateways that share it.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;

use super::{
    LEASE_MS, Now,
    day::{self, DAY_MS, Day},
    minute::{self, Minute},
    source::{Ask, DayGrant, Grant, MinuteAsk, MinuteGrant},
    window::{BUCKET_MS, BUCKETS_WHOLE, WINDOW_MS},
};

const BUCKETS_UPPER: i64 = (BUCKETS_WHOLE + LEASE_MS / BUCKET_MS) as i64;
const SPARE_LIVES_BUCKETS: i64 = (LEASE_MS / BUCKET_MS) as i64 + 3;

/// The shared counts of one subject.
#[derive(Default)]
pub(super) struct Model {
    granted: BTreeMap<i64, u64>,
    spare: BTreeMap<i64, u64>,
    day: u64,
    events: u64,
}

impl Model {
    pub(super) fn take(&mut self, now_ms: u64, ask: &Ask) -> Grant {
        let bucket = (now_ms / BUCKET_MS) as i64;
        let minute = match &ask.minute {
            Some(ask) => self.minute(now_ms, bucket, ask),
            None => MinuteGrant { bucket, ..MinuteGrant::default() },
        };
        Grant { minute, day: self.events(now_ms, ask) }
    }

    fn minute(&mut self, now_ms: u64, bucket: i64, ask: &MinuteAsk) -> MinuteGrant {
        let MinuteAsk { limit, need, spare, settled, ungranted } = ask;
        self.granted.retain(|of, _| *of >= bucket - BUCKETS_UPPER);
        self.spare.retain(|of, _| *of >= bucket - BUCKETS_UPPER);
        for settled in settled {
            if let Some(granted) = self.granted.get_mut(&settled.bucket) {
                *granted = granted.saturating_sub(settled.unused);
                let spare = self.spare.entry(settled.bucket).or_default();
                *spare = spare.saturating_sub(settled.spare);
            }
        }
        for (age_ms, count) in ungranted {
            let of = (now_ms - age_ms) / BUCKET_MS;
            if of as i64 >= bucket - BUCKETS_UPPER {
                *self.granted.entry(of as i64).or_default() += u64::from(*count);
            }
        }
        let hard = limit + limit / 20;
        let upper: u64 = self.granted.values().sum();
        let whole = bucket - BUCKETS_WHOLE as i64 + 1;
        let lower: u64 = self.granted.range(whole..).map(|(_, n)| n).sum();
        let lent: u64 = self.spare.range(bucket - SPARE_LIVES_BUCKETS..).map(|(_, n)| n).sum();
        let used = lower.saturating_sub(lent);
        let give = *need.min(&limit.saturating_sub(used)).min(&hard.saturating_sub(upper));
        let extra = (*spare)
            .min((limit / minute::SPARE_PART).saturating_sub(lent))
            .min(limit.saturating_sub(lower + give))
            .min(hard.saturating_sub(upper + give));
        if give + extra > 0 {
            *self.granted.entry(bucket).or_default() += give + extra;
            *self.spare.entry(bucket).or_default() += extra;
        }
        let at = |of: i64| self.granted.get(&of).copied().unwrap_or(0) as i64;
        let mut retry_ms = 0;
        if give < *need {
            let (mut upper, mut lower) = ((upper + give) as i64, (used + give) as i64);
            let mut later = bucket;
            while (upper >= hard as i64 || lower >= *limit as i64) && later <= bucket + BUCKETS_UPPER {
                upper -= at(later - BUCKETS_UPPER);
                lower -= at(later - BUCKETS_WHOLE as i64 + 1);
                later += 1;
            }
            retry_ms = (later as u64 * BUCKET_MS).saturating_sub(now_ms).max(1);
        }
        let oldest = (whole..=bucket).find(|of| at(*of) > 0);
        let oldest_leaves_in_ms = oldest.map_or(WINDOW_MS, |of| (of as u64 + BUCKETS_WHOLE) * BUCKET_MS - now_ms);
        MinuteGrant { bucket, granted: give, spare: extra, used, retry_ms, oldest_leaves_in_ms }
    }

    fn events(&mut self, now_ms: u64, ask: &Ask) -> DayGrant {
        let today = now_ms / DAY_MS;
        let ends_in_ms = (today + 1) * DAY_MS - now_ms;
        let Some(ask) = &ask.day else { return DayGrant { day: today, ends_in_ms, ..DayGrant::default() } };
        if self.day != today {
            (self.day, self.events) = (today, 0);
        }
        if ask.day == today {
            self.events = (self.events.saturating_sub(ask.unused) + ask.ungranted).max(ask.used_here);
        }
        let granted = ask.need.min(ask.limit.saturating_sub(self.events));
        let spare = ask.spare.min(ask.limit.saturating_sub(self.events + granted) / day::SPARE_PART);
        self.events += granted + spare;
        DayGrant { day: today, granted, spare, used: self.events, ends_in_ms }
    }
}

/// A gateway without its I/O.
struct Gateway {
    minute: Minute,
    day: Day,
}

/// Gateways on one shared count, which can be away and can lose its memory.
struct Cluster {
    gateways: Vec<Gateway>,
    shared: Model,
    is_there: bool,
    limit: u64,
    asked: u64,
}

impl Cluster {
    fn new(gateways: usize, limit: u64) -> Self {
        let gateway = || Gateway { minute: Minute::new(), day: Day::default() };
        Self {
            gateways: std::iter::repeat_with(gateway).take(gateways).collect(),
            shared: Model::default(),
            is_there: true,
            limit,
            asked: 0,
        }
    }

    /// One request at one gateway, as the limiter does it.
    fn request(&mut self, at: usize, now_ms: u64) -> bool {
        self.settle(now_ms);
        let minute = &mut self.gateways[at].minute;
        let step = match minute.take(now_ms, self.limit, self.is_there, true) {
            minute::Step::Ask => {
                self.asked += 1;
                let ask = Ask { minute: Some(minute.ask(now_ms, self.limit, 1)), day: None };
                let grant = self.shared.take(now_ms, &ask).minute;
                minute.granted(now_ms, now_ms, 1, self.limit, &grant)
            }
            step => step,
        };
        matches!(step, minute::Step::Taken(_))
    }

    /// So many events at one gateway.
    fn events(&mut self, at: usize, now: Now, events: u64) -> u64 {
        let day = &mut self.gateways[at].day;
        match day.take(now, self.limit, events, self.is_there, true) {
            day::Step::Taken(taken) => taken,
            day::Step::Ask(need) => {
                self.asked += 1;
                let ask = Ask { minute: None, day: Some(day.ask(now, self.limit, need)) };
                let grant = self.shared.take(now.unix_ms, &ask).day;
                day.granted(now.monotonic_ms, now, need, &grant);
                day.take_granted(self.limit, events)
            }
        }
    }

    /// What has ended goes back, as it does every quarter of a second.
    fn settle(&mut self, now_ms: u64) {
        for gateway in self.gateways.iter_mut().filter(|_| self.is_there) {
            if gateway.minute.owes_now(now_ms) {
                let ask = Ask { minute: Some(gateway.minute.ask(now_ms, self.limit, 0)), day: None };
                self.shared.take(now_ms, &ask);
                gateway.minute.told();
            }
        }
    }
}

/// The most that was let through in any 60 seconds.
fn busiest_minute(taken_ms: &[u64]) -> u64 {
    let mut window = VecDeque::new();
    let mut most = 0;
    for &at in taken_ms {
        window.push_back(at);
        while window.front().is_some_and(|first| first + WINDOW_MS <= at) {
            window.pop_front();
        }
        most = most.max(window.len());
    }
    most as u64
}

const START_MS: u64 = 7 * DAY_MS + 3_600_123;

/// Arrivals: at which gateway, and after how many milliseconds; in bursts, trickles and pauses.
fn arrivals(gateways: usize) -> impl Strategy<Value = Vec<(usize, u64)>> {
    let gap = prop_oneof![5 => 0_u64..5, 5 => 0_u64..200, 2 => 0_u64..2_500, 1 => 0_u64..62_000];
    prop::collection::vec((0..gateways, gap), 1..1_500)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_minute_lets_through_more_than_the_limit_and_a_twentieth(
        gateways in 1_usize..5,
        limit in 1_u64..400,
        arrivals in arrivals(4),
    ) {
        let mut cluster = Cluster::new(gateways, limit);
        let mut now_ms = START_MS;
        let mut taken = Vec::new();
        for (at, gap_ms) in arrivals {
            now_ms += gap_ms;
            if cluster.request(at % gateways, now_ms) {
                taken.push(now_ms);
            }
        }
        prop_assert!(busiest_minute(&taken) <= limit + limit / 20);
    }

    #[test]
    fn who_keeps_to_the_limit_is_never_refused(
        gateways in 1_usize..5,
        limit in 1_u64..400,
        arrivals in arrivals(4),
    ) {
        // A request may count for two seconds more than its minute: a lease, and a bucket at each end.
        const COUNTS_MS: u64 = WINDOW_MS + LEASE_MS + 2 * BUCKET_MS;
        let mut cluster = Cluster::new(gateways, limit);
        let mut now_ms = START_MS;
        let mut sent: VecDeque<u64> = VecDeque::new();
        for (at, gap_ms) in arrivals {
            now_ms += gap_ms;
            while sent.front().is_some_and(|first| first + COUNTS_MS <= now_ms) {
                sent.pop_front();
            }
            if (sent.len() as u64) < limit {
                sent.push_back(now_ms);
                prop_assert!(cluster.request(at % gateways, now_ms), "the {}th of {limit}", sent.len());
            }
        }
    }

    #[test]
    fn without_the_shared_count_each_gateway_keeps_the_limit_by_itself(
        limit in 1_u64..200,
        arrivals in arrivals(2),
        away in prop::collection::vec((0_usize..1_500, any::<bool>(), any::<bool>()), 1..6),
    ) {
        let mut cluster = Cluster::new(2, limit);
        let mut now_ms = START_MS;
        let mut taken = [Vec::new(), Vec::new()];
        for (number, (at, gap_ms)) in arrivals.into_iter().enumerate() {
            if let Some((_, is_there, forgets)) = away.iter().find(|(when, ..)| *when == number) {
                cluster.is_there = *is_there;
                if *forgets {
                    cluster.shared = Model::default();
                }
            }
            now_ms += gap_ms;
            if cluster.request(at, now_ms) {
                taken[at].push(now_ms);
            }
        }
        for taken in taken {
            prop_assert!(busiest_minute(&taken) <= limit + limit / 20);
        }
    }

    #[test]
    fn no_day_takes_more_events_than_its_limit_and_what_is_given_back_can_be_used(
        gateways in 1_usize..4,
        limit in 1_u64..5_000,
        batches in prop::collection::vec((0_usize..4, 1_u64..300, 0_u64..3_000, 0_u64..40), 1..300),
    ) {
        let mut cluster = Cluster::new(gateways, limit);
        let mut now = Now { monotonic_ms: START_MS, unix_ms: START_MS };
        let mut recorded = 0;
        for (at, events, gap_ms, refused) in batches {
            now = Now { monotonic_ms: now.monotonic_ms + gap_ms, unix_ms: now.unix_ms + gap_ms };
            let at = at % gateways;
            let taken = cluster.events(at, now, events);
            let refused = refused.min(taken);
            cluster.gateways[at].day.give_back(now, refused, true);
            recorded += taken - refused;
            prop_assert!(recorded <= limit);
        }
        // Once every lease has ended and went back, what is left can be used to the last event.
        now = Now { monotonic_ms: now.monotonic_ms + LEASE_MS, unix_ms: now.unix_ms + LEASE_MS };
        for at in 0..gateways {
            let day = &mut cluster.gateways[at].day;
            let ask = Ask { minute: None, day: Some(day.ask(now, limit, 0)) };
            let grant = cluster.shared.take(now.unix_ms, &ask);
            cluster.gateways[at].day.granted(now.monotonic_ms, now, 0, &grant.day);
        }
        prop_assert_eq!(recorded + cluster.events(0, now, limit), limit);
    }
}

#[test]
fn a_burst_gets_exactly_the_limit() {
    for limit in [1, 7, 19, 20, 100, 1_000] {
        let mut cluster = Cluster::new(1, limit);
        let taken = (0..2 * limit).filter(|_| cluster.request(0, START_MS)).count();
        assert_eq!(taken as u64, limit);
    }
}

#[test]
fn a_steady_client_at_its_limit_is_never_refused() {
    for gateways in [1, 3] {
        let mut cluster = Cluster::new(gateways, 1_000);
        for number in 0..10_000 {
            assert!(cluster.request(number as usize % gateways, START_MS + number * 60), "the {number}th");
        }
    }
}

#[test]
fn a_busy_client_rarely_asks() {
    let mut cluster = Cluster::new(1, 6_000);
    for number in 0..6_000 {
        assert!(cluster.request(0, START_MS + number * 10));
    }
    assert!(cluster.asked < 200, "asked {} times for 6000 requests", cluster.asked);
}

#[test]
fn a_new_day_begins_with_nothing_used() {
    let mut cluster = Cluster::new(2, 100);
    let before = Now { monotonic_ms: START_MS, unix_ms: 8 * DAY_MS - 10 };
    assert_eq!(cluster.events(0, before, 150), 100);
    assert_eq!(cluster.events(1, before, 1), 0);
    let after = Now { monotonic_ms: START_MS + 300, unix_ms: 8 * DAY_MS };
    assert_eq!(cluster.events(1, after, 60), 60);
    assert_eq!(cluster.events(0, after, 60), 40);
}

#[test]
fn a_shared_count_that_lost_its_memory_learns_of_the_day_from_who_asks() {
    let mut cluster = Cluster::new(1, 100);
    let now = Now { monotonic_ms: START_MS, unix_ms: START_MS };
    assert_eq!(cluster.events(0, now, 70), 70);
    cluster.shared = Model::default();
    let later = Now { monotonic_ms: START_MS + 5_000, unix_ms: START_MS + 5_000 };
    assert_eq!(cluster.events(0, later, 70), 30);
}

#[test]
fn what_was_let_through_alone_is_told_when_the_shared_count_is_back() {
    let mut cluster = Cluster::new(2, 100);
    cluster.is_there = false;
    for number in 0..60 {
        assert!(cluster.request(0, START_MS + number * 10));
    }
    cluster.is_there = true;
    assert!(cluster.request(0, START_MS + 2_000));
    let taken = (0..100).filter(|_| cluster.request(1, START_MS + 2_100)).count();
    assert!((38..=39).contains(&taken), "{taken}");
}
