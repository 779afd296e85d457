"""Random JSON that is hard to write alike in every language."""

from __future__ import annotations

from random import Random
from typing import Any

LETTERS = 'abe"\\/\n\x00\x1f\x7f\x80 é\u0301€\u2028\u2029\ud7ff\ue000\ufb33\ufeff\uffff\U00010000😀\U0001d4b3\U0010ffff'
HARD = (
    1e16, 1.5e20, 2.0**53, 2.0**53 + 2, -(2.0**53), 1e21, -1e21, 9.999999999999999e20, 1e-6, 1e-7, 9.999999999999999e-7,
    5e-324, 2.225073858507201e-308, 2.2250738585072014e-308, -0.0, 1.7976931348623157e308, 1424953923781206.25, 1 / 3,
)  # fmt: skip
"""Where libraries differ: subnormals, the edges of 2^53, where the exponent begins, halfway cases."""
INTEGERS = (2**53 - 1, -(2**53) + 1, 2**53 - 2, 2**31, 0)
DEPTH_MAX = 6


def text(chance: Random) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(chance.randrange(1, 12)))


def hard(chance: Random) -> list[float]:
    return [chance.choice(HARD) for _ in range(5)]


def anything(chance: Random, depth: int = 0) -> Any:
    kind = chance.randrange(9 if depth < DEPTH_MAX else 6)
    if kind == 0:
        return chance.choice([None, True, False])
    if kind == 1:
        return chance.choice(INTEGERS) if chance.randrange(4) == 0 else chance.randrange(-(2**53) + 1, 2**53)
    if kind in {2, 3}:
        return chance.uniform(-1, 1) * 10.0 ** chance.randrange(-320, 309)
    if kind in {4, 5}:
        return text(chance)
    if kind == 6:
        return [anything(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {text(chance): anything(chance, depth + 1) for _ in range(chance.randrange(5))}


def nested(chance: Random, levels: int) -> Any:
    """So many objects and arrays in one another."""
    value: Any = text(chance)
    for _ in range(levels):
        value = [value] if chance.randrange(2) == 0 else {text(chance): value}
    return value
