//! An event that is being made. What it is given is written down at once, so later changes change nothing of it.

use std::{
    cell::RefCell,
    error::Error as StdError,
    fmt::{self, Write as _},
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use aibbar::{Signature, Timestamp, canonical, event::EVENT_BYTES_MAX, json, json::INTEGER_MAX};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Recorder, engine::New, mend, queue};
use crate::{
    compose, moment,
    safe::{self, Writer},
    strict,
    verify::to_json,
};

/// How deep inside of an event a member of one of its parts stands: the event, the part.
const MEMBER_DEPTH: usize = 2;
const PART_DEPTH: usize = 1;
/// The last name of an event, in their order, before those that are added in the queue.
const LAST_OF_HEAD: &str = "response";
const CODE_CHARACTERS_MAX: usize = 64;

thread_local! {
    static SPARE: RefCell<Writer> = RefCell::default();
}

/// A type of event, and the members of the part that it is named after, in their order.
pub(super) struct Kind {
    pub(super) event_type: &'static str,
    pub(super) part: Part,
    pub(super) members: &'static [&'static str],
}

/// The parts of an event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Action,
    Decision,
    Error,
    Query,
    Response,
}

impl Part {
    pub(super) const ALL: [Self; 5] = [Self::Action, Self::Decision, Self::Error, Self::Query, Self::Response];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Decision => "decision",
            Self::Error => "error",
            Self::Query => "query",
            Self::Response => "response",
        }
    }
}

/// The most members that a part has.
const MEMBERS_MAX: usize = 6;

pub(super) struct Draft<'r> {
    recorder: &'r Recorder,
    kind: &'static Kind,
    writer: Writer,
    members: [Option<Range<usize>>; MEMBERS_MAX],
    parts: [Option<Range<usize>>; Part::ALL.len()],
    metadata: Option<Range<usize>>,
    ai_id: Option<Uuid>,
    ai_version: Option<String>,
    unix_ns: Option<i64>,
    event_id: Option<Uuid>,
}

/// Shows what kind it is of, and not what it says.
impl fmt::Debug for Draft<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft").field("event_type", &self.kind.event_type).finish_non_exhaustive()
    }
}

impl<'r> Draft<'r> {
    pub(super) fn new(recorder: &'r Recorder, kind: &'static Kind) -> Self {
        Self {
            recorder,
            kind,
            writer: spare(),
            members: Default::default(),
            parts: Default::default(),
            metadata: None,
            ai_id: None,
            ai_version: None,
            unix_ns: None,
            event_id: None,
        }
    }

    pub(super) fn ai_id(&mut self, ai_id: Uuid) {
        self.ai_id = Some(ai_id);
    }

    pub(super) fn ai_version(&mut self, ai_version: &str) {
        if !ai_version.is_empty() {
            self.ai_version = Some(ai_version.chars().take(crate::settings::AI_VERSION_CHARS_MAX).collect());
        }
    }

    pub(super) fn timestamp(&mut self, at: Timestamp) {
        self.unix_ns = Some(at.unix_ns());
    }

    pub(super) fn event_id(&mut self, event_id: Uuid) {
        self.event_id = Some(event_id);
    }

    pub(super) fn metadata(&mut self, metadata: &(impl Serialize + ?Sized)) {
        self.metadata = Some(self.write(PART_DEPTH, metadata));
    }

    /// Another part beside its own.
    pub(super) fn part(&mut self, part: Part, value: &(impl Serialize + ?Sized)) {
        self.parts[part as usize] = Some(self.write(PART_DEPTH, value));
    }

    pub(super) fn has(&self, member: usize) -> bool {
        self.members[member].is_some()
    }

    /// Any value.
    pub(super) fn value(&mut self, member: usize, value: &(impl Serialize + ?Sized)) {
        self.members[member] = Some(self.write(MEMBER_DEPTH, value));
    }

    /// A value in its canonical form.
    pub(super) fn written(&mut self, member: usize, canonical: &[u8]) {
        let begin = self.writer.out.len();
        self.writer.out.extend_from_slice(canonical);
        self.members[member] = Some(begin..self.writer.out.len());
    }

    /// A list; a value that is none becomes the only one of it.
    pub(super) fn list(&mut self, member: usize, value: &(impl Serialize + ?Sized)) {
        let written = self.write(MEMBER_DEPTH, value);
        if self.writer.out[written.start] != b'[' {
            self.writer.out.insert(written.start, b'[');
            self.writer.out.push(b']');
        }
        self.members[member] = Some(written.start..self.writer.out.len());
    }

    pub(super) fn text(&mut self, member: usize, text: &str) {
        self.value(member, text);
    }

    pub(super) fn count(&mut self, member: usize, count: u64) {
        self.value(member, &count.min(INTEGER_MAX.unsigned_abs()));
    }

    pub(super) fn milliseconds(&mut self, member: usize, time: Duration) {
        let ms = (time.as_secs_f64() * 1e6).round() / 1e3;
        self.value(member, &ms.min(INTEGER_MAX as f64));
    }

