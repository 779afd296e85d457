//! What a member of a group holds, as brokers tell it: in the bytes of Kafka's own protocol for consumers.

use crate::Partition;

/// The partitions of this topic in these bytes, in order; `None` when they are no assignment. They are a version, and
/// for each topic its name and the numbers of the partitions; what newer versions put behind that is left alone.
pub(super) fn partitions(mut bytes: &[u8], topic: &str) -> Option<Vec<Partition>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let _version = take::<2>(&mut bytes)?;
    let mut held = Vec::new();
    for _ in 0..count(&mut bytes)? {
        let length = usize::try_from(i16::from_be_bytes(take(&mut bytes)?)).ok()?;
        let (name, rest) = bytes.split_at_checked(length)?;
        bytes = rest;
        for _ in 0..count(&mut bytes)? {
            let partition = i32::from_be_bytes(take(&mut bytes)?);
            if name == topic.as_bytes() {
                held.push(Partition::try_from(partition).ok()?);
            }
        }
    }
    held.sort_unstable();
    Some(held)
}

fn count(bytes: &mut &[u8]) -> Option<u32> {
    u32::try_from(i32::from_be_bytes(take(bytes)?)).ok()
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_partitions_of_one_topic_are_found_among_others() {
        let mut bytes = vec![0, 3, 0, 0, 0, 2];
        bytes.extend([0, 1, b'a', 0, 0, 0, 1, 0, 0, 0, 9]);
        bytes.extend([0, 2, b'a', b'b', 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 4]);
        bytes.extend([0xff, 0xff, 0xff, 0xff]);
        assert_eq!(partitions(&bytes, "ab"), Some(vec![4, 256]));
        assert_eq!(partitions(&bytes, "a"), Some(vec![9]));
        assert_eq!(partitions(&bytes, "b"), Some(vec![]));
        assert_eq!(partitions(&[], "a"), Some(vec![]));
        assert_eq!(partitions(&bytes[..20], "ab"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused_without_panic(bytes: Vec<u8>) {
            let _ = partitions(&bytes, "a");
        }
    }
}
