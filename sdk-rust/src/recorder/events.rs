//! What each type of event may say.

use std::{error::Error as StdError, fmt, time::Duration};

use aibbar::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{
    Recorder,
    draft::{Draft, Kind, Part, code_of},
};

/// Errors that an error came of, of which its stack tells.
const SOURCES_MAX: usize = 32;

static ACTION: Kind = Kind {
    event_type: "ai.action",
    part: Part::Action,
    members: &["function", "input", "latency_ms", "model", "output", "tokens_used"],
};
static DECISION: Kind = Kind {
    event_type: "ai.decision",
    part: Part::Decision,
    members: &["chosen", "confidence", "logic", "options", "type"],
};
static ERROR: Kind =
    Kind { event_type: "ai.error", part: Part::Error, members: &["code", "message", "recoverable", "stack"] };
static QUERY: Kind =
    Kind { event_type: "ai.query", part: Part::Query, members: &["messages", "model", "parameters", "prompt"] };
static RESPONSE: Kind = Kind {
    event_type: "ai.response",
    part: Part::Response,
    members: &["finish_reason", "latency_ms", "model", "output", "usage"],
};

/// What every event may have besides.
macro_rules! of_every_event {
    () => {
        /// The AI system that speaks, where it is another than the settings'.
        pub fn ai_id(mut self, ai_id: Uuid) -> Self {
            self.0.ai_id(ai_id);
            self
        }

        /// Its version, where it is another than the settings'; 128 characters are kept.
        pub fn ai_version(mut self, ai_version: impl AsRef<str>) -> Self {
            self.0.ai_version(ai_version.as_ref());
            self
        }

        /// When it happened, such as a `SystemTime`; now where it is not said.
        pub fn timestamp(mut self, at: impl Into<Timestamp>) -> Self {
            self.0.timestamp(at.into());
            self
        }

        /// Its id, a UUIDv7 of about its time; a new one where it is not said.
        pub fn event_id(mut self, event_id: Uuid) -> Self {
            self.0.event_id(event_id);
            self
        }

        /// An object of texts; names that the format does not know become labels.
        pub fn metadata(mut self, metadata: impl Serialize) -> Self {
            self.0.metadata(&metadata);
            self
        }

        /// The action that this belongs to, as an object with `function`, `input`, `output`, `latency_ms`, `model`.
        pub fn with_action(mut self, action: impl Serialize) -> Self {
            self.0.part(Part::Action, &action);
            self
        }

        /// The decision that this came of, as an object.
        pub fn with_decision(mut self, decision: impl Serialize) -> Self {
            self.0.part(Part::Decision, &decision);
            self
        }

        /// The query that this belongs to, as an object.
        pub fn with_query(mut self, query: impl Serialize) -> Self {
            self.0.part(Part::Query, &query);
            self
        }

        /// The response that this belongs to, as an object.
        pub fn with_response(mut self, response: impl Serialize) -> Self {
            self.0.part(Part::Response, &response);
            self
        }
    };
}

/// An `ai.action`; see [`Recorder::action`].
#[derive(Debug)]
#[must_use = "it is recorded by `record()`"]
pub struct ActionBuilder<'r>(Draft<'r>);

impl<'r> ActionBuilder<'r> {
    const FUNCTION: usize = 0;
    const INPUT: usize = 1;
    const LATENCY: usize = 2;
    const MODEL: usize = 3;
    const OUTPUT: usize = 4;
    const TOKENS_USED: usize = 5;

    pub(super) fn new(recorder: &'r Recorder, function: &str) -> Self {
        let mut draft = recorder.draft(&ACTION);
        draft.text(Self::FUNCTION, function);
        Self(draft)
    }

    /// What it was called with.
    pub fn input(mut self, input: impl Serialize) -> Self {
        self.0.value(Self::INPUT, &input);
        self
    }

    /// What it gave.
    pub fn output(mut self, output: impl Serialize) -> Self {
        self.0.value(Self::OUTPUT, &output);
        self
    }

    /// Input and output in their canonical form.
    pub(crate) fn written(mut self, input: &[u8], output: &[u8]) -> Self {
        self.0.written(Self::INPUT, input);
        self.0.written(Self::OUTPUT, output);
        self
    }

