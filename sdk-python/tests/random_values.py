"""Random JSON that is hard to write alike in every language."""

from __future__ import annotations

from random import Random
from typing import Any

LETTERS = 'ab"\\\n\x00\x1f\x7f é€\u2028\ufb33\uffff😀\U0001d4b3'
HARD = (1e16, 1.5e20, 2.0**53, 1e21, 1e-6, 1e-7, 5e-324, -0.0, 1.7976931348623157e308, 1424953923781206.25)
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
        return chance.randrange(-(2**53) + 1, 2**53)
    if kind in {2, 3}:
        return chance.uniform(-1, 1) * 10.0 ** chance.randrange(-320, 309)
    if kind in {4, 5}:
        return text(chance)
    if kind == 6:
        return [anything(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {text(chance): anything(chance, depth + 1) for _ in range(chance.randrange(5))}
