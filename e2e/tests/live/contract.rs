//! `contract/asyncapi.yaml`, as frames are held to it.

use std::{collections::BTreeSet, process::Command};

use jsonschema::Validator;
use serde_json::{Value, json};

/// What a gateway sends; the rest is what clients say.
const WATCH: &str = "/operations/watch/messages";
const CONTROL: &str = "/operations/control/messages";

/// The document, and which of its frames were seen.
pub(crate) struct Contract {
    document: Value,
    seen: BTreeSet<String>,
}

impl Contract {
    /// Reads it. It is YAML, for which the tests' Python has a reader.
    pub(crate) fn read() -> Contract {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../contract/asyncapi.yaml");
        let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1], encoding='utf-8'))))";
        let ran = Command::new(testbed::python_tool("python")).args(["-c", script, path]).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let document: Value = serde_json::from_slice(&ran.stdout).unwrap();
        assert_eq!(document["asyncapi"], "3.0.0");
        Contract { document, seen: BTreeSet::new() }
    }

    /// Stops the test unless the frame is as its type says.
    #[track_caller]
    pub(crate) fn holds(&mut self, frame: &Value) {
        let kind = frame["type"].as_str().unwrap_or_else(|| panic!("a frame has a type: {frame}"));
        assert!(self.names(WATCH).contains(kind), "{kind} is in no document");
        let faults: Vec<String> = self.validator(kind).iter_errors(frame).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{frame}: {faults:?}");
        self.seen.insert(kind.to_owned());
    }

    /// Stops the test unless what a client says is as the document has it.
    #[track_caller]
    pub(crate) fn takes(&self, frame: &Value) {
        let kind = frame["type"].as_str().unwrap();
        assert!(self.names(CONTROL).contains(kind), "{kind} is in no document");
        let faults: Vec<String> = self.validator(kind).iter_errors(frame).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{frame}: {faults:?}");
    }

    /// Stops the test when a type of frame that the document has was not seen.
    #[track_caller]
    pub(crate) fn was_seen_whole(&self, except: &[&str]) {
        let missing: Vec<String> =
            self.names(WATCH).difference(&self.seen).filter(|kind| !except.contains(&kind.as_str())).cloned().collect();
        assert!(missing.is_empty(), "documented, and never sent: {missing:?}");
    }

    /// The names of the messages that an operation of the document lists, each of which leads to its own component.
    fn names(&self, operation: &str) -> BTreeSet<String> {
        let listed = self.document.pointer(operation).and_then(Value::as_array).unwrap();
        let name = |message: &Value| {
            let channel = message["$ref"].as_str().unwrap().strip_prefix('#').unwrap();
            let component = self.document.pointer(channel).unwrap()["$ref"].as_str().unwrap();
            let name = component.strip_prefix("#/components/messages/").unwrap();
            assert_eq!(channel.rsplit('/').next(), Some(name));
            name.to_owned()
        };
        listed.iter().map(name).collect()
    }

    fn validator(&self, kind: &str) -> Validator {
        let payload = &self.document["components"]["messages"][kind]["payload"];
        let root = json!({ "allOf": [payload], "components": self.document["components"] });
        jsonschema::draft202012::options().should_validate_formats(true).build(&root).unwrap()
    }
}
