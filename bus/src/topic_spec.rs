//! What may be a topic, and how large a record is: the same rule in both logs.

use crate::{LogError, LogRecord, NewRecord, TopicSpec};

/// Characters of a topic's name at most: Kafka's own bound.
const NAME_LENGTH_MAX: usize = 249;

/// Partitions of one topic at most; past this a broker, too, is better served by more topics.
pub const PARTITIONS_MAX: u32 = 10_000;

impl TopicSpec {
    /// Whether a log would take this as a topic, with the rule that it breaks when not.
    pub fn check(&self) -> Result<(), LogError> {
        let refuse = |rule: String| Err(LogError::InvalidTopic(rule));
        let name = &self.name;
        if name.is_empty() || name.len() > NAME_LENGTH_MAX {
            return refuse(format!("a name has 1 to {NAME_LENGTH_MAX} characters, this has {}", name.len()));
        }
        if name == "." || name == ".." {
            return refuse(format!("{name:?} is not a name"));
        }
        if let Some(c) = name.chars().find(|c| !(c.is_ascii_alphanumeric() || "._-".contains(*c))) {
            return refuse(format!("{name:?} has {c:?}, and a name has only A–Z a–z 0–9 . _ -"));
        }
        if !(1..=PARTITIONS_MAX).contains(&self.partitions) {
            return refuse(format!("a topic has 1 to {PARTITIONS_MAX} partitions, not {}", self.partitions));
        }
        Ok(())
    }
}

/// Whether a topic of so many partitions may come to have these.
pub(crate) fn may_have(before: u32, partitions: u32) -> Result<(), LogError> {
    if partitions < before {
        return Err(LogError::InvalidTopic(format!("it has {before} partitions, and none can be taken away")));
    }
    if partitions > PARTITIONS_MAX {
        return Err(LogError::InvalidTopic(format!("a topic has {PARTITIONS_MAX} partitions at most")));
    }
    Ok(())
}

impl NewRecord {
    /// Key, payload and headers together: what a log's bound on records counts.
    pub fn size_bytes(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.key.len() + self.payload.len() + headers
    }
}

impl LogRecord {
    /// Key, payload and headers together: what the bound on a read counts.
    pub fn size_bytes(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        self.key.len() + self.payload.len() + headers
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn check(name: &str, partitions: u32) -> Result<(), LogError> {
        TopicSpec { name: name.into(), partitions, retention: None, compacted: false }.check()
    }

    #[test]
    fn kafkas_rule_for_names_is_kept() {
        for good in ["a", "aibbar.events", "A-Z_0.9", "...", &"x".repeat(249)] {
            assert_eq!(check(good, 1), Ok(()), "{good}");
        }
        for bad in ["", ".", "..", "a b", "a/b", "ä", "a\0", &"x".repeat(250)] {
            assert!(matches!(check(bad, 1), Err(LogError::InvalidTopic(_))), "{bad}");
        }
    }

    #[test]
    fn partitions_are_added_within_the_bound() {
        for (partitions, may) in [(3, true), (PARTITIONS_MAX, true), (2, false), (PARTITIONS_MAX + 1, false)] {
            assert_eq!(may_have(3, partitions).is_ok(), may, "{partitions}");
        }
    }

    #[test]
    fn a_topic_has_at_least_one_partition() {
        assert!(matches!(check("a", 0), Err(LogError::InvalidTopic(_))));
        assert!(matches!(check("a", PARTITIONS_MAX + 1), Err(LogError::InvalidTopic(_))));
    }
}
