//! Key to partition, the same in both logs: Kafka's default (murmur2, then modulo).

use crate::Partition;

/// The partition of a key among `partitions` (at least 1).
///
/// Kafka's own rule, so that records of one key stay together whoever produced them:
/// `murmur2(key) & 0x7fff_ffff` modulo the number of partitions.
pub fn partition_for_key(key: &[u8], partitions: u32) -> Partition {
    (murmur2(key) & 0x7fff_ffff) % partitions.max(1)
}

/// MurmurHash2, 32 bits, with the seed that Kafka's clients use.
fn murmur2(data: &[u8]) -> u32 {
    const M: u32 = 0x5bd1_e995;
    const SEED: u32 = 0x9747_b28c;
    let mut h = SEED ^ data.len() as u32;
    let chunks = data.chunks_exact(4);
    let tail = chunks.remainder();
    for chunk in chunks {
        let mut k = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]).wrapping_mul(M);
        k ^= k >> 24;
        h = h.wrapping_mul(M) ^ k.wrapping_mul(M);
    }
    if !tail.is_empty() {
        for (i, &byte) in tail.iter().enumerate() {
            h ^= u32::from(byte) << (8 * i);
        }
        h = h.wrapping_mul(M);
    }
    h ^= h >> 13;
    h = h.wrapping_mul(M);
    h ^ (h >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of Kafka's own test of its Java client (`UtilsTest.testMurmur2`).
    #[test]
    fn murmur2_is_kafkas() {
        for (key, expected) in [
            ("21", -973_932_308_i32),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ] {
            assert_eq!(murmur2(key.as_bytes()), expected as u32, "{key}");
        }
    }

    #[test]
    fn a_partition_is_always_one_of_the_topics() {
        for partitions in [0, 1, 2, 3, 10, 10_000] {
            for key in [&b""[..], b"a", b"abc", b"abcd", b"\xff\xff\xff\xff\xff"] {
                assert!(partition_for_key(key, partitions) < partitions.max(1));
            }
        }
    }
}
