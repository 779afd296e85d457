//! How large events are.

/// Of all events this share is at most so many bytes large; between two places it goes as a straight line of the
/// logarithm.
pub const SIZES: [(f64, f64); 5] = [(0.0, 450.0), (0.5, 940.0), (0.9, 1_900.0), (0.99, 20_000.0), (1.0, 60_000.0)];

/// The size of the event that this share of all events is not larger than.
pub fn size_at(share: f64) -> usize {
    let share = share.clamp(0.0, 1.0);
    let bytes = SIZES.windows(2).find(|pair| share <= pair[1].0).map_or(SIZES[0].1, |pair| {
        let [(from, low), (to, high)] = [pair[0], pair[1]];
        low * (high / low).powf((share - from) / (to - from))
    });
    bytes.round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_pass_through_their_places_and_only_grow() {
        for (share, bytes) in SIZES {
            assert_eq!(size_at(share), bytes as usize);
        }
        assert!((0..1000).all(|place| size_at(f64::from(place) / 1000.0) <= size_at(f64::from(place + 1) / 1000.0)));
    }
}
