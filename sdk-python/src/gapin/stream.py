"""The live stream."""
from __future__ import annotations
from typing import Any
class StreamOptions:
    @staticmethod
    def of(a: Any, b: Any) -> StreamOptions: return StreamOptions()
class Stream:
    def __init__(self, a: Any, b: Any) -> None: ...
