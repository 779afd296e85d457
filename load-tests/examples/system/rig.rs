//! The system under test, and `gapin bench` in the hand of who measures it.

use std::{
    env, fs,
    process::Stdio,
    time::{Duration, Instant},
};

use e2e::{Gapin, Organisation, Services, Shape, Surroundings, System};
use load_tests::{
    Watched,
    result::{Results, Run},
};

use crate::scrape::Metrics;

/// A consumer that has not caught up by then will not.
const IDLE_WAIT_MAX: Duration = Duration::from_secs(600);
/// Rounds that a busy machine may spoil.
pub(crate) const THROWN_AWAY_MAX: &str = "--thrown-away-max";
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A system, and who sends to it.
pub(crate) struct Rig {
    pub(crate) system: System,
    pub(crate) organisation: Organisation,
    /// Of each run; `None`: as `gapin bench` has it.
    thrown_away_max: Option<String>,
}

impl Rig {
    pub(crate) fn start(shape: Shape) -> Rig {
        let services = match shape {
            Shape::Embedded => None,
            Shape::AtScale => Some(Services::start_for_load()),
        };
        let system = System::start_in(shape, Surroundings { services, consumers: 1, ..Surroundings::default() });
        let organisation = system.organisation();
        let thrown_away_max = env::var("THROWN_AWAY_MAX").ok().filter(|most| !most.is_empty());
        Rig { system, organisation, thrown_away_max }
    }

    pub(crate) fn shape(&self) -> Shape {
        self.system.shape
    }

    /// Runs `gapin bench` with these arguments, which shows its table, and answers what it measured once all is stored.
    pub(crate) fn bench(&self, args: &[&str]) -> Result<Run, String> {
        let file = self.system.data_dir().join("bench.json");
        let file_word = file.display().to_string();
        let pids: Vec<String> =
            self.watched().iter().map(|watched| format!("{}={}", watched.name, watched.pid)).collect();
        let mut all = vec!["bench", "--json", &file_word];
        pids.iter().for_each(|pid| all.extend(["--pid", pid]));
        if let Some(most) = self.thrown_away_max.as_ref().filter(|_| !args.contains(&THROWN_AWAY_MAX)) {
            all.extend([THROWN_AWAY_MAX, most]);
        }
        all.extend(args);
        fs::create_dir_all(self.system.data_dir()).map_err(|error| error.to_string())?;
        let mut command = self.system.command_of(&self.organisation, &all);
        // Each run is of an AI system of its own.
        command.env_remove("GAPIN_AI_ID").stdin(Stdio::null());
        let status = command.status().map_err(|error| error.to_string())?;
        if !status.success() {
            return Err(format!("gapin bench {}: {status}", args.join(" ")));
        }
        let text = fs::read_to_string(&file).map_err(|error| error.to_string())?;
        let results: Results = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        self.idle()?;
        results.runs.into_iter().next().ok_or_else(|| "gapin bench tells of no run".to_owned())
    }

    /// Every process of it that runs.
    pub(crate) fn watched(&self) -> Vec<Watched> {
        let services = self.system.services.as_ref();
        let all = [
            ("gateway", self.system.gateway.process_id()),
            ("consumer", self.system.consumers.first().and_then(Gapin::process_id)),
            ("kafka", services.and_then(|services| services.kafka.process_id())),
            ("postgres", services.and_then(|services| services.postgres.process_id())),
            ("redis", services.and_then(|services| services.redis.process_id())),
        ];
        let running = all.into_iter().filter_map(|(name, pid)| Some((name, pid?)));
        running.map(|(name, pid)| Watched { name: name.to_owned(), pid }).collect()
    }

    /// Waits until everything that is in the log is in the store, so that what follows begins with nothing to do.
    pub(crate) fn idle(&self) -> Result<(), String> {
        let began = Instant::now();
        while self.lag()? > 0.0 {
            if began.elapsed() > IDLE_WAIT_MAX {
                return Err("the consumer does not catch up".to_owned());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    fn lag(&self) -> Result<f64, String> {
        // Without a consumer nobody catches up, and nobody is waited for.
        Ok(self.metrics()?.iter().map(|metrics| metrics.sum("gapin_consumer_lag_records")).sum())
    }

    /// Of each process, the gateway's first.
    pub(crate) fn metrics(&self) -> Result<Vec<Metrics>, String> {
        self.system.metrics_urls().map(|url| Metrics::scrape(&url)).collect()
    }
}
