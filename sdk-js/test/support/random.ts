/** A generator of numbers that a failing run can be repeated with. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Where libraries differ: subnormals, the edges of 2^53, where the exponent begins, halfway cases. */
const HARD = [
  5e-324,
  2.225073858507201e-308,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  -0,
  1e21,
  -1e21,
  1e-6,
  1e-7,
  1e-6 - 2 ** -73,
  2 ** 53 - 1,
  1 - 2 ** 53,
  2 ** 53 - 2,
  2 ** 31,
  0.1 + 0.2,
  1 / 3,
  1424953923781206 + 0.25,
];
/** Whose order by UTF-8 bytes is not that by UTF-16 units, and what looks alike. */
const LETTERS = [
  ...'\ufb33\u{1f600}\uffff\ue000\u{10000}\u{10ffff}\ud7ff\u00e9e\u0301\u2028\u2029\0\x1f\x7f\x80"\\/\ufeff',
];

/** Values that two libraries might write differently. */
export class HardValues {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  below(end: number): number {
    return Math.floor(this.#next() * end);
  }

  number(): number {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setUint32(0, this.below(2 ** 32));
    bits.setUint32(4, this.below(2 ** 32));
    const any = bits.getFloat64(0);
    const picked =
      [any, this.#next(), 10 ** (this.below(617) - 308), this.below(2 ** 53) - 2 ** 52, HARD[this.below(HARD.length)]][
        this.below(5)
      ] ?? 0;
    const size = Math.abs(picked);
    return !Number.isFinite(picked) || (size > Number.MAX_SAFE_INTEGER && size < 1e21) ? 1.5 : picked;
  }

  text(): string {
    const points = Array.from({ length: this.below(12) }, () => {
      if (this.below(3) === 0) return LETTERS[this.below(LETTERS.length)]?.codePointAt(0) ?? 0;
      const point = this.below([0x20, 0x80, 0x800, 0x10000, 0x110000][this.below(5)] ?? 0x80);
      return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    });
    return String.fromCodePoint(...points);
  }

  value(depth: number): unknown {
    const kind = this.below(depth > 0 ? 7 : 5);
    if (kind < 2) return this.number();
    if (kind < 4) return this.text();
    if (kind === 4) return [null, true, false][this.below(3)];
    if (kind === 5) return Array.from({ length: this.below(5) }, () => this.value(depth - 1));
    return Object.fromEntries(Array.from({ length: this.below(6) }, () => [this.text(), this.value(depth - 1)]));
  }

  nested(levels: number): unknown {
    return levels === 0
      ? this.text()
      : this.below(2) === 0
        ? [this.nested(levels - 1)]
        : { [this.text()]: this.nested(levels - 1) };
  }
}
