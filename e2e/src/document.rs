//! The API's own document, as a test reads it: its operations, its examples, and whether an answer is as it says.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::{Answer, Client};

/// `/api/openapi.json` of a running gateway.
pub struct Document(Value);

/// One method of one path.
#[derive(Clone, Copy)]
pub struct Operation<'d> {
    document: &'d Document,
    /// `GET`, `POST`, …
    pub method: &'d str,
    /// With its parameters in braces.
    pub path: &'d str,
    told: &'d Value,
}

/// An example of a request's body.
pub struct RequestExample<'d> {
    /// `one`, or `example` when there is but one.
    pub name: &'d str,
    /// `application/json`, `application/x-ndjson`.
    pub content_type: &'d str,
    /// The body; a string when it is not JSON.
    pub value: &'d Value,
}

impl Document {
    /// Asks the gateway for it.
    pub async fn of(client: &Client) -> Document {
        Document(client.get("/api/openapi.json").await.expect(200).body)
    }

    /// Every operation, by path and method.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        const METHODS: [(&str, &str); 5] =
            [("get", "GET"), ("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")];
        let mut operations = Vec::new();
        for (path, methods) in self.0["paths"].as_object().expect("the document has paths") {
            for (key, method) in METHODS {
                if let Some(told) = methods.get(key) {
                    operations.push(Operation { document: self, method, path, told });
                }
            }
        }
        operations
    }

    /// What a value says, itself or the component that it refers to.
    fn resolved<'d>(&'d self, value: &'d Value) -> &'d Value {
        match value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => self.0.pointer(pointer).unwrap_or_else(|| panic!("{pointer} leads nowhere")),
            None => value,
        }
    }

    fn validator(&self, schema: &Value) -> Validator {
        let root = json!({ "allOf": [schema], "components": self.0["components"] });
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&root)
            .unwrap_or_else(|error| panic!("the document holds something that is no schema: {error}"))
    }

    fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(schema);
        validator.iter_errors(value).map(|error| format!("at {:?}: {error}", error.instance_path().as_str())).collect()
    }
}

impl<'d> Operation<'d> {
    /// `POST /aibbar/events`
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it takes the id of the organisation that is meant.
    pub fn names_an_organisation(&self) -> bool {
        let parameters = self.told["parameters"].as_array();
        parameters.is_some_and(|all| all.iter().any(|parameter| parameter["name"] == "X-Org-Id"))
    }

    /// The names of the ways to show who calls; none for an open operation.
    pub fn ways_in(&self) -> Vec<&'d str> {
        let ways = self.told["security"].as_array().map(Vec::as_slice).unwrap_or_default();
        ways.iter().filter_map(Value::as_object).flat_map(Map::keys).map(String::as_str).collect()
    }

    /// The names of the parameters in its path.
    pub fn path_parameters(&self) -> Vec<&'d str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    /// Every example of its body.
    pub fn request_examples(&self) -> Vec<RequestExample<'d>> {
        let contents = self.told["requestBody"]["content"].as_object();
        let examples = contents.into_iter().flatten().flat_map(|(content_type, content)| {
            examples(self.document, content).into_iter().map(move |(name, value)| RequestExample {
                name,
                content_type,
                value,
            })
        });
        examples.collect()
    }

    /// Whether it takes a body.
    pub fn takes_a_body(&self) -> bool {
        self.told.get("requestBody").is_some()
    }

    /// Everything that is wrong with its examples.
    pub fn faults_of_examples(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let bodies = [("request".to_owned(), &self.told["requestBody"])].into_iter();
        let responses = self.told["responses"].as_object().expect("an operation has responses").iter();
        let responses = responses.map(|(status, response)| (status.clone(), self.document.resolved(response)));
        for (place, told) in bodies.chain(responses) {
            for (content_type, content) in told["content"].as_object().into_iter().flatten() {
                for (name, value) in examples(self.document, content) {
                    let wrong = self.document.faults(&content["schema"], value);
                    faults.extend(
                        wrong
                            .into_iter()
                            .map(|fault| format!("{} {place} {content_type} example {name}: {fault}", self.name())),
                    );
                }
            }
        }
        faults
    }

    /// What is wrong with this answer, when its status, its form or its body is not as documented.
    pub fn fault_of(&self, answer: &Answer) -> Option<String> {
        let responses = self.told["responses"].as_object()?;
        let name = self.name();
        let Some(response) = responses.get(&answer.status.to_string()) else {
            return Some(format!("{name} answered {}, which is not documented: {}", answer.status, answer.body));
        };
        let response = self.document.resolved(response);
        let sent = answer.headers.get("content-type").and_then(|value| value.to_str().ok());
        let essence = sent.map(|sent| sent.split(';').next().unwrap_or_default().trim());
        match (response["content"].as_object(), essence) {
            (None, _) => {
                let is_empty = answer.body.as_str() == Some("");
                (!is_empty).then(|| format!("{name} {} has a body, and none is documented", answer.status))
            }
            (Some(contents), Some(essence)) => {
                let Some(content) = contents.get(essence).or_else(|| contents.get("*/*")) else {
                    return Some(format!("{name} {} came as {essence}, which is not documented", answer.status));
                };
                let faults = self.document.faults(&content["schema"], &answer.body);
                let told = faults.join("; ");
                (!faults.is_empty()).then(|| format!("{name} {}: {told}: {}", answer.status, answer.body))
            }
            (Some(_), None) => Some(format!("{name} {} has no content type", answer.status)),
        }
    }
}

fn examples<'d>(document: &'d Document, content: &'d Value) -> Vec<(&'d str, &'d Value)> {
    let one = content.get("example").map(|value| ("example", value));
    let many = content["examples"].as_object().into_iter().flatten();
    let many = many.map(|(name, example)| (name.as_str(), &document.resolved(example)["value"]));
    one.into_iter().chain(many).collect()
}