    /// How long it took.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.0.milliseconds(Self::LATENCY, latency);
        self
    }

    /// The model that acted; the AI's version where it is not said.
    pub fn model(mut self, model: impl AsRef<str>) -> Self {
        self.0.text(Self::MODEL, model.as_ref());
        self
    }

    /// Tokens that it took.
    pub fn tokens_used(mut self, tokens: u64) -> Self {
        self.0.count(Self::TOKENS_USED, tokens);
        self
    }

    of_every_event!();

    /// Records it: the event's id, or `None` where it was let go.
    pub fn record(mut self) -> Option<Uuid> {
        for value in [Self::INPUT, Self::OUTPUT] {
            if !self.0.has(value) {
                self.0.value(value, &());
            }
        }
        if !self.0.has(Self::LATENCY) {
            self.0.count(Self::LATENCY, 0);
        }
        if !self.0.has(Self::MODEL) {
            let model = self.0.ai_version_of();
            self.0.text(Self::MODEL, &model);
        }
        self.0.record()
    }
}

/// An `ai.decision`; see [`Recorder::decision`].
#[derive(Debug)]
#[must_use = "it is recorded by `record()`"]
pub struct DecisionBuilder<'r>(Draft<'r>);

impl<'r> DecisionBuilder<'r> {
    const CHOSEN: usize = 0;
    const CONFIDENCE: usize = 1;
    const LOGIC: usize = 2;
    const OPTIONS: usize = 3;
    const TYPE: usize = 4;

    pub(super) fn new(recorder: &'r Recorder, r#type: &str, logic: &str) -> Self {
        let mut draft = recorder.draft(&DECISION);
        draft.text(Self::LOGIC, logic);
        draft.text(Self::TYPE, r#type);
        Self(draft)
    }

    /// What could have been chosen: a list.
    pub fn options(mut self, options: impl Serialize) -> Self {
        self.0.list(Self::OPTIONS, &options);
        self
    }

    /// What was.
    pub fn chosen(mut self, chosen: impl Serialize) -> Self {
        self.0.value(Self::CHOSEN, &chosen);
        self
    }

    /// How sure it was, from 0 to 1; 1 where it is not said.
    pub fn confidence(mut self, confidence: f64) -> Self {
        // Not a number is no confidence.
        let confidence = if confidence.is_nan() { 0.0 } else { confidence.clamp(0.0, 1.0) };
        self.0.value(Self::CONFIDENCE, &confidence);
        self
    }

    of_every_event!();

    /// Records it: the event's id, or `None` where it was let go.
    pub fn record(mut self) -> Option<Uuid> {
        if !self.0.has(Self::CHOSEN) {
            self.0.value(Self::CHOSEN, &());
        }
        if !self.0.has(Self::CONFIDENCE) {
            self.0.count(Self::CONFIDENCE, 1);
        }
        if !self.0.has(Self::OPTIONS) {
            self.0.value(Self::OPTIONS, &[(); 0]);
        }
        self.0.record()
    }
}

/// An `ai.error`; see [`Recorder::error`] and [`Recorder::failure`].
#[derive(Debug)]
#[must_use = "it is recorded by `record()`"]
pub struct ErrorBuilder<'r>(Draft<'r>);

impl<'r> ErrorBuilder<'r> {
    const CODE: usize = 0;
    const MESSAGE: usize = 1;
    const RECOVERABLE: usize = 2;
    const STACK: usize = 3;

    pub(super) fn new(recorder: &'r Recorder, code: &str, message: &str) -> Self {
        let mut draft = recorder.draft(&ERROR);
        draft.text(Self::CODE, code);
        draft.text(Self::MESSAGE, message);
        Self(draft)
    }

    pub(super) fn of(recorder: &'r Recorder, error: &(dyn StdError + '_)) -> Self {
        let mut draft = recorder.draft(&ERROR);
        draft.text(Self::CODE, &code_of(error));
        draft.value(Self::MESSAGE, &Shown(error));
        if error.source().is_some() {
            draft.value(Self::STACK, &Shown(&Sources(error)));
        }
        Self(draft)
    }

    /// Where it happened.
    pub fn stack(mut self, stack: impl AsRef<str>) -> Self {
        self.0.text(Self::STACK, stack.as_ref());
        self
    }

    /// Whether the AI can go on; false where it is not said.
    pub fn recoverable(mut self, is_recoverable: bool) -> Self {
        self.0.value(Self::RECOVERABLE, &is_recoverable);
        self
    }

    of_every_event!();

    /// Records it: the event's id, or `None` where it was let go.
    pub fn record(mut self) -> Option<Uuid> {
        if !self.0.has(Self::RECOVERABLE) {
            self.0.value(Self::RECOVERABLE, &false);
        }
        self.0.record()
    }
}

