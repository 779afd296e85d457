//! What breaks, and how it heals.

use std::time::{Duration, Instant, SystemTime};

use aibbar::Timestamp;
use e2e::{Client, Organisation, Recorder, Seed, Shape, WAIT_MAX};
use testbed::{Conduct, Proxy};

use crate::ground::{Ground, Ways};

/// How many events are acknowledged while something is broken, where clients do not notice: enough for whoever needs what
/// is broken to come upon it.
const MEANWHILE_EVENTS: usize = 250;
/// How often connections are cut in one fault, at most.
const CUTS_MAX: usize = 5;
/// How often a gateway is killed in one fault, at most.
const KILLS_MAX: usize = 3;
const BETWEEN_KILLS_EVENTS_MAX: usize = 100;
/// How often brokers come and go in one fault.
const FLAPS: usize = 4;
const BETWEEN_CUTS_EVENTS_MAX: usize = 60;
const DELAY_MS_MAX: usize = 150;
const SET_BACK_BY: Duration = Duration::from_secs(2 * 60 * 60);
/// For how many seconds the brokers and the store stay away, each in one fault, at least; `make soak` sets it.
const AWAY_SECONDS: &str = "GAPIN_FAULT_AWAY_SECONDS";

/// Which faults there are to be, comma-separated and in this order: for who looks for the cause of one.
const NAMES: &str = "GAPIN_FAULTS";

/// One way in which something breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    GatewayKilled,
    GatewayTerminated,
    ConsumerKilled,
    ConsumerTerminated,
    BrokerKilled,
    BrokerFlapping,
    BrokerFrozen,
    BrokerAway,
    BrokerSilent,
    BrokerCut,
    BrokerSlow,
    BrokerAnswersLost,
    GatewayKilledWhileSpooling,
    SpoolFull,
    StoreKilled,
    StoreAway,
    StoreSilent,
    StoreCut,
    StoreAnswersLost,
    RedisKilled,
    RedisSilent,
    RedisCut,
    ClientsCut,
    ClientsSlow,
    ClientAnswersLost,
    DiskFull,
    ClockSetBack,
}

impl Fault {
    /// Everything that can break in this shape, in any order; when `GAPIN_FAULTS` is set, what it names, in its order.
    pub(crate) fn of_a_run(shape: Shape, seed: &mut Seed) -> Vec<Fault> {
        let mut all = Fault::all(shape);
        let Ok(names) = std::env::var(NAMES) else {
            seed.shuffle(&mut all);
            return all;
        };
        let named = |name: &str| all.iter().copied().find(|fault| format!("{fault:?}") == name);
        let faults: Vec<_> = names.split(',').filter_map(named).collect();
        assert!(!faults.is_empty(), "{NAMES} names none that can break here: {names}");
        faults
    }

    fn all(shape: Shape) -> Vec<Fault> {
        use Fault as F;
        let mut faults = vec![
            F::GatewayKilled,
            F::GatewayTerminated,
            F::ClientsCut,
            F::ClientsSlow,
            F::ClientAnswersLost,
            F::DiskFull,
            F::ClockSetBack,
        ];
        if shape == Shape::AtScale {
            faults.extend([
                F::ConsumerKilled,
                F::ConsumerTerminated,
                F::BrokerKilled,
                F::BrokerFlapping,
                F::BrokerFrozen,
                F::BrokerAway,
                F::BrokerSilent,
                F::BrokerCut,
                F::BrokerSlow,
                F::BrokerAnswersLost,
                F::GatewayKilledWhileSpooling,
                F::SpoolFull,
                F::StoreKilled,
                F::StoreAway,
                F::StoreSilent,
                F::StoreCut,
                F::StoreAnswersLost,
                F::RedisKilled,
                F::RedisSilent,
                F::RedisCut,
            ]);
        }
        faults
    }

