//! Random JSON that is hard to write alike in every language. From one seed always the same.

use serde_json::{Map, Value, json};

/// Numbers at which libraries differ: subnormals, the edges of 2^53, where the exponent begins, halfway cases.
const HARD: [f64; 22] = [
    5e-324,
    2.225_073_858_507_201e-308,
    2.225_073_858_507_201_4e-308,
    f64::MAX,
    -f64::MAX,
    -0.0,
    1e21,
    9.999_999_999_999_999e20,
    -1e21,
    1e-6,
    1e-7,
    1e-6 - 1.1e-22,
    9_007_199_254_740_992.0,
    9_007_199_254_740_994.0,
    9_007_199_254_740_991.0,
    -9_007_199_254_740_992.0,
    1e16,
    1.5e20,
    0.1 + 0.2,
    1_424_953_923_781_206.0 + 0.25,
    1.0 / 3.0,
    333_333_333.333_333_3,
];

/// Integers at their edges.
const INTEGERS: [i64; 6] = [(1 << 53) - 1, -((1 << 53) - 1), (1 << 53) - 2, (1 << 31), -(1 << 31) - 1, 0];

/// Whose order by UTF-8 bytes is not that by UTF-16 units, and what looks alike.
const LETTERS: [char; 20] = [
    '\u{fb33}',
    '\u{1f600}',
    '\u{ffff}',
    '\u{e000}',
    '\u{10000}',
    '\u{10ffff}',
    '\u{d7ff}',
    '\u{e9}',
    'e',
    '\u{301}',
    '\u{2028}',
    '\u{2029}',
    '\0',
    '\u{1f}',
    '\u{7f}',
    '\u{80}',
    '"',
    '\\',
    '/',
    '\u{feff}',
];

pub struct HardValues {
    state: u64,
}

impl HardValues {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn number(&mut self) -> Value {
        match self.below(5) {
            0 => json!(HARD[self.below(HARD.len())]),
            1 => json!(INTEGERS[self.below(INTEGERS.len())]),
            2 => json!((self.next() % (1 << 54)) as i64 / 2 - (1 << 52)),
            // A fraction of any length, and any exponent.
            3 => json!((self.next() % 1_000_000_007) as f64 / 10_f64.powi(self.below(600) as i32 - 290)),
            _ => {
                // Any bits that are a number.
                let any = f64::from_bits(self.next());
                json!(if any.is_finite() { any } else { 0.5 })
            }
        }
    }

    pub fn text(&mut self) -> String {
        (0..self.below(12)).map(|_| self.letter()).collect()
    }

    fn letter(&mut self) -> char {
        if self.below(3) == 0 {
            return LETTERS[self.below(LETTERS.len())];
        }
        let end = [0x20, 0x80, 0x800, 0x1_0000, 0x11_0000][self.below(5)];
        char::from_u32(self.below(end) as u32).unwrap_or('\u{fffd}')
    }

    pub fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth > 0 { 7 } else { 5 }) {
            0 | 1 => self.number(),
            2 | 3 => self.text().into(),
            4 => [Value::Null, true.into(), false.into()][self.below(3)].clone(),
            5 => (0..self.below(5)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let members: Map<_, _> = (0..self.below(6)).map(|_| (self.text(), self.value(depth - 1))).collect();
                members.into()
            }
        }
    }

    /// So many objects and arrays in one another.
    pub fn nested(&mut self, levels: usize) -> Value {
        match levels {
            0 => self.text().into(),
            _ if self.below(2) == 0 => json!([self.nested(levels - 1)]),
            _ => Value::Object(Map::from_iter([(self.text(), self.nested(levels - 1))])),
        }
    }

    /// An action whose input is any of it; every tenth is nested as deep as an event may be: 64 levels with its own two.
    pub fn event(&mut self, number: usize) -> Value {
        let input = if number.is_multiple_of(10) { self.nested(62) } else { self.value(6) };
        let output: Vec<Value> = (0..5).map(|_| self.number()).collect();
        json!({
            "event_type": "ai.action", "sequence": number, "metadata": {},
            "action": {"function": self.text(), "input": input, "output": output, "latency_ms": 1, "model": "m"},
        })
    }
}