/// By its text. Where that fails or panics, a mark.
struct Shown<T>(T);

impl<T: fmt::Display> Serialize for Shown<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use fmt::Write as _;
        let mut text = String::new();
        write!(text, "{}", self.0).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

/// The errors that one came of, a line of each.
struct Sources<'e>(&'e (dyn StdError + 'e));

impl fmt::Display for &Sources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut source = self.0.source();
        for number in 0..SOURCES_MAX {
            let Some(error) = source else { break };
            let line_end = if number == 0 { "" } else { "\n" };
            write!(f, "{line_end}caused by {}: {error}", code_of(error))?;
            source = error.source();
        }
        Ok(())
    }
}

/// An `ai.query`; see [`Recorder::query`].
#[derive(Debug)]
#[must_use = "it is recorded by `record()`"]
pub struct QueryBuilder<'r>(Draft<'r>);

impl<'r> QueryBuilder<'r> {
    const MESSAGES: usize = 0;
    const MODEL: usize = 1;
    const PARAMETERS: usize = 2;
    const PROMPT: usize = 3;

    pub(super) fn new(recorder: &'r Recorder) -> Self {
        Self(recorder.draft(&QUERY))
    }

    /// What was asked, as one text.
    pub fn prompt(mut self, prompt: impl AsRef<str>) -> Self {
        self.0.text(Self::PROMPT, prompt.as_ref());
        self
    }

    /// What was asked, as a list of messages.
    pub fn messages(mut self, messages: impl Serialize) -> Self {
        self.0.list(Self::MESSAGES, &messages);
        self
    }

    /// The model that was asked.
    pub fn model(mut self, model: impl AsRef<str>) -> Self {
        self.0.text(Self::MODEL, model.as_ref());
        self
    }

    /// What it was asked with: a temperature, tools, …
    pub fn parameters(mut self, parameters: impl Serialize) -> Self {
        self.0.value(Self::PARAMETERS, &parameters);
        self
    }

    of_every_event!();

    /// Records it: the event's id, or `None` where it was let go.
    pub fn record(mut self) -> Option<Uuid> {
        if !self.0.has(Self::PROMPT) && !self.0.has(Self::MESSAGES) {
            self.0.text(Self::PROMPT, "");
        }
        self.0.record()
    }
}

/// An `ai.response`; see [`Recorder::response`].
#[derive(Debug)]
#[must_use = "it is recorded by `record()`"]
pub struct ResponseBuilder<'r>(Draft<'r>);

impl<'r> ResponseBuilder<'r> {
    const FINISH_REASON: usize = 0;
    const LATENCY: usize = 1;
    const MODEL: usize = 2;
    const OUTPUT: usize = 3;
    const USAGE: usize = 4;

    pub(super) fn new(recorder: &'r Recorder, output: &(impl Serialize + ?Sized)) -> Self {
        let mut draft = recorder.draft(&RESPONSE);
        draft.value(Self::OUTPUT, output);
        Self(draft)
    }

    /// The model that answered.
    pub fn model(mut self, model: impl AsRef<str>) -> Self {
        self.0.text(Self::MODEL, model.as_ref());
        self
    }

    /// Why it ended.
    pub fn finish_reason(mut self, reason: impl AsRef<str>) -> Self {
        self.0.text(Self::FINISH_REASON, reason.as_ref());
        self
    }

    /// Tokens that it took.
    pub fn usage(mut self, input_tokens: u64, output_tokens: u64) -> Self {
        const MOST: u64 = aibbar::json::INTEGER_MAX.unsigned_abs();
        #[derive(Serialize)]
        struct Usage {
            input_tokens: u64,
            output_tokens: u64,
        }
        let usage = Usage { input_tokens: input_tokens.min(MOST), output_tokens: output_tokens.min(MOST) };
        self.0.value(Self::USAGE, &usage);
        self
    }

    /// How long it took.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.0.milliseconds(Self::LATENCY, latency);
        self
    }

    of_every_event!();

    /// Records it: the event's id, or `None` where it was let go.
    pub fn record(self) -> Option<Uuid> {
        self.0.record()
    }
}