    /// Breaks it in the middle of the load, sees that it is broken, and heals it.
    pub(crate) async fn strike(
        self,
        ground: &mut Ground,
        organisation: &Organisation,
        load: &Recorder,
        seed: &mut Seed,
    ) {
        match self {
            Fault::GatewayKilled => {
                for _ in 0..=seed.below(KILLS_MAX) {
                    ground.system.gateway.kill();
                    ground.system.gateway.start_again();
                    load.more(1 + seed.below(BETWEEN_KILLS_EVENTS_MAX)).await;
                }
            }
            Fault::GatewayTerminated => {
                let ended = ground.system.gateway.stop();
                assert_eq!(ended.code(), Some(0), "{}", ground.system.gateway.said());
                ground.system.gateway.start_again();
            }
            Fault::ConsumerKilled | Fault::ConsumerTerminated => {
                let any = seed.below(ground.system.consumers.len());
                let consumer = &mut ground.system.consumers[any];
                if self == Fault::ConsumerKilled {
                    consumer.kill();
                } else {
                    let ended = consumer.stop();
                    assert_eq!(ended.code(), Some(0), "{}", consumer.said());
                }
                load.more(MEANWHILE_EVENTS).await;
                consumer.start_again();
            }
            Fault::BrokerKilled => {
                ground.system.services().kafka.kill();
                unnoticed_for_a_while(load).await;
                ground.system.services().kafka.restart();
            }
            Fault::BrokerFlapping => flap(ground, load, seed).await,
            Fault::GatewayKilledWhileSpooling => kill_while_spooling(ground, load).await,
            Fault::SpoolFull => {
                ways(ground).to_kafka.conduct(Conduct::Refuse);
                refused_once(load).await;
                ways(ground).to_kafka.conduct(Conduct::Forward);
                load.more(MEANWHILE_EVENTS).await;
            }
            Fault::BrokerFrozen => {
                ground.system.services().kafka.freeze();
                unnoticed_for_a_while(load).await;
                ground.system.services().kafka.thaw();
            }
            Fault::StoreKilled => {
                ground.system.services().postgres.kill();
                unnoticed_for_a_while(load).await;
                reads_are_told(&ground.system.client(organisation)).await;
                ground.system.services().postgres.restart();
            }
            Fault::RedisKilled => {
                ground.system.services().redis.kill();
                unnoticed_for_a_while(load).await;
                ground.system.services().redis.restart();
            }
            Fault::BrokerAway => {
                the_spool_is(ground, load, "idle").await;
                stay_away(&ways(ground).to_kafka, load).await;
                the_spool_is(ground, load, "idle").await;
            }
            Fault::BrokerSilent => misbehave(&ways(ground).to_kafka, Conduct::Silence, load).await,
            Fault::BrokerSlow => misbehave(&ways(ground).to_kafka, any_delay(seed), load).await,
            Fault::StoreAway => stay_away(&ways(ground).to_postgres, load).await,
            Fault::StoreSilent => misbehave(&ways(ground).to_postgres, Conduct::Silence, load).await,
            Fault::RedisSilent => misbehave(&ways(ground).to_redis, Conduct::Silence, load).await,
            Fault::ClientsSlow => misbehave(&ground.to_gateway, any_delay(seed), load).await,
            Fault::BrokerCut => cut(&ways(ground).to_kafka, load, seed).await,
            Fault::StoreCut => cut(&ways(ground).to_postgres, load, seed).await,
            Fault::RedisCut => cut(&ways(ground).to_redis, load, seed).await,
            Fault::ClientsCut => cut(&ground.to_gateway, load, seed).await,
            Fault::BrokerAnswersLost => lose_answers(&ways(ground).to_kafka, load).await,
            Fault::StoreAnswersLost => lose_answers(&ways(ground).to_postgres, load).await,
            Fault::ClientAnswersLost => lose_answers(&ground.to_gateway, load).await,
            Fault::DiskFull => fill_the_disk(ground, load).await,
            Fault::ClockSetBack => set_the_clock_back(ground, load).await,
        }
    }
}

fn ways(ground: &Ground) -> &Ways {
    ground.ways.as_ref().expect("a fault of a system at scale")
}

fn any_delay(seed: &mut Seed) -> Conduct {
    Conduct::Delay(Duration::from_millis(1 + seed.below(DELAY_MS_MAX) as u64))
}

/// Goes on while something is away: what is acknowledged meanwhile did not need it.
async fn unnoticed_for_a_while(load: &Recorder) {
    let before = load.tally();
    load.more(MEANWHILE_EVENTS).await;
    let after = load.tally();
    assert_eq!(after.failed(), before.failed(), "clients noticed it: {before:?}, then {after:?}");
}

/// Longer, when that is wanted.
async fn stay_away(proxy: &Proxy, load: &Recorder) {
    let since = Instant::now();
    let seconds = std::env::var(AWAY_SECONDS).map_or(0, |text| text.parse().unwrap());
    let away_for = Duration::from_secs(seconds);
    assert!(away_for < WAIT_MAX, "{AWAY_SECONDS} is longer than anything is waited for");
    proxy.conduct(Conduct::Refuse);
    unnoticed_for_a_while(load).await;
    e2e::eventually("the time that it stays away", async || (since.elapsed() >= away_for).then_some(())).await;
    unnoticed_for_a_while(load).await;
    proxy.conduct(Conduct::Forward);
}

async fn misbehave(proxy: &Proxy, conduct: Conduct, load: &Recorder) {
    proxy.conduct(conduct);
    unnoticed_for_a_while(load).await;
    proxy.conduct(Conduct::Forward);
}

