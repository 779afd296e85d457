//! The cursor of a live stream: where it is in each of its topics.
//!
//! Of one topic it is the cursor that any reading of that topic has; of several, theirs with dots between them, in the
//! order in which the stream names the topics.

use std::sync::Arc;

use super::topic::Places;
use crate::{
    problem::Problem,
    streams::{
        cursor::{self, Cursor, EARLIEST},
        topic::FoundTopic,
    },
};

/// Between the cursors of topics; no cursor has it.
const BETWEEN: char = '.';

pub(super) fn encode(places: &Places) -> String {
    let mut cursors = places.iter().map(|place| cursor::encode(place.topic.id, &place.positions, None));
    let mut text = cursors.next().unwrap_or_default();
    for other in cursors {
        text.push(BETWEEN);
        text.push_str(&other);
    }
    text
}

/// A cursor of each of these topics.
///
/// # Errors
/// `invalid_cursor` for what no stream of these topics gave.
pub(super) fn decode(text: &str, topics: &[Arc<FoundTopic>]) -> Result<Vec<Cursor>, Problem> {
    let texts: Vec<&str> = if text == EARLIEST {
        vec![EARLIEST; topics.len()]
    } else {
        text.split(BETWEEN).take(topics.len() + 1).collect()
    };
    if texts.len() != topics.len() {
        return Err(cursor::invalid("The cursor is of a stream of other topics; connect without one."));
    }
    texts.into_iter().zip(topics).map(|(text, topic)| Cursor::decode(text, topic.id)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::topic::TopicName;
    use uuid::Uuid;

    use super::*;
    use crate::live::topic::events;

    #[test]
    fn a_cursor_is_of_the_topics_of_its_stream() {
        let orders = FoundTopic::of(Uuid::now_v7(), Uuid::now_v7(), TopicName::parse("orders").unwrap());
        let (orders, events) = (Arc::new(orders), Arc::new(events()));
        let both = [orders.clone(), events.clone()];
        let mut places = Places::new(&both);
        places.at_mut(0).positions.insert(0, 7);
        places.at_mut(1).positions.insert(3, 9);
        let text = encode(&places);
        let decoded = decode(&text, &both).unwrap();
        assert_eq!(decoded[0].positions, places.at(0).positions);
        assert_eq!(decoded[1].positions, places.at(1).positions);
        assert!(decode("earliest", &both).unwrap().iter().all(|cursor| cursor.positions.is_empty()));
        for others in [std::slice::from_ref(&orders), std::slice::from_ref(&events), &[events.clone(), orders.clone()]]
        {
            assert!(decode(&text, others).is_err());
        }
    }
}