    fn write(&mut self, depth: usize, value: &(impl Serialize + ?Sized)) -> Range<usize> {
        let begin = self.writer.out.len();
        self.writer.value_at(depth, value);
        begin..self.writer.out.len()
    }

    /// Where its members are from.
    pub(super) fn ai_version_of(&self) -> String {
        self.ai_version.clone().unwrap_or_else(|| self.recorder.0.settings.ai_version.clone())
    }

    /// Into the queue. Whatever goes wrong is counted, and stays here.
    pub(super) fn record(mut self) -> Option<Uuid> {
        let recorder = self.recorder;
        let faults = self.writer.faults;
        let recorded = guarded(recorder, move || {
            let recorded = self.queue();
            give_back(std::mem::take(&mut self.writer));
            recorded
        });
        if faults > 0 {
            recorder.0.engine.faults("showing a value", "Unshown", faults);
        }
        recorded
    }

    fn queue(&mut self) -> Option<Uuid> {
        let unix_ns = self.unix_ns.unwrap_or_else(moment::now_ns);
        let event_id = self.event_id.unwrap_or_else(|| moment::new_id(unix_ns));
        let settings = &self.recorder.0.settings;
        let ai_id = self.ai_id.or(settings.ai_id);
        let head = within_bound(self.recorder, self.head(event_id, ai_id))?;
        let new = New { head, event_id, ai_id: ai_id.unwrap_or_default(), sequence: None };
        self.recorder.0.engine.add(new, |out| {
            out.push(b'"');
            moment::write_text(out, unix_ns);
            out.push(b'"');
        })
    }

    /// The canonical bytes of the event, but for what is added in the queue.
    fn head(&self, event_id: Uuid, ai_id: Option<Uuid>) -> Vec<u8> {
        const ROOM: usize = 640;
        let settings = &self.recorder.0.settings;
        let mut out = Vec::with_capacity(self.writer.out.len() + ROOM);
        let mut id = Uuid::encode_buffer();
        self.write_part(&mut out, Part::Action);
        if let Some(ai_id) = ai_id {
            text_member(&mut out, "ai_id", ai_id.hyphenated().encode_lower(&mut id));
        }
        text_member(&mut out, "ai_version", self.ai_version.as_deref().unwrap_or(&settings.ai_version));
        self.write_part(&mut out, Part::Decision);
        self.write_part(&mut out, Part::Error);
        text_member(&mut out, "event_id", event_id.hyphenated().encode_lower(&mut id));
        text_member(&mut out, "event_type", self.kind.event_type);
        if let Some(key_id) = &settings.signing_key_id {
            text_member(&mut out, "key_id", key_id);
        }
        name(&mut out, "metadata");
        match &self.metadata {
            None => compose::write_carried_metadata(&mut out),
            Some(own) => out.extend_from_slice(&canonical::to_vec(&mend::metadata(compose::metadata_with(
                object_of(&self.writer.out[own.clone()]).unwrap_or_default(),
            )))),
        }
        self.write_part(&mut out, Part::Query);
        self.write_part(&mut out, Part::Response);
        out
    }

    fn write_part(&self, out: &mut Vec<u8>, part: Part) {
        if part == self.kind.part {
            name(out, part.name());
            let mut before = b'{';
            for (member, written) in self.kind.members.iter().zip(&self.members) {
                if let Some(written) = written {
                    out.push(before);
                    canonical::write_string(out, member);
                    out.push(b':');
                    out.extend_from_slice(&self.writer.out[written.clone()]);
                    before = b',';
                }
            }
            out.push(b'}');
        } else if let Some(written) = &self.parts[part as usize] {
            let mended = object_of(&self.writer.out[written.clone()]).map(|given| mend::part(part, given));
            name(out, part.name());
            match mended {
                Some(mended) => out.extend_from_slice(&canonical::to_vec(&Value::Object(mended))),
                None => out.extend_from_slice(&self.writer.out[written.clone()]),
            }
        }
    }
}

/// The canonical form of a value that will stand in a list in an event's part.
pub(super) fn written(recorder: &Recorder, value: &(impl Serialize + ?Sized)) -> Vec<u8> {
    let mut writer = spare();
    writer.value_at(MEMBER_DEPTH + 1, value);
    let (written, faults) = (writer.out.clone(), writer.faults);
    give_back(writer);
    if faults > 0 {
        recorder.0.engine.faults("showing a value", "Unshown", faults);
    }
    written
}

/// An event as a whole.
pub(super) fn record_whole(recorder: &Recorder, event: &impl Serialize) -> Option<Uuid> {
    let mut writer = spare();
    writer.value_at(0, event);
    let faults = writer.faults;
    let recorded = guarded(recorder, move || {
        let shown = object_of(&writer.out);
        give_back(writer);
        let Some(mut shown) = shown else {
            recorder.0.engine.fault("recording", "an event is an object");
            return None;
        };
        if is_signed(&shown) { queue_signed(recorder, event) } else { queue_whole(recorder, &mut shown) }
    });
    if faults > 0 {
        recorder.0.engine.faults("showing a value", "Unshown", faults);
    }
    recorded
}

