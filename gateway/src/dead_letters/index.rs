//! What is known of the letters without reading them again: everything but what they carry.
//!
//! Pure: entries of the topic go in, in the order of each partition, and every process that read as far has the same.
//! Bounded: of each organisation the newest letters, and of all together. What is older is still in the topic.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aibbar::{
    Timestamp,
    dead_letter::{Content, DeadLetter, LetterHead, NotRedrivable, Place, Reason, Redriven, Source, redrivable},
};
use bus::{Partition, PartitionBounds};
use store::OrgId;

/// Letters of one organisation that are known at most: the newest. A letter is some 500 bytes here.
const OF_ONE_MAX: usize = 10_000;

/// Letters of all together that are known at most: the newest. Some 100 MB.
const OF_ALL_MAX: usize = 200_000;

/// One letter, as far as it is known without reading it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Where it lies in the topic; its id. Of a letter that is there twice, the first.
    pub place: Place,
    /// When the log took it, in milliseconds since the Unix epoch.
    pub appended_at_ms: i64,
    /// What it says.
    pub head: LetterHead,
    /// Whether it carries a record.
    pub has_record: bool,
    /// That, and by whom, its record was appended again; the last time.
    pub redriven: Option<Redriven>,
}

impl Known {
    /// Its place in the order of all letters.
    pub fn order(&self) -> Order {
        Order { appended_at_ms: self.appended_at_ms, place: self.place }
    }

    /// Whether its record may be appended again.
    pub fn redrivable(&self) -> Result<(), NotRedrivable> {
        redrivable(&self.head, self.has_record)
    }
}

/// The letters of one owner that match, parted by whether anything can be done about them.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Those whose record may be appended again, oldest first.
    pub letters: Vec<Known>,
    /// Whether there are more of those.
    pub more: bool,
    /// How many match and can't be redriven, and why.
    pub left_out: BTreeMap<NotRedrivable, u64>,
}

/// Older before newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Order {
    /// When the log took it.
    pub appended_at_ms: i64,
    /// Tells apart what it took in the same millisecond.
    pub place: Place,
}

/// Whether something was done about a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody appended its record again.
    Open,
    /// Somebody did.
    Redriven,
}

impl State {
    /// The API's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Redriven => "redriven",
        }
    }

    /// The state that this word names.
    pub fn parse(word: &str) -> Option<State> {
        [State::Open, State::Redriven].into_iter().find(|state| state.as_str() == word)
    }

    /// The state of this letter.
    pub fn of(known: &Known) -> State {
        if known.redriven.is_some() { State::Redriven } else { State::Open }
    }
}

/// Which letters are wanted. `None` means any.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Why they are letters.
    pub reason: Option<Reason>,
    /// Whether something was done about them.
    pub state: Option<State>,
    /// Made at or after this.
    pub from: Option<Timestamp>,
    /// Made before this.
    pub to: Option<Timestamp>,
}

impl Filter {
    fn matches(&self, known: &Known) -> bool {
        let at = known.head.at.unix_ns();
        self.reason.is_none_or(|reason| reason == known.head.reason)
            && self.state.is_none_or(|state| state == State::of(known))
            && self.from.is_none_or(|from| at >= from.unix_ns())
            && self.to.is_none_or(|to| at < to.unix_ns())
    }
}

/// Whose letters; `None`: nobody's.
type Owner = Option<OrgId>;

/// Every letter that is known.
#[derive(Default)]
pub struct Index {
    of: HashMap<Owner, BTreeMap<Order, Known>>,
    /// Letters, by what they are about: tells a double, and where a marker belongs.
    sources: HashMap<Source, (Owner, Order)>,
    places: HashMap<Place, (Owner, Order)>,
    /// All of them, for the oldest.
    orders: BTreeSet<(Order, Owner)>,
    open: BTreeSet<Order>,
    open_by_reason: BTreeMap<Reason, usize>,
}

