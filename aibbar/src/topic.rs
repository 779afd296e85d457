//! Names of topics and groups: an organisation's own, and what they are called in the log.
//!
//! One log carries the topics of all organisations, so what an organisation calls `orders` is called otherwise there.
//! This is the one place that knows how.

use std::fmt;

use uuid::Uuid;

use crate::record::{DEAD_LETTERS_TOPIC, EVENTS_TOPIC};

/// Characters of an organisation's topic at most. Kafka takes 249; the rest names the organisation.
pub const TOPIC_NAME_CHARS_MAX: usize = 200;

/// Characters of a group's name at most.
pub const GROUP_NAME_CHARS_MAX: usize = 200;

/// Names beginning so are GAPIN's own.
const RESERVED: &str = "aibbar.";

/// What stands between a topic and a group: no topic's name holds it, so no two pairs are alike.
const BETWEEN: char = '/';

/// The name that an organisation gives a topic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicName(String);

/// Why a name is none, as a sentence with the rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAName(String);

impl TopicName {
    /// Kafka's rule (1 to [`TOPIC_NAME_CHARS_MAX`] of `A–Z a–z 0–9 . _ -`, neither `.` nor `..`), and no name that begins
    /// with `aibbar.` but [`EVENTS_TOPIC`].
    pub fn parse(name: &str) -> Result<TopicName, NotAName> {
        check("topic", name, TOPIC_NAME_CHARS_MAX)?;
        if name.starts_with(RESERVED) && name != EVENTS_TOPIC {
            return Err(NotAName(format!("names that begin with {RESERVED:?} are GAPIN's own")));
        }
        Ok(TopicName(name.to_owned()))
    }

    /// As the organisation calls it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the topic of all organisations' events, which is there for everybody.
    pub fn is_events(&self) -> bool {
        self.0 == EVENTS_TOPIC
    }

    /// As the log calls this organisation's topic: `<organisation as 32 hex digits>.<name>`; [`EVENTS_TOPIC`] is the same
    /// for all.
    pub fn in_log(&self, org_id: Uuid) -> String {
        if self.is_events() { self.0.clone() } else { format!("{}.{}", org_id.simple(), self.0) }
    }

    /// What the log takes for the same name: Kafka refuses two topics that differ in `.` and `_` alone.
    pub fn folded(&self) -> String {
        self.0.replace('.', "_")
    }
}

impl fmt::Display for TopicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The organisation and its name for a topic of the log; `None` for what is no organisation's.
pub fn owner_of(in_log: &str) -> Option<(Uuid, TopicName)> {
    let (organisation, name) = in_log.split_once('.')?;
    if organisation.len() != 32 || organisation.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let name = TopicName::parse(name).ok().filter(|name| !name.is_events())?;
    Some((Uuid::try_parse(organisation).ok()?, name))
}

/// The name of a group of readers, of one topic of one organisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupName(String);

impl GroupName {
    /// 1 to [`GROUP_NAME_CHARS_MAX`] of `A–Z a–z 0–9 . _ -`.
    pub fn parse(name: &str) -> Result<GroupName, NotAName> {
        check("group", name, GROUP_NAME_CHARS_MAX).map(|()| GroupName(name.to_owned()))
    }

    /// As the organisation calls it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the log calls it: `<the topic in the log>/<name>`, and on the topic of all with the organisation before it.
    pub fn in_log(&self, org_id: Uuid, topic: &TopicName) -> String {
        format!("{}{}", groups_prefix(org_id, topic), self.0)
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the names of an organisation's groups of this topic begin in the log.
pub fn groups_prefix(org_id: Uuid, topic: &TopicName) -> String {
    format!("{}.{topic}{BETWEEN}", org_id.simple())
}

/// Whether the log has this topic for GAPIN itself.
pub fn is_internal(in_log: &str) -> bool {
    in_log == EVENTS_TOPIC || in_log == DEAD_LETTERS_TOPIC
}

fn check(what: &str, name: &str, chars_max: usize) -> Result<(), NotAName> {
    let refuse = |rule: String| Err(NotAName(rule));
    if let Some(c) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || "._-".contains(*c))) {
        return refuse(format!("a {what}'s name has only A–Z a–z 0–9 . _ -, and this has {c:?}"));
    }
    if name.is_empty() || name.len() > chars_max {
        return refuse(format!("a {what}'s name has 1 to {chars_max} characters, and this has {}", name.len()));
    }
    if name == "." || name == ".." {
        return refuse(format!("{name:?} is no {what}'s name"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const ORG: Uuid = Uuid::from_u128(0x0198_0a5e_7d7a_7c1e_b5f8_3f1c_2a9d_4e60);

    #[test]
    fn a_name_follows_kafkas_rule_and_the_longest_fits_there() {
        let longest = "x".repeat(TOPIC_NAME_CHARS_MAX);
        for good in ["a", "orders", "A-Z_0.9", "...", "aibbar", EVENTS_TOPIC, &longest] {
            assert!(TopicName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "a b", "a/b", "ä", "a\0", "aibbar.x", DEAD_LETTERS_TOPIC, &format!("{longest}x")] {
            assert!(TopicName::parse(bad).is_err(), "{bad}");
        }
        assert!(TopicName::parse(&longest).unwrap().in_log(ORG).len() <= 249);
    }

    #[test]
    fn two_organisations_have_topics_of_one_name() {
        let orders = TopicName::parse("orders").unwrap();
        assert_eq!(orders.in_log(ORG), "01980a5e7d7a7c1eb5f83f1c2a9d4e60.orders");
        assert_ne!(orders.in_log(ORG), orders.in_log(Uuid::nil()));
        assert_eq!(owner_of(&orders.in_log(ORG)), Some((ORG, orders)));
        for nobodys in [EVENTS_TOPIC, DEAD_LETTERS_TOPIC, "orders", "__consumer_offsets", "01980a5e.orders"] {
            assert_eq!(owner_of(nobodys), None, "{nobodys}");
        }
    }

    #[test]
    fn no_two_groups_are_alike_in_the_log() {
        let name =
            |topic: &str, group: &str| GroupName::parse(group).unwrap().in_log(ORG, &TopicName::parse(topic).unwrap());
        assert_ne!(name("a.b", "c"), name("a", "b.c"));
        assert_eq!(name("aibbar.events", "audit"), "01980a5e7d7a7c1eb5f83f1c2a9d4e60.aibbar.events/audit");
        assert!(GroupName::parse("a/b").is_err());
    }
}