/// Whether it has a signature; what is none signs nothing.
fn is_signed(event: &Map<String, Value>) -> bool {
    event.len() > 1 && event.get("signature").and_then(Value::as_str).and_then(Signature::parse).is_some()
}

/// As it was signed: nothing that its signature covers is shown in another way.
fn queue_signed(recorder: &Recorder, event: &impl Serialize) -> Option<Uuid> {
    let Ok(mut event) = strict::object_of(event) else {
        recorder.0.engine.fault("recording", "an event that is signed and no JSON");
        return None;
    };
    let Some(Value::String(signature)) = event.remove("signature") else { return None };
    // Not the canonical form, which writes the double 1e20 as an integer that is too large for one.
    let mut open = to_json(&event).into_bytes();
    open.pop(); // the brace at the end
    let text = queue::with_signature(open, &signature);
    if text.len() > EVENT_BYTES_MAX {
        recorder.0.engine.fault("recording", "an event that is signed and too large");
        return None;
    }
    // What is no event the gateway refuses, and it is told.
    let event_id = aibbar::Event::parse(&text).map_or_else(|_| id_of(&event, "event_id"), |event| event.event_id());
    recorder.0.engine.add_signed(event_id, text)
}

fn id_of(event: &Map<String, Value>, name: &str) -> Uuid {
    event.get(name).and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok()).unwrap_or_default()
}

fn queue_whole(recorder: &Recorder, event: &mut Map<String, Value>) -> Option<Uuid> {
    mend::event(event);
    compose::fill(event, &recorder.0.settings);
    if let Some(Value::Object(metadata)) = event.remove("metadata") {
        event.insert("metadata".to_owned(), mend::metadata(metadata));
    }
    for name in ["signature", "signature_algorithm"] {
        event.remove(name);
    }
    let sequence = event.remove("sequence").and_then(|number| number.as_u64());
    let timestamp = event.remove("timestamp").unwrap_or_default();
    let known = event.len();
    event.retain(|name, _| name.as_str() <= LAST_OF_HEAD);
    if event.len() < known {
        recorder.0.engine.fault("recording", "a member that no event has was left out");
    }
    let (event_id, ai_id) = (id_of(event, "event_id"), id_of(event, "ai_id"));
    let mut head = canonical::to_vec(&Value::Object(std::mem::take(event)));
    head.pop(); // the brace that the queue's members come before
    let head = within_bound(recorder, head)?;
    recorder.0.engine.add(New { head, event_id, ai_id, sequence }, |out| {
        out.extend_from_slice(&canonical::to_vec(&timestamp));
    })
}

fn within_bound(recorder: &Recorder, head: Vec<u8>) -> Option<Vec<u8>> {
    let head = safe::within_bound(head);
    if head.is_none() {
        recorder.0.engine.fault("recording", "an event that is too large, however it is cut");
    }
    head
}

/// Runs what makes an event, and ends its panics here.
fn guarded(recorder: &Recorder, work: impl FnOnce() -> Option<Uuid>) -> Option<Uuid> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        recorder.0.engine.fault("recording", "panic");
        None
    })
}

fn object_of(canonical: &[u8]) -> Option<Map<String, Value>> {
    match json::parse(canonical) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

fn name(out: &mut Vec<u8>, name: &str) {
    out.push(if out.is_empty() { b'{' } else { b',' });
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

fn text_member(out: &mut Vec<u8>, member: &str, text: &str) {
    name(out, member);
    canonical::write_string(out, text);
}

fn spare() -> Writer {
    let mut writer = SPARE.try_with(RefCell::take).unwrap_or_default();
    writer.clear();
    writer
}

fn give_back(writer: Writer) {
    /// What one large event needed is not kept.
    const KEPT_BYTES_MAX: usize = 256 * 1024;
    if writer.out.capacity() <= KEPT_BYTES_MAX {
        // A thread that ends has no use for it.
        let _ = SPARE.try_with(|spare| spare.replace(writer));
    }
}

/// A name for an error: that of its type, as its `Debug` begins.
pub(super) fn code_of(error: &(dyn StdError + '_)) -> String {
    struct First(String);
    impl fmt::Write for First {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            for character in text.chars() {
                if self.0.len() == CODE_CHARACTERS_MAX || !(character.is_ascii_alphanumeric() || character == '_') {
                    return Err(fmt::Error); // the rest is not asked for
                }
                self.0.push(character);
            }
            Ok(())
        }
    }
    let mut first = First(String::new());
    let _ = catch_unwind(AssertUnwindSafe(|| write!(first, "{error:?}")));
    if first.0.is_empty() { "error".to_owned() } else { first.0 }
}