impl Index {
    /// Takes in a letter, which lies here since then. A double of one that is known changes nothing.
    pub fn add(&mut self, place: Place, appended_at_ms: i64, letter: DeadLetter) {
        let DeadLetter { head, content } = letter;
        if self.sources.contains_key(&head.source) {
            return;
        }
        let has_record = matches!(content, Content::Record(_));
        let known = Known { place, appended_at_ms, head, has_record, redriven: None };
        let (owner, order) = (known.head.org_id, known.order());
        self.sources.insert(known.head.source.clone(), (owner, order));
        self.places.insert(place, (owner, order));
        self.orders.insert((order, owner));
        self.count_open(&known, true);
        let of_one = self.of.entry(owner).or_default();
        of_one.insert(order, known);
        let one_too_many = (of_one.len() > OF_ONE_MAX).then(|| of_one.first_key_value().map(|(order, _)| *order));
        if let Some(oldest) = one_too_many.flatten() {
            self.remove(owner, oldest);
        }
        if self.orders.len() > OF_ALL_MAX
            && let Some((oldest, owner)) = self.orders.first().copied()
        {
            self.remove(owner, oldest);
        }
    }

    /// Takes in a marker. It comes after its letter, in the same partition; that of a letter that is no longer known is
    /// of no use.
    pub fn mark(&mut self, marker: Redriven) {
        let Some((owner, order)) = self.sources.get(&marker.source).copied() else { return };
        let Some(known) = self.of.get_mut(&owner).and_then(|of_one| of_one.get_mut(&order)) else { return };
        let was_open = known.redriven.replace(marker).is_none();
        if was_open {
            let reason = known.head.reason;
            self.open.remove(&order);
            *self.open_by_reason.entry(reason).or_default() -= 1;
        }
    }

    /// Forgets what the topic no longer keeps.
    pub fn forget_before(&mut self, bounds: &BTreeMap<Partition, PartitionBounds>) {
        let is_gone = |place: Place| bounds.get(&place.partition).is_some_and(|b| place.offset < b.earliest);
        // Retention takes the oldest first: the first that is still there ends the search in its partition.
        let mut there = BTreeSet::new();
        let mut gone = Vec::new();
        for (order, owner) in &self.orders {
            if there.len() == bounds.len() {
                break;
            }
            if is_gone(order.place) {
                gone.push((*owner, *order));
            } else {
                there.insert(order.place.partition);
            }
        }
        for (owner, order) in gone {
            self.remove(owner, order);
        }
    }

    /// At most `limit` letters of this owner older than `before` that match, newest first; and where to go on when there
    /// may be more.
    pub fn page(
        &self,
        owner: Owner,
        filter: &Filter,
        before: Option<Order>,
        limit: usize,
    ) -> (Vec<Known>, Option<Order>) {
        let Some(of_one) = self.of.get(&owner) else { return (Vec::new(), None) };
        let older = match before {
            Some(before) => of_one.range(..before),
            None => of_one.range(..),
        };
        let mut matching = older.rev().map(|(_, known)| known).filter(|known| filter.matches(known));
        let page: Vec<Known> = matching.by_ref().take(limit).cloned().collect();
        let next = matching.next().and(page.last()).map(Known::order);
        (page, next)
    }

    /// At most `limit` letters of this owner that match and whose record may be appended again, oldest first: so the
    /// order of each AI system's events is kept. What can't be is counted.
    pub fn redrivable(&self, owner: Owner, filter: &Filter, limit: usize) -> Chosen {
        let mut chosen = Chosen::default();
        let of_one = self.of.get(&owner).into_iter().flat_map(BTreeMap::values);
        for known in of_one.filter(|known| filter.matches(known)) {
            match known.redrivable() {
                Err(why) => *chosen.left_out.entry(why).or_default() += 1,
                Ok(()) if chosen.letters.len() < limit => chosen.letters.push(known.clone()),
                Ok(()) => chosen.more = true,
            }
        }
        chosen
    }