async fn cut(proxy: &Proxy, load: &Recorder, seed: &mut Seed) {
    for _ in 0..=seed.below(CUTS_MAX) {
        proxy.cut();
        load.more(1 + seed.below(BETWEEN_CUTS_EVENTS_MAX)).await;
    }
}

async fn lose_answers(proxy: &Proxy, load: &Recorder) {
    let before = proxy.answers_lost();
    proxy.conduct(Conduct::LoseAnswers);
    load.while_waiting("an answer is lost", async || (proxy.answers_lost() > before).then_some(())).await;
    proxy.conduct(Conduct::Forward);
}

/// Nobody can read without the store.
async fn reads_are_told(client: &Client) {
    let asked = client.get("/aibbar/events").await.expect(503);
    assert_eq!(asked.code(), "store_unavailable");
    assert!(asked.headers.contains_key("retry-after"));
}

/// Away and back again and again, in every way: sometimes before the spool has been emptied, sometimes just after.
async fn flap(ground: &Ground, load: &Recorder, seed: &mut Seed) {
    let before = load.tally();
    for _ in 0..FLAPS {
        let conduct = [Conduct::Refuse, Conduct::Silence, Conduct::LoseAnswers][seed.below(3)];
        ways(ground).to_kafka.conduct(conduct);
        load.more(1 + seed.below(BETWEEN_CUTS_EVENTS_MAX)).await;
        ways(ground).to_kafka.conduct(Conduct::Forward);
        if seed.below(2) == 0 {
            the_spool_is(ground, load, "idle").await;
        }
        load.more(1 + seed.below(BETWEEN_CUTS_EVENTS_MAX)).await;
    }
    let after = load.tally();
    assert_eq!(after.failed(), before.failed(), "clients noticed it: {before:?}, then {after:?}");
}

/// Waits until the gateway says so of its spool.
async fn the_spool_is(ground: &Ground, load: &Recorder, state: &str) {
    let client = Client::anonymous(&ground.system.url);
    let what = format!("the spool is {state}");
    load.while_waiting(&what, async || {
        (client.get("/health/ready").await.body["spool"]["state"] == state).then_some(())
    })
    .await;
}

/// What was acknowledged lies in the spool alone, and the brokers are still away when the gateway is back.
async fn kill_while_spooling(ground: &mut Ground, load: &Recorder) {
    ways(ground).to_kafka.conduct(Conduct::Refuse);
    load.more(MEANWHILE_EVENTS).await;
    the_spool_is(ground, load, "spooling").await;
    ground.system.gateway.kill();
    ground.system.gateway.start_again();
    load.more(MEANWHILE_EVENTS).await;
    ways(ground).to_kafka.conduct(Conduct::Forward);
}

async fn refused_once(load: &Recorder) {
    let before = load.tally();
    load.until("an event is refused", |tally| tally.failed() > before.failed()).await;
}

/// Where the log is on the disk, events are refused; where it is not, the disk is needed when the brokers are away.
async fn fill_the_disk(ground: &Ground, load: &Recorder) {
    ground.disk.fill();
    if let Some(ways) = &ground.ways {
        load.more(MEANWHILE_EVENTS).await;
        ways.to_kafka.conduct(Conduct::Refuse);
    }
    refused_once(load).await;
    ground.disk.make_room();
    // It is noticed that there is room, without a restart, and while the brokers are still away.
    load.more(MEANWHILE_EVENTS).await;
    if let Some(ways) = &ground.ways {
        ways.to_kafka.conduct(Conduct::Forward);
    }
}

async fn set_the_clock_back(ground: &Ground, load: &Recorder) {
    ground.clock.set_back(SET_BACK_BY);
    the_gateway_says(ground, load, SystemTime::now() - SET_BACK_BY).await;
    load.more(MEANWHILE_EVENTS).await;
    ground.clock.set_right();
    the_gateway_says(ground, load, SystemTime::now()).await;
    // What was sent while that kept it busy may have found no answer in time: the next fault is not to be charged with it.
    load.settle().await;
}

/// Waits until the hour of its `Date` is this one's.
async fn the_gateway_says(ground: &Ground, load: &Recorder, time: SystemTime) {
    let hour = Timestamp::from(time).to_string()[11..13].to_owned();
    let client = Client::anonymous(&ground.system.url);
    load.while_waiting("the gateway goes by the clock that was set", async || {
        let answer = client.get("/health/live").await;
        let date = answer.headers.get("date")?.to_str().ok()?.to_owned();
        // Sat, 21 Nov 2026 10:51:28 GMT
        (date.get(17..19)? == hour).then_some(())
    })
    .await;
}
