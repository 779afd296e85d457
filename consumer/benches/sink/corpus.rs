//! Records of the corpus's median event: each with an id, an AI system, a session and a request of its own.

use std::time::SystemTime;

use aibbar::{Event, Receipt, RuleSet, SigningSecret, Timestamp, record};
use bus::NewRecord;
use serde_json::Value;
use uuid::Uuid;

/// As the file of the corpus has it, and as the event is about it.
pub(crate) const MEDIAN: &str = include_str!("../../../load-tests/corpus/median.json");

const SYSTEMS: usize = 20;
const SESSIONS: usize = 200;

pub(crate) struct Corpus {
    template: String,
    first_ms: u64,
    round: u64,
    org_id: Uuid,
    marks: Marks,
}

/// What of the template is each record's own.
struct Marks {
    event_id: String,
    ai_id: String,
    session_id: String,
    request_id: String,
    signature: String,
}

pub(crate) fn signed(event: Value) -> Event {
    let secret = SigningSecret::new("not-a-secret: for benchmarks only");
    Event::sign(event.as_object().unwrap().clone(), &secret).unwrap()
}

impl Corpus {
    pub(crate) fn new(round: u64) -> Corpus {
        let mut event: Value = serde_json::from_str(MEDIAN).unwrap();
        let now = Timestamp::from(SystemTime::now());
        event["timestamp"] = now.to_string().into();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (ai_id, session_id) = (text(&event["ai_id"]), text(&event["metadata"]["session_id"]));
        let request_id = text(&event["metadata"]["request_id"]);
        let event = signed(event);
        let (event_id, signature) = (event.event_id(), event.signature().to_string());
        let org_id = Uuid::from_u128(7);
        let receipt = Receipt {
            event_id,
            org_id,
            received_at: now,
            api_key_id: Uuid::from_u128(9),
            key_id: "default",
            signature_verified_at: now,
            gateway: "gateway-1",
            redaction_rules: RuleSet::VERSION,
        };
        let template = record::encode(&event.redact(&RuleSet::default()), &receipt);
        let event_id = event_id.to_string();
        let marks = Marks { event_id, ai_id, session_id, request_id, signature };
        Corpus { template, first_ms: now.unix_ms().unsigned_abs(), round, org_id, marks }
    }

    /// The smallest id of this round.
    pub(crate) fn first_id(&self) -> Uuid {
        self.id(0, 0)
    }

    pub(crate) fn record(&self, n: usize) -> NewRecord {
        let ai_id = Uuid::from_u128(0x3f2b_8c1e_0000_4000_8000_0000_0000_0000 + (n % SYSTEMS) as u128).to_string();
        let own = self
            .template
            .replace(&self.marks.event_id, &self.id(n as u64, mixed(n as u64)).to_string())
            .replace(&self.marks.ai_id, &ai_id)
            .replace(&self.marks.session_id, &Uuid::from_u128((n % SESSIONS) as u128).to_string())
            .replace(&self.marks.request_id, &format!("req_{:016x}", mixed(n as u64)))
            .replace(&self.marks.signature, &format!("{:064x}", self.id(n as u64, 1).as_u128()));
        let headers = vec![(record::ORG_HEADER.into(), self.org_id.to_string().into())];
        NewRecord { key: ai_id.into(), payload: own.into(), headers }
    }

    /// A UUIDv7: a hundred of each millisecond, so that a round's are behind all of those of the round before.
    fn id(&self, n: u64, random: u64) -> Uuid {
        let ms = u128::from(self.first_ms + n / 100);
        let low = u128::from(self.round) << 58 | u128::from(random >> 8);
        Uuid::from_u128(ms << 80 | 7 << 76 | u128::from(random & 0xFFF) << 64 | 2 << 62 | low)
    }
}

/// Numbers that look random, the same each time.
fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9).wrapping_add(0x9e37_79b9_7f4a_7c15);
    (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb)
}