    /// The letter of this place, if it is this owner's.
    pub fn get(&self, owner: Owner, place: Place) -> Option<&Known> {
        let (found, order) = self.places.get(&place)?;
        self.of.get(found).filter(|_| *found == owner)?.get(order)
    }

    /// Everyone who has letters.
    pub fn owners(&self) -> impl Iterator<Item = Owner> {
        self.of.keys().copied()
    }

    /// Open letters with this reason.
    pub fn open_count(&self, reason: Reason) -> usize {
        self.open_by_reason.get(&reason).copied().unwrap_or_default()
    }

    /// When the log took the oldest open letter, in milliseconds since the Unix epoch.
    pub fn oldest_open_ms(&self) -> Option<i64> {
        self.open.first().map(|order| order.appended_at_ms)
    }

    fn remove(&mut self, owner: Owner, order: Order) {
        let Some(of_one) = self.of.get_mut(&owner) else { return };
        let Some(known) = of_one.remove(&order) else { return };
        if of_one.is_empty() {
            self.of.remove(&owner);
        }
        self.sources.remove(&known.head.source);
        self.places.remove(&order.place);
        self.orders.remove(&(order, owner));
        if known.redriven.is_none() {
            self.count_open(&known, false);
        }
    }

    fn count_open(&mut self, known: &Known, is_new: bool) {
        let count = self.open_by_reason.entry(known.head.reason).or_default();
        if is_new {
            *count += 1;
            self.open.insert(known.order());
        } else {
            *count -= 1;
            self.open.remove(&known.order());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aibbar::record::EVENTS_TOPIC;
    use uuid::Uuid;

    use super::*;

    const ORG: Uuid = Uuid::from_u128(1);

    fn source(offset: u64) -> Source {
        Source { topic: EVENTS_TOPIC.to_owned(), place: Place { partition: 0, offset }, carried_at: None }
    }

    fn letter(of: u64, owner: Owner) -> DeadLetter {
        let head = LetterHead {
            reason: Reason::RefusedByStore,
            detail: String::new(),
            source: source(of),
            at: Timestamp::from_unix_ms(of as i64),
            org_id: owner,
            ai_id: None,
            event_id: None,
            redrive: None,
        };
        DeadLetter { head, content: Content::Record(String::new()) }
    }

    fn at(offset: u64) -> Place {
        Place { partition: 0, offset }
    }

    fn marker(of: u64) -> Redriven {
        let (by_kind, by_id) = ("user".to_owned(), "u".to_owned());
        Redriven { source: source(of), at: Timestamp::from_unix_ms(0), by_kind, by_id, to: EVENTS_TOPIC.to_owned() }
    }

    /// Letters of record 0 to n, at the same places.
    fn index(count: u64) -> Index {
        let mut index = Index::default();
        for n in 0..count {
            index.add(at(n), n as i64 / 3, letter(n, Some(ORG)));
        }
        index
    }

    fn offsets(page: &[Known]) -> Vec<u64> {
        page.iter().map(|known| known.place.offset).collect()
    }

    #[test]
    fn pages_are_complete_newest_first_while_letters_arrive() {
        let mut index = index(10);
        let mut before = None;
        let mut seen = Vec::new();
        loop {
            let (page, next) = index.page(Some(ORG), &Filter::default(), before, 3);
            seen.extend(offsets(&page));
            index.add(at(100 + seen.len() as u64), 1_000, letter(100 + seen.len() as u64, Some(ORG)));
            match next {
                Some(next) => before = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, (0..10).rev().collect::<Vec<_>>());
    }

    #[test]
    fn a_letter_that_is_there_twice_is_one() {
        let mut index = index(3);
        index.mark(marker(1));
        index.add(at(3), 9, letter(1, Some(ORG)));
        let (page, _) = index.page(Some(ORG), &Filter::default(), None, 10);
        assert_eq!(offsets(&page), [2, 1, 0]);
        assert_eq!(page.iter().map(State::of).collect::<Vec<_>>(), [State::Open, State::Redriven, State::Open]);
        assert!(index.get(Some(ORG), at(3)).is_none());
    }

    #[test]
    fn nobody_sees_anothers() {
        let mut index = index(2);
        index.add(at(9), 9, letter(9, None));
        for owner in [None, Some(Uuid::from_u128(2))] {
            assert!(index.get(owner, at(0)).is_none());
            assert!(!offsets(&index.page(owner, &Filter::default(), None, 10).0).contains(&0));
        }
        assert!(index.get(Some(ORG), at(9)).is_none());
        assert_eq!(offsets(&index.page(None, &Filter::default(), None, 10).0), [9]);
    }

    #[test]
    fn filters_pick() {
        let mut index = index(4);
        index.mark(marker(2));
        index.mark(marker(2));
        index.mark(marker(77));
        let ms = |ms| Some(Timestamp::from_unix_ms(ms));
        for (filter, expected) in [
            (Filter { state: Some(State::Open), ..Filter::default() }, vec![3, 1, 0]),
            (Filter { state: Some(State::Redriven), ..Filter::default() }, vec![2]),
            (Filter { from: ms(1), to: ms(3), ..Filter::default() }, vec![2, 1]),
            (Filter { reason: Some(Reason::NotARecord), ..Filter::default() }, vec![]),
        ] {
            assert_eq!(offsets(&index.page(Some(ORG), &filter, None, 10).0), expected, "{filter:?}");
        }
        assert_eq!((index.open_count(Reason::RefusedByStore), index.oldest_open_ms()), (3, Some(0)));
        let open = Filter { state: Some(State::Open), ..Filter::default() };
        let chosen = index.redrivable(Some(ORG), &open, 2);
        assert_eq!((offsets(&chosen.letters), chosen.more), (vec![0, 1], true));
    }

    #[test]
    fn what_can_not_be_redriven_is_left_out_and_counted() {
        let mut index = index(2);
        for (n, reason) in [(2, Reason::EventIdConflict), (3, Reason::EventIdConflict), (4, Reason::NotARecord)] {
            let mut of = letter(n, Some(ORG));
            of.head.reason = reason;
            if reason == Reason::NotARecord {
                of.content = Content::LeftOut;
            }
            index.add(at(n), n as i64, of);
        }
        let chosen = index.redrivable(Some(ORG), &Filter::default(), 10);
        assert_eq!((offsets(&chosen.letters), chosen.more), (vec![0, 1], false));
        assert_eq!(chosen.left_out, BTreeMap::from([(NotRedrivable::NoRecord, 1), (NotRedrivable::Conflict, 2)]));
    }

    #[test]
    fn what_the_topic_no_longer_keeps_is_forgotten() {
        let mut index = index(6);
        index.mark(marker(1));
        index.forget_before(&BTreeMap::from([(0, PartitionBounds { earliest: 4, end: 6 })]));
        assert_eq!(offsets(&index.page(Some(ORG), &Filter::default(), None, 10).0), [5, 4]);
        assert_eq!((index.open_count(Reason::RefusedByStore), index.oldest_open_ms()), (2, Some(1)));
        index.forget_before(&BTreeMap::from([(0, PartitionBounds { earliest: 6, end: 6 })]));
        assert_eq!((index.owners().count(), index.open_count(Reason::RefusedByStore)), (0, 0));
        assert!(index.sources.is_empty() && index.places.is_empty() && index.orders.is_empty());
    }

    #[test]
    fn of_each_the_newest_are_known() {
        let mut index = index(OF_ONE_MAX as u64);
        index.add(at(1_000_000), 0, letter(1_000_000, None));
        index.add(at(1_000_001), i64::MAX, letter(1_000_001, Some(ORG)));
        assert!(index.get(Some(ORG), at(0)).is_none());
        assert!(index.get(Some(ORG), at(1)).is_some() && index.get(None, at(1_000_000)).is_some());
        assert_eq!(index.of[&Some(ORG)].len(), OF_ONE_MAX);
    }
}
